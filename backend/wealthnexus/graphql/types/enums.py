"""Every status and choice of the API."""

from __future__ import annotations

from enum import StrEnum

import strawberry

from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.ledger.rules import Quality

# The rooms' own enumerations, so that their rows need no translation.
strawberry.enum(Role, description="A person's part in the firm.")
strawberry.enum(Quality, description="How far a figure can be relied on.")


@strawberry.enum(description="Staff of the firm or one of its clients.")
class PrincipalKind(StrEnum):
    STAFF = "STAFF"
    CLIENT = "CLIENT"


@strawberry.enum(description="Which days a history is drawn at.")
class HistoryStep(StrEnum):
    WEEKDAY = "WEEKDAY"
    MONTH_END = "MONTH_END"


@strawberry.enum(description="Whether somebody sees the whole firm or only what was granted.")
class AccessScopeKind(StrEnum):
    FIRM = "FIRM"
    LIMITED = "LIMITED"


@strawberry.enum(description="What the person of a grant is to the one whose things are shared.")
class GrantRelationship(StrEnum):
    SELF = "SELF"
    SPOUSE = "SPOUSE"
    PARENT = "PARENT"
    GUARDIAN = "GUARDIAN"
    TRUSTEE = "TRUSTEE"
    EXECUTOR = "EXECUTOR"
    ATTORNEY = "ATTORNEY"
    ACCOUNTANT = "ACCOUNTANT"
    DELEGATE = "DELEGATE"
    STAFF = "STAFF"


@strawberry.enum(description="How a subject was reached from the one before it.")
class AccessStepKind(StrEnum):
    GRANTED = "GRANTED"
    BOOK_BELOW = "BOOK_BELOW"
    ASSIGNED = "ASSIGNED"
    ACCOUNT_HOUSEHOLD = "ACCOUNT_HOUSEHOLD"
    HOUSEHOLD_ACCOUNT = "HOUSEHOLD_ACCOUNT"
    HOUSEHOLD_LIABILITY = "HOUSEHOLD_LIABILITY"
    MEMBER = "MEMBER"
    OWNER = "OWNER"
    ENTITY = "ENTITY"
    DEBTOR = "DEBTOR"
    ACCOUNT_OWNER = "ACCOUNT_OWNER"
    LIABILITY_DEBTOR = "LIABILITY_DEBTOR"


@strawberry.enum(description="What the viewer may do to the object that carries it, as it stands now.")
class Capability(StrEnum):
    INVITE_USER = "INVITE_USER"
    CHANGE_ROLES = "CHANGE_ROLES"
    RESET_AUTHENTICATOR = "RESET_AUTHENTICATOR"
    REVOKE_SESSION = "REVOKE_SESSION"
    DEACTIVATE_USER = "DEACTIVATE_USER"
    DECIDE_APPROVAL = "DECIDE_APPROVAL"
    CANCEL_APPROVAL = "CANCEL_APPROVAL"
    POST_TRANSACTION = "POST_TRANSACTION"
    CORRECT_TRANSACTION = "CORRECT_TRANSACTION"
    START_IMPORT = "START_IMPORT"
    CANCEL_JOB = "CANCEL_JOB"
    COMPLETE_WORK_ITEM = "COMPLETE_WORK_ITEM"
    ASSIGN_WORK_ITEM = "ASSIGN_WORK_ITEM"
    RESOLVE_FINDING = "RESOLVE_FINDING"
    VIEW_AUDIT = "VIEW_AUDIT"
    MANAGE_GRANTS = "MANAGE_GRANTS"
    EDIT_HOUSEHOLD = "EDIT_HOUSEHOLD"
    EDIT_PARTY = "EDIT_PARTY"
    EDIT_OWNERS = "EDIT_OWNERS"
    EDIT_LIABILITY = "EDIT_LIABILITY"
    ASSIGN_BOOK = "ASSIGN_BOOK"
    REVEAL_SENSITIVE = "REVEAL_SENSITIVE"
    WRITE_NOTE = "WRITE_NOTE"
    TAG = "TAG"
    OVERRIDE_PRICE = "OVERRIDE_PRICE"
    ASSIGN_BREAK = "ASSIGN_BREAK"
    SIGN_OFF_BREAK = "SIGN_OFF_BREAK"
    REOPEN_BREAK = "REOPEN_BREAK"
    POST_CORPORATE_ACTION = "POST_CORPORATE_ACTION"
    REVERSE_CORPORATE_ACTION = "REVERSE_CORPORATE_ACTION"
    RUN_CLOSE = "RUN_CLOSE"
    PUBLISH_FIGURES = "PUBLISH_FIGURES"


