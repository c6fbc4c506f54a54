"""What mutations answer: a success or one of the failures the caller can act on."""

from __future__ import annotations

from typing import Annotated

import strawberry

from wealthnexus.graphql.types.approvals import Approval
from wealthnexus.graphql.types.book import Household
from wealthnexus.graphql.types.failures import (
    Conflict,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    StepUpRequired,
    ValidationFailed,
)
from wealthnexus.graphql.types.jobs import Job
from wealthnexus.graphql.types.ledger import Transaction, TransactionPreview
from wealthnexus.graphql.types.people import AccessGrant, User
from wealthnexus.graphql.types.portal import ClientRequest
from wealthnexus.graphql.types.work import Finding, WorkItem


@strawberry.type
class InviteUserSuccess:
    user: User


@strawberry.type(description="Accepted, once a second person agrees.")
class ApprovalRequested:
    approval: Approval


@strawberry.type
class DeactivateUserSuccess:
    user: User


@strawberry.type
class ResendInvitationSuccess:
    user: User


@strawberry.type
class SendRequestSuccess:
    request: ClientRequest


@strawberry.type
class RevokeSessionSuccess:
    session_id: strawberry.ID


@strawberry.type
class RevokeOtherSessionsSuccess:
    revoked_count: int


@strawberry.type
class DecideApprovalSuccess:
    approval: Approval


@strawberry.type
class CancelApprovalSuccess:
    approval: Approval


@strawberry.type
class PostTransactionSuccess:
    transaction: Transaction | None = strawberry.field(description="Null on a dry run.")
    preview: TransactionPreview
    dry_run: bool


@strawberry.type
class CorrectTransactionSuccess:
    reversal: Transaction | None = strawberry.field(description="Null on a dry run.")
    replacement: Transaction | None = strawberry.field(
        description="Null on a dry run and when the entry was only reversed."
    )
    preview: TransactionPreview
    dry_run: bool


@strawberry.type(description="The work was accepted; follow it with `jobProgress`.")
class JobAccepted:
    job: Job


@strawberry.type
class CancelJobSuccess:
    job: Job


@strawberry.type
class CompleteWorkItemSuccess:
    work_item: WorkItem


@strawberry.type
class AssignWorkItemSuccess:
    work_item: WorkItem


@strawberry.type
class ResolveFindingSuccess:
    finding: Finding


@strawberry.type
class CreateAccessGrantSuccess:
    access_grant: AccessGrant


@strawberry.type
class RevokeAccessGrantSuccess:
    access_grant: AccessGrant


@strawberry.type
class RenameHouseholdSuccess:
    household: Household


InviteUserPayload = Annotated[
    InviteUserSuccess | ValidationFailed | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("InviteUserPayload"),
]
ChangeUserRolesPayload = Annotated[
    ApprovalRequested
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("ChangeUserRolesPayload"),
]
ResetAuthenticatorPayload = Annotated[
    ApprovalRequested
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("ResetAuthenticatorPayload"),
]
DeactivateUserPayload = Annotated[
    DeactivateUserSuccess
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("DeactivateUserPayload"),
]
ResendInvitationPayload = Annotated[
    ResendInvitationSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ResendInvitationPayload"),
]
SendRequestPayload = Annotated[
    SendRequestSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("SendRequestPayload"),
]
RevokeSessionPayload = Annotated[
    RevokeSessionSuccess | StepUpRequired | ValidationFailed | NotFound | PermissionDenied | LimitExceeded,
    strawberry.union("RevokeSessionPayload"),
]
RevokeOtherSessionsPayload = Annotated[
    RevokeOtherSessionsSuccess
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("RevokeOtherSessionsPayload"),
]
DecideApprovalPayload = Annotated[
    DecideApprovalSuccess
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded
    | Expired,
    strawberry.union("DecideApprovalPayload"),
]
CancelApprovalPayload = Annotated[
    CancelApprovalSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | LimitExceeded
    | Expired,
    strawberry.union("CancelApprovalPayload"),
]
PostTransactionPayload = Annotated[
    PostTransactionSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | StepUpRequired
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("PostTransactionPayload"),
]
CorrectTransactionPayload = Annotated[
    CorrectTransactionSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | StepUpRequired
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("CorrectTransactionPayload"),
]
StartImportPayload = Annotated[
    JobAccepted | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded | Expired,
    strawberry.union("StartImportPayload"),
]
StartExportPayload = Annotated[
    JobAccepted | StepUpRequired | ValidationFailed | Conflict | PermissionDenied | LimitExceeded | Expired,
    strawberry.union("StartExportPayload"),
]
CancelJobPayload = Annotated[
    CancelJobSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("CancelJobPayload"),
]
CompleteWorkItemPayload = Annotated[
    CompleteWorkItemSuccess
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("CompleteWorkItemPayload"),
]
AssignWorkItemPayload = Annotated[
    AssignWorkItemSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("AssignWorkItemPayload"),
]
ResolveFindingPayload = Annotated[
    ResolveFindingSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("ResolveFindingPayload"),
]
CreateAccessGrantPayload = Annotated[
    CreateAccessGrantSuccess
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PolicyBlocked
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("CreateAccessGrantPayload"),
]
RevokeAccessGrantPayload = Annotated[
    RevokeAccessGrantSuccess
    | StepUpRequired
    | ValidationFailed
    | NotFound
    | Conflict
    | PermissionDenied
    | LimitExceeded,
    strawberry.union("RevokeAccessGrantPayload"),
]
RenameHouseholdPayload = Annotated[
    RenameHouseholdSuccess | ValidationFailed | NotFound | Conflict | PermissionDenied | LimitExceeded,
    strawberry.union("RenameHouseholdPayload"),
]
