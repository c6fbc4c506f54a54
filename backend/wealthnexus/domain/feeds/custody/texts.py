"""The sentences of reconciliation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.kit.text import message

QUANTITY: Final = message(
    "custody.quantity",
    "{account}: we hold {ours} of {subject} on {day, date}, the custodian {theirs}; difference {difference}",
    account=str, subject=str, day=date, ours=str, theirs=str, difference=str,
)  # fmt: skip
CASH: Final = message(
    "custody.cash",
    "{account}: our cash is {ours} {currency} on {day, date}, the custodian's {theirs}; difference"
    " {difference}",
    account=str, currency=str, day=date, ours=str, theirs=str, difference=str,
)  # fmt: skip
MARKET_VALUE: Final = message(
    "custody.market_value",
    "{account}: {subject} is worth {ours} {currency} to us on {day, date} and {theirs} to the custodian, at"
    " the same quantity: the prices differ by {difference} in value",
    account=str, subject=str, currency=str, day=date, ours=str, theirs=str, difference=str,
)  # fmt: skip
LOTS: Final = message(
    "custody.lots",
    "{account}: the lots of {subject} on {day, date} differ: {ours} here, {theirs} at the custodian;"
    " difference {difference}",
    account=str, subject=str, day=date, ours=str, theirs=str, difference=str,
)  # fmt: skip
NOTHING: Final = message("custody.nothing", "none")
GONE: Final = message("custody.gone", "the books and the custodian agree on {day, date}", day=date)
DECIDED: Final = message("custody.decided", "signed off as {code}: {reason}", code=str, reason=str)

GROUP: Final = message("custody.group", "Differences with the custodian")
ITEM_TITLE: Final = message(
    "custody.item_title",
    "{account} differs from the custodian in {count, plural, one {# figure} other {# figures}}",
    account=str,
    count=int,
)
ACTION: Final = message("custody.action", "Reconcile")
FIX: Final = message("custody.fix", "Open the difference")
JOB_TITLE: Final = message("custody.job_title", "Compare the books with the custodian")

NOW_TITLE: Final = message("custody.now_title", "Compare everything with the custodians")
ASKED_NOW: Final = message("custody.asked_now", "Asked for a comparison of everything with the custodians")
WHOLE_FIRM: Final = message(
    "custody.whole_firm",
    "a comparison is of the whole firm; your access is to a part of it, nothing was started",
)
WAITS_ALREADY: Final = message(
    "custody.waits_already",
    "{name} asked for this sign-off on {day, date} already and it waits for a second person; nothing was"
    " changed",
    name=str,
    day=date,
)

CAUSE_TRADE: Final = message(
    "custody.cause_trade",
    "{kind} of {units} {security} at about {price}, the close of {day, date}, comes to the cash difference of"
    " {cash}: the trade is not in our books",
    kind=str, units=str, security=str, price=str, day=date, cash=str,
)  # fmt: skip
CAUSE_DIVIDEND: Final = message(
    "custody.cause_dividend",
    "{units} {security} times {rate} per unit, paid on {day, date}, comes to {cash}: the dividend is not in"
    " our books",
    units=str, security=str, rate=str, day=date, cash=str,
)  # fmt: skip
CAUSE_FEE: Final = message(
    "custody.cause_fee",
    "the custodian has {cash} of cash and nothing else differs: a charge that is not in our books",
    cash=str,
)
CAUSE_SPLIT: Final = message(
    "custody.cause_split",
    "{units} {security} times {ratio}, the split of {day, date}, is what the custodian holds ({theirs}): the"
    " split is not in our books",
    units=str, security=str, ratio=str, day=date, theirs=str,
)  # fmt: skip
CAUSE_SETTLEMENT: Final = message(
    "custody.cause_settlement",
    "{count, plural, one {# trade settles} other {# trades settle}} after the day, by {day, date}: together"
    " {total}. A custodian that counts by settlement shows it then",
    count=int, day=date, total=str,
)  # fmt: skip
CAUSE_DUPLICATE: Final = message(
    "custody.cause_duplicate",
    "two entries of {day, date} are alike, each {effect}: without one of them both sides agree",
    day=date,
    effect=str,
)
CAUSE_PRICE: Final = message(
    "custody.cause_price",
    "the units agree, the prices do not: ours is {price} of {day, date} from {source}",
    price=str, day=date, source=str,
)  # fmt: skip

NO_BREAK: Final = message("custody.no_break", "there is no difference {id}; nothing was changed", id=str)
READ_ONLY: Final = message(
    "custody.read_only", "your access to this account is for reading; nothing was changed"
)
NO_PERMISSION: Final = message(
    "custody.no_permission",
    "{permission} is not among what your roles allow; nothing was changed",
    permission=str,
)
STALE: Final = message(
    "custody.stale",
    "this difference was changed by somebody else: version {expected} was expected, it is {current}; nothing"
    " was changed",
    expected=int,
    current=int,
)
SIGNED_OFF_ALREADY: Final = message(
    "custody.signed_off_already",
    "this difference was signed off by {name} on {day, date} already; nothing was changed. Reopen it to"
    " decide anew.",
    name=str,
    day=date,
)
CLEARED_ALREADY: Final = message(
    "custody.cleared_already",
    "the books and the custodian agree here again; there is nothing to {act}, nothing was changed",
    act=str,
)
NOT_SIGNED_OFF: Final = message(
    "custody.not_signed_off",
    "this difference is {state}, expected SIGNED_OFF; nothing was changed",
    state=str,
)
NO_OWNER: Final = message(
    "custody.no_owner", "{id} is not an active member of staff; the difference was not assigned", id=str
)
BAD_CODE: Final = message(
    "custody.bad_code",
    "the reason code is {code}, expected one of {listed}; nothing was changed",
    code=str,
    listed=str,
)
NO_REASON: Final = message(
    "custody.no_reason",
    "the reason has {count} characters, expected 1 to {limit}; nothing was changed",
    count=int,
    limit=int,
)
APPROVAL_TITLE: Final = message("custody.approval_title", "Sign off a difference: {what}", what=str)

ASSIGNED: Final = message("custody.assigned", "Assigned a difference of kind {kind}", kind=str)
UNASSIGNED: Final = message("custody.unassigned", "Took a difference of kind {kind} from its owner", kind=str)
SIGNED_OFF: Final = message(
    "custody.signed_off", "Signed off a difference of kind {kind}: {code}", kind=str, code=str
)
REOPENED: Final = message("custody.reopened", "Reopened a difference of kind {kind}", kind=str)


def shown(value: Decimal | None) -> str:
    """Digits in groups of three without trailing zeros; a word for what a side does not have."""
    if value is None:
        return NOTHING()
    return format(value.normalize(), ",f") if value else "0"


def signed(value: Decimal) -> str:
    return f"+{shown(value)}" if value > 0 else shown(value)