@strawberry.enum(description="Why a change was refused.")
class ErrorCode(StrEnum):
    VALIDATION_FAILED = "VALIDATION_FAILED"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    POLICY_BLOCKED = "POLICY_BLOCKED"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    EXPIRED = "EXPIRED"


@strawberry.enum
class SortDirection(StrEnum):
    ASC = "ASC"
    DESC = "DESC"


@strawberry.enum(description="A live firm's business date is today; a demo firm's is pinned.")
class ClockKind(StrEnum):
    LIVE = "LIVE"
    DEMO = "DEMO"


@strawberry.enum
class HouseholdOrderField(StrEnum):
    NAME = "NAME"
    MARKET_VALUE = "MARKET_VALUE"
    CASH = "CASH"
    ACCOUNT_COUNT = "ACCOUNT_COUNT"
    OPENED_ON = "OPENED_ON"


@strawberry.enum
class AccountOrderField(StrEnum):
    NAME = "NAME"
    MARKET_VALUE = "MARKET_VALUE"
    OPENED_ON = "OPENED_ON"


@strawberry.enum
class TransactionOrderField(StrEnum):
    TRADE_DATE = "TRADE_DATE"
    RECORDED_AT = "RECORDED_AT"


@strawberry.enum
class TransactionStatus(StrEnum):
    EFFECTIVE = "EFFECTIVE"
    REVERSED = "REVERSED"
    REVERSAL = "REVERSAL"


@strawberry.enum
class TransactionType(StrEnum):
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    TRANSFER_IN = "TRANSFER_IN"
    TRANSFER_OUT = "TRANSFER_OUT"
    BUY = "BUY"
    SELL = "SELL"
    SHORT = "SHORT"
    COVER = "COVER"
    DIVIDEND = "DIVIDEND"
    REINVEST = "REINVEST"
    INTEREST = "INTEREST"
    ADVISORY_FEE = "ADVISORY_FEE"
    EXPENSE = "EXPENSE"
    TAX = "TAX"
    RETURN_OF_CAPITAL = "RETURN_OF_CAPITAL"
    JOURNAL = "JOURNAL"
    EXERCISE = "EXERCISE"
    ASSIGNMENT = "ASSIGNMENT"
    EXPIRATION = "EXPIRATION"
    SPLIT = "SPLIT"
    STOCK_DIVIDEND = "STOCK_DIVIDEND"
    SPIN_OFF = "SPIN_OFF"
    MERGER = "MERGER"
    SYMBOL_CHANGE = "SYMBOL_CHANGE"
    CASH_IN_LIEU = "CASH_IN_LIEU"


@strawberry.enum
class SearchKind(StrEnum):
    HOUSEHOLD = "HOUSEHOLD"
    PARTY = "PARTY"
    ACCOUNT = "ACCOUNT"
    SECURITY = "SECURITY"
    USER = "USER"


@strawberry.enum
class UserStatus(StrEnum):
    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    DEACTIVATED = "DEACTIVATED"


@strawberry.enum
class Severity(StrEnum):
    INFO = "INFO"
    WARNING = "WARNING"
    BREACH = "BREACH"


@strawberry.enum
class WorkState(StrEnum):
    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="Whose work: assigned to you, to your roles, or the firm's.")
class WorkScope(StrEnum):
    MINE = "MINE"
    TEAM = "TEAM"
    FIRM = "FIRM"


@strawberry.enum
class FindingState(StrEnum):
    OPEN = "OPEN"
    RESOLVED = "RESOLVED"
    DISMISSED = "DISMISSED"


@strawberry.enum
class FindingResolution(StrEnum):
    RESOLVED = "RESOLVED"
    DISMISSED = "DISMISSED"


@strawberry.enum
class ApprovalState(StrEnum):
    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    EXECUTED = "EXECUTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"


@strawberry.enum
class Decision(StrEnum):
    APPROVE = "APPROVE"
    REJECT = "REJECT"


@strawberry.enum
class JobState(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="A period that ends with the day asked for; CUSTOM begins with `from`.")
class PerformancePeriod(StrEnum):
    MTD = "MTD"
    QTD = "QTD"
    YTD = "YTD"
    ONE_YEAR = "1Y"
    THREE_YEARS = "3Y"
    FIVE_YEARS = "5Y"
    TEN_YEARS = "10Y"
    ITD = "ITD"
    CUSTOM = "CUSTOM"


@strawberry.enum(description="Into which parts a return is divided.")
class ContributionBy(StrEnum):
    SECURITY = "SECURITY"
    ASSET_CLASS = "ASSET_CLASS"
    SECTOR = "SECTOR"
    CURRENCY = "CURRENCY"
    ACCOUNT = "ACCOUNT"
