"""What the engine says to people."""

from __future__ import annotations

from datetime import datetime

from wealthnexus.kit.text import message

GROUP = message("approvals.group", "Approvals waiting for a second person")
REVIEW = message("approvals.review", "Review")
NOT_FOUND = message("approvals.not_found", "there is no approval {id}; nothing was decided", id=str)
NOT_PENDING = message(
    "approvals.not_pending",
    "{title} is {state} already; your decision was not recorded",
    title=str,
    state=str,
)
STALE = message(
    "approvals.stale",
    "{title} changed while you looked at it: version {expected} was expected, it is {current};"
    " your decision was not recorded",
    title=str,
    expected=int,
    current=int,
)
OTHER_COMMAND = message(
    "approvals.other_command",
    "what you decided on is not what {title} would execute; your decision was not recorded, look again",
    title=str,
)
TAMPERED = message(
    "approvals.tampered",
    "the stored command of {title} no longer matches its hash; it will not be executed, ask for it again",
    title=str,
)
EXPIRED = message(
    "approvals.expired",
    "{title} expired on {when, datetime}; your decision was not recorded, it has to be asked for again",
    title=str,
    when=datetime,
)
OWN_REQUEST = message(
    "approvals.own_request",
    "you asked for {title} yourself: somebody else has to decide; nothing was recorded",
    title=str,
)
DECIDED_ALREADY = message(
    "approvals.decided_already", "you have decided on {title} already; nothing was recorded", title=str
)
NO_PERMISSION = message(
    "approvals.no_permission",
    "{permission} is not among what your roles allow; nothing was recorded",
    permission=str,
)
STEP_UP = message(
    "approvals.step_up", "confirm with a code from your authenticator first; nothing was recorded"
)
REASON_NEEDED = message(
    "approvals.reason_needed",
    "the reason has {count} characters, expected 1 to {limit}; nothing was recorded",
    count=int,
    limit=int,
)
TOO_MANY = message(
    "approvals.too_many",
    "you have {count} requests waiting for approval, at most {limit} are allowed; this one was not made",
    count=int,
    limit=int,
)
ONLY_MAKER = message(
    "approvals.only_maker", "only who asked for {title} may withdraw it; nothing was changed", title=str
)
AUDIT_REQUESTED = message("approvals.audit_requested", "Asked for approval: {title}", title=str)
AUDIT_APPROVED = message("approvals.audit_approved", "Approved: {title}", title=str)
AUDIT_REJECTED = message("approvals.audit_rejected", "Rejected: {title}", title=str)
AUDIT_EXECUTED = message("approvals.audit_executed", "Executed after approval: {title}", title=str)
AUDIT_FAILED = message("approvals.audit_failed", "Approved but could not be executed: {title}", title=str)
AUDIT_CANCELLED = message("approvals.audit_cancelled", "Withdrew the request: {title}", title=str)
AUDIT_MAKER_GONE = message(
    "approvals.audit_maker_gone", "Cancelled, who asked was deactivated: {title}", title=str
)
MAKER_GONE = message("approvals.maker_gone", "The person who asked was deactivated.")
AUDIT_EXPIRED = message("approvals.audit_expired", "Nobody decided in time: {title}", title=str)
