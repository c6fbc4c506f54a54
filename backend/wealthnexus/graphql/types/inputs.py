"""What mutations are told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from wealthnexus.domain.identity.permissions import Role
from wealthnexus.graphql.types.enums import (
    AccessScopeKind,
    Decision,
    FindingResolution,
    GrantRelationship,
    TransactionType,
)

_VERSION = "The version you have read; a newer one is a Conflict."
_KEY = "Yours: the same key and the same request give the same answer, another request is a Conflict."
_DRY_RUN = "Check everything, write nothing."
_QUANTITY = "Positive; of a JOURNAL and of corporate actions signed: negative when units leave."
_KEPT = "Left out: as the entry has it."


@strawberry.input
class InviteUserInput:
    email: str
    name: str
    roles: list[Role]
    scope: AccessScopeKind | None = strawberry.field(
        default=None, description="LIMITED: sees only what is granted. Clients always are. Default FIRM."
    )
    party_id: strawberry.ID | None = strawberry.field(
        default=None, description="The person of the book this client is. It opens nothing: grants do."
    )


@strawberry.input
class ChangeUserRolesInput:
    user_id: strawberry.ID
    roles: list[Role] = strawberry.field(description="All the roles the person is to have afterwards.")
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str


@strawberry.input
class DeactivateUserInput:
    user_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str


@strawberry.input
class ResetAuthenticatorInput:
    user_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    reason: str


@strawberry.input
class ResendInvitationInput:
    user_id: strawberry.ID


@strawberry.input
class RevokeSessionInput:
    session_id: strawberry.ID


@strawberry.input
class RevokeOtherSessionsInput:
    user_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose; null or left out: your own, all but this one."
    )


@strawberry.input
class DecideApprovalInput:
    approval_id: strawberry.ID
    decision: Decision
    reason: str | None = None
    command_hash: str = strawberry.field(description="Of the command you have read; another one is refused.")
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class CancelApprovalInput:
    approval_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input(description="An entry as the custodian's statement has it.")
class TransactionDetails:
    type: TransactionType
    trade_date: date
    settlement_date: date | None = None
    security_id: strawberry.ID | None = None
    quantity: Decimal | None = strawberry.field(default=None, description=_QUANTITY)
    price: Decimal | None = None
    amount: Decimal = strawberry.field(description="Signed effect on cash, fees included; authoritative.")
    fees: Decimal | None = None
    description: str | None = None
    accrued_interest: Decimal | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    lot_selection: str | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    related_external_id: str | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    corporate_action_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    order_reference: str | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    exchange_rate: Decimal | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    billed_account_id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)
    is_deep_in_the_money: bool | None = strawberry.field(default=strawberry.UNSET, description=_KEPT)


@strawberry.input
class PostTransactionInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    account_id: strawberry.ID
    type: TransactionType
    trade_date: date
    settlement_date: date | None = None
    security_id: strawberry.ID | None = None
    quantity: Decimal | None = strawberry.field(default=None, description=_QUANTITY)
    price: Decimal | None = None
    amount: Decimal = strawberry.field(description="Signed effect on cash, fees included; authoritative.")
    fees: Decimal | None = None
    description: str | None = None
    external_id: str | None = strawberry.field(
        default=None, description="The source's own id; one is made when left out."
    )
    portfolio_id: strawberry.ID | None = strawberry.field(
        default=None, description="The sleeve; the account's default when left out."
    )
    accrued_interest: Decimal | None = strawberry.field(
        default=None, description="Of a bond bought or sold: part of the amount, and income."
    )
    lot_selection: str | None = strawberry.field(
        default=None, description="A method, or lots with units: `T-17=50; T-18`."
    )
    related_external_id: str | None = strawberry.field(
        default=None, description="The dividend reinvested, the option exercised, the lots' other leg."
    )
    corporate_action_id: strawberry.ID | None = strawberry.field(
        default=None, description="The corporate action it carries out."
    )
    order_reference: str | None = strawberry.field(
        default=None, description="The order of a fill: fills of one buy order do not wash one another."
    )
    exchange_rate: Decimal | None = strawberry.field(
        default=None, description="One of the security's currency in the account's, as the source says."
    )
    billed_account_id: strawberry.ID | None = strawberry.field(
        default=None, description="The account the fee is for, when this one pays it."
    )
    is_deep_in_the_money: bool | None = strawberry.field(
        default=None, description="Of a written put: it counts as buying its underlying."
    )
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.input
class CorrectTransactionInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    transaction_id: strawberry.ID
    replacement: TransactionDetails | None = strawberry.field(
        default=strawberry.UNSET,
        description="What should have been posted; null: only reverse. Must be given.",
    )
    reason: str
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.input
class StartImportInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)
    upload_id: strawberry.ID = strawberry.field(description="From POST /files/uploads.")
    dry_run: bool | None = strawberry.field(default=False, description=_DRY_RUN)


@strawberry.input
class StartExportInput:
    idempotency_key: strawberry.ID = strawberry.field(description=_KEY)


@strawberry.input
class CancelJobInput:
    job_id: strawberry.ID


@strawberry.input
class CompleteWorkItemInput:
    work_item_id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class AssignWorkItemInput:
    work_item_id: strawberry.ID
    assignee_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Null puts it back into the queue. Must be given."
    )
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class ResolveFindingInput:
    finding_id: strawberry.ID
    resolution: FindingResolution
    reason: str
    expected_version: int = strawberry.field(description=_VERSION)


@strawberry.input
class CreateAccessGrantInput:
    principal_id: strawberry.ID
    subject_id: strawberry.ID = strawberry.field(description="A household, account, party, debt or book.")
    relationship: GrantRelationship | None = strawberry.field(
        default=None, description="Left out or null: STAFF for staff, else DELEGATE."
    )
    permissions: list[str]
    effective_from: date | None = strawberry.field(default=None, description="Left out or null: today.")
    effective_to: date | None = None
    reason: str
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input
class RevokeAccessGrantInput:
    access_grant_id: strawberry.ID
    reason: str


@strawberry.input
class RenameHouseholdInput:
    household_id: strawberry.ID
    name: str
    expected_version: int = strawberry.field(description=_VERSION)
