import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache'

const embedded = () => null

/** Types that have no identity of their own: they live inside what holds them. */
export const EMBEDDED: readonly string[] = [
  // These have an id, of something else or of no fixed day: a position is the same thing on every date.
  'HouseholdRef', 'AccountRef', 'SearchHit', 'ActorRef', 'SubjectRef', 'ExplainSource', 'PageInfo', 'Position', 'Liability',
  'ApprovalDecision', 'ApprovalRequested', 'AssignWorkItemSuccess', 'AuditChainStatus', 'BlockingFinding',
  'CancelApprovalSuccess', 'CancelJobSuccess', 'CompleteWorkItemSuccess', 'Conflict', 'CorrectTransactionSuccess',
  'CreateAccessGrantSuccess', 'DeactivateUserSuccess', 'DecideApprovalSuccess', 'Expired', 'Explain', 'ExplainInput',
  'FigureReason', 'FindingEvidence', 'FindingFix', 'FirmLimit', 'Identifier', 'InviteUserSuccess', 'JobAccepted',
  'JobProgressEvent', 'LimitExceeded', 'Money', 'MoneyFigure', 'NotFound', 'PermissionDenied', 'PolicyBlocked',
  'PostTransactionSuccess', 'Price', 'Problem', 'Provenance', 'RenameHouseholdSuccess', 'ResendInvitationSuccess',
  'ResolveFindingSuccess', 'RevokeAccessGrantSuccess', 'RevokeOtherSessionsSuccess', 'RevokeSessionSuccess', 'SearchGroup',
  'SearchResults', 'StepUpRequired', 'TransactionPreview', 'ValidationFailed', 'ValuePoint', 'WorkGroup', 'WorkQueueEvent',
  'WorkSummary',
  // Who owns what: a line, an owner and an edge of a sheet or a graph are nothing outside of it.
  'AccountBeneficiary', 'AccountOwner', 'BalanceLine', 'BalanceOwner', 'BalanceSheet', 'BookAssignment', 'ExchangeCalendar',
  'ExchangeDay', 'HouseholdMember', 'LiabilityOwner', 'OwnerShare', 'OwnershipEdge', 'OwnershipGraph', 'OwnershipNode',
  'PartyContact', 'PartyHousehold', 'PartyOwnership', 'PartyRef', 'PartyRelationship', 'PricePoint', 'SecurityHolder', 'Tag',
  'AddNoteSuccess', 'EditNoteSuccess', 'RemoveNoteSuccess', 'RevealSensitiveSuccess', 'TagSubjectsSuccess', 'UntagSubjectsSuccess',
  'AccessPath', 'AccessPreview', 'AccessStep', 'SeenPart', 'SharePreview', 'ShownCount', 'ShownSubject', 'SubjectViewer', 'SubjectViewers',
  'AddHouseholdAccountSuccess', 'AddHouseholdMemberSuccess',
  'AssignAccountsSuccess', 'CreateAccountSuccess',
  'CreateBookSuccess', 'CreateHouseholdSuccess', 'CreateLiabilitySuccess', 'CreatePartySuccess', 'DeleteViewSuccess',
  'EndHouseholdAccountSuccess', 'EndHouseholdMembershipSuccess', 'EndRelationshipSuccess', 'LivePosition', 'LiveValue',
  'OverridePriceSuccess', 'PriceChange', 'RecordLiabilityBalanceSuccess', 'RelatePartiesSuccess', 'SaveViewSuccess',
  'SecurityNaming', 'SecurityResolution', 'SetAccountBeneficiariesSuccess', 'SetAccountOwnersSuccess',
  'SetPartyContactsSuccess', 'SetPartyOwnershipSuccess', 'UpdatePartySuccess', 'ValuesEvent', 'WithdrawPriceSuccess',
  'HouseholdTile', 'HouseholdTiles', 'AssignedBook', 'AssignmentBefore',
  'AccountHousehold', 'CloseAccountSuccess', 'LiabilityBalance', 'Registration', 'RegistrationRole', 'SetLiabilityOwnersSuccess',
  'SetPartyOwnersSuccess', 'UpdateAccountSuccess', 'UpdateLiabilitySuccess',
  // The same grant is given and taken back: one id, two entries.
  'TimelineEntry',
  'AssignBreakSuccess', 'CreateImportDraftSuccess', 'CustodianEvidence', 'CustodianRow', 'DiscardImportDraftSuccess',
  // What was opened to a person, whatever day it is looked at.
  'ClientRequest', 'SendRequestSuccess', 'ViewerAccess', 'ViewerNeed', 'Worth', 'WorthChange',
  'DraftCell', 'DraftColumn', 'DraftConstant', 'DraftFile', 'DraftHeader', 'DraftProblem', 'DraftRow', 'DraftVerdictCount', 'BundleFile', 'BundleColumn', 'ImportCount', 'UndoPreview', 'UndoBlocker',
  'ReplaceInImportDraftSuccess', 'SkipImportDraftRowsSuccess',
  'MapImportDraftSuccess', 'MendImportDraftSuccess', 'Reconciliation', 'ReopenBreakSuccess', 'SignOffBreakSuccess',
  'BreakCause', 'CustodianLotRow', 'FxRate', 'PriceCoverage', 'PriceWord', 'ReconciledAccount', 'ReconciledDay', 'SuggestedEntry', 'WaitingSignOff',
]

/**
 * A dated answer is a different object: a household as of March is not the household as of today. What carries its own
 * `asOf` is keyed by it, so that two dates on one page never mix.
 */
function dated(data: { id?: unknown; asOf?: unknown }): string | null {
  if (typeof data.id !== 'string') return null
  return typeof data.asOf === 'string' ? `${data.id}@${data.asOf}` : data.id
}

const keys: KeyingConfig = {
  ...Object.fromEntries(EMBEDDED.map((name) => [name, embedded])),
  Household: dated,
  Account: dated,
  Party: dated,
}

/** Which types a fragment on an interface reads; without it the cache would guess, and drop what a refusal says. */
export const POSSIBLE_TYPES = {
  Error: ['Conflict', 'Expired', 'LimitExceeded', 'NotFound', 'PermissionDenied', 'PolicyBlocked', 'StepUpRequired', 'ValidationFailed'],
  Node: ['AccessGrant', 'Account', 'Approval', 'AuditEvent', 'Finding', 'Household', 'Job', 'Liability', 'Party', 'ReconciliationBreak', 'Security', 'Transaction', 'User', 'WorkItem'],
}

/** Normalised answers for pages of up to 200 rows; bigger grids use the bulk client. */
export const normalisedCache = () => cacheExchange({ keys, possibleTypes: POSSIBLE_TYPES })
