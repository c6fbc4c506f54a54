"""The sentences of the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from wealthnexus.kit.text import message

NO_ACCOUNT: Final = message("ledger.no_account", "there is no account {id}; nothing was posted", id=str)
NO_SECURITY: Final = message("ledger.no_security", "there is no security {id}; nothing was posted", id=str)
NO_TRANSACTION: Final = message(
    "ledger.no_transaction", "there is no transaction {id}; nothing was corrected", id=str
)
NOT_VALID: Final = message(
    "ledger.not_valid",
    "{type}: {count, plural, one {# field is} other {# fields are}} not as expected; nothing was posted",
    type=str,
    count=int,
)
UNKNOWN_TYPE: Final = message("ledger.unknown_type", "expected one of {listed}", listed=str)
AFTER_BUSINESS_DATE: Final = message(
    "ledger.after_business_date", "expected a day up to the business date {day, date}", day=date
)
TOO_MANY_PLACES: Final = message(
    "ledger.too_many_places", "expected at most {places} decimal places", places=int
)
TOO_LARGE: Final = message("ledger.too_large", "expected at most 18 digits before the point")
NO_DIVIDEND: Final = message(
    "ledger.no_dividend",
    "REINVEST: expected a DIVIDEND of this security in this account by {day, date} with the opposite amount",
    day=date,
)
MORE_THAN_HELD: Final = message(
    "ledger.more_than_held",
    "{type} of {quantity}: {held} units were held on {day, date}",
    type=str,
    quantity=str,
    held=str,
    day=date,
)
OTHER_CONTENT: Final = message(
    "ledger.other_content",
    "{external_id} is in the ledger already with other content; nothing was posted. Correct that transaction"
    " instead.",
    external_id=str,
)
ID_TAKEN: Final = message(
    "ledger.id_taken",
    "{external_id} is taken by a transaction that your access does not show; nothing was posted."
    " Use another external id.",
    external_id=str,
)
WAS_REVERSED: Final = message(
    "ledger.was_reversed",
    "{external_id} was posted and reversed; nothing was posted. Use another external id.",
    external_id=str,
)
REVERSED_ALREADY: Final = message(
    "ledger.reversed_already", "the transaction {id} is reversed already; nothing was corrected", id=str
)
IS_A_REVERSAL: Final = message(
    "ledger.is_a_reversal",
    "{id} is itself a reversal; nothing was corrected. Post or correct the transaction that stands.",
    id=str,
)
NOTHING_DIFFERS: Final = message(
    "ledger.nothing_differs", "the replacement says the same as the transaction; nothing was corrected"
)
NO_REASON: Final = message(
    "ledger.no_reason", "the reason has {count} characters, expected 1 to {limit}", count=int, limit=int
)
READ_ONLY: Final = message(
    "ledger.read_only", "your access to this account is for reading; nothing was posted"
)

ONE_OWNER: Final = message("ledger.one_owner", "expected accountId or householdId, and not both")
NO_TIME_ZONE: Final = message(
    "ledger.no_time_zone", "knownAt {instant} has no time zone; expected one", instant=str
)
IN_THE_FUTURE: Final = message(
    "ledger.in_the_future",
    "knownAt {instant} is in the future; expected an instant that has passed",
    instant=str,
)
NO_SUCH_DAY: Final = message(
    "ledger.no_such_day",
    "asOf is {day}; expected a day from {first} to the business date {last}",
    day=date,
    first=date,
    last=date,
)

POSTED: Final = message(
    "ledger.posted",
    "Posted {type} of {day, date}: {amount} {currency}",
    type=str,
    day=date,
    amount=str,
    currency=str,
)
CORRECTED: Final = message(
    "ledger.corrected", "Corrected {type} of {day, date}: {reason}", type=str, day=date, reason=str
)
REVERSED: Final = message(
    "ledger.reversed", "Reversed {type} of {day, date}: {reason}", type=str, day=date, reason=str
)

NO_ACTION_TYPE: Final = message(
    "ledger.no_action_type", "expected none for {type}: it carries out no corporate action", type=str
)
NO_ACTION: Final = message(
    "ledger.no_action", "there is no corporate action {id}; nothing was posted", id=str
)
CARRIED_OUT: Final = message(
    "ledger.carried_out",
    "{source} has given this holding the {type} of the action already; correct that entry instead, nothing"
    " was posted",
    source=str, type=str,
)  # fmt: skip
SLEEVE_SHUT: Final = message(
    "ledger.sleeve_shut",
    "the sleeve {name} takes no entries on {day, date}: it was opened later, or closed; nothing was posted",
    name=str,
    day=date,
)
ONE_END: Final = message(
    "ledger.one_end",
    "it is one end of a move between sleeves, expected both together: move it back instead; nothing was"
    " changed",
)
SAME_SLEEVE: Final = message(
    "ledger.same_sleeve", "both ends are the sleeve {name}, expected two; nothing was posted", name=str
)
CASH_OR_UNITS: Final = message(
    "ledger.cash_or_units",
    "expected either an amount of cash or units of a security, above 0; nothing was posted",
)
NOT_SO_MANY: Final = message(
    "ledger.sleeve_holds_less",
    "the sleeve {name} holds {held} units at the end of {day, date}, expected at least {wanted}; nothing was"
    " posted",
    name=str,
    held=str,
    day=date,
    wanted=str,
)
SLEEVE_OVERDRAWN: Final = message(
    "ledger.sleeve_overdrawn", "the cash of the sleeve {name} falls to {cash} {currency}", name=str, cash=str,
    currency=str,
)  # fmt: skip
JOURNALED: Final = message(
    "ledger.audit_journaled",
    "Journaled {what} from the sleeve {left} to {arrived} on {day, date}",
    what=str,
    left=str,
    arrived=str,
    day=date,
)
NO_SLEEVE: Final = message("ledger.no_sleeve", "the account has no sleeve {id}; nothing was posted", id=str)
NO_RATE: Final = message(
    "ledger.no_rate_on_trade_day",
    "there is no rate of {base} in {quote} by {day, date}: what the units are worth in {quote} is not known",
    base=str,
    quote=str,
    day=date,
)

NEGATIVE_CASH: Final = message(
    "ledger.negative_cash", "the account's cash becomes {amount} {currency}", amount=str, currency=str
)
SHORT_POSITION: Final = message(
    "ledger.short_position", "the account will hold {units} units: more leave than are held", units=str
)
AFTER_CLOSING: Final = message(
    "ledger.after_closing", "the account was closed on {day, date}, before the trade date", day=date
)
BEFORE_OPENING: Final = message(
    "ledger.before_opening", "the account was opened on {day, date}, after the trade date", day=date
)
AMOUNT_FAR: Final = message(
    "ledger.amount_far",
    "quantity x price is {expected} {currency}, the amount is {amount}: the amount counts",
    expected=str,
    currency=str,
    amount=str,
)

TOO_MANY_TOGETHER: Final = message(
    "ledger.too_many_together",
    "{count} accounts belong together, at most {limit} are played in one book of tax lots; nothing was"
    " computed",
    count=int,
    limit=int,
)
TOO_MANY_REACHED: Final = message(
    "ledger.too_many_reached",
    "more than {limit, number} accounts, households and people hang together; no book of tax lots was"
    " computed",
    limit=int,
)
TOO_MANY_ENTRIES: Final = message(
    "ledger.too_many_entries",
    "the {accounts} accounts that belong together have more than {limit} entries, the most that tax lots are"
    " computed of at once; ask for fewer accounts",
    accounts=int,
    limit=int,
)

IDENTICAL_TO_ITSELF: Final = message(
    "ledger.identical_to_itself",
    "a security is identical to itself without saying so; nothing was recorded",
)
ENDS_FIRST: Final = message(
    "ledger.judgement_ends_first",
    "the judgement ends on {last, date}, expected a day after {first, date}; nothing was recorded",
    first=date,
    last=date,
)
JUDGES_FOR_ALL: Final = message(
    "ledger.judges_for_all",
    "a judgement concerns everybody who holds one of the two; your access is to a part of the firm, nothing"
    " was changed",
)
REASON_LENGTH: Final = message(
    "ledger.judgement_reason",
    "the reason has {count} characters, expected 1 to {limit}; nothing was changed",
    count=int,
    limit=int,
)
NO_SUCH_SECURITY: Final = message(
    "ledger.judged_no_security", "there is no security {id}; nothing was recorded", id=str
)
NO_JUDGEMENT: Final = message(
    "ledger.no_judgement", "there is no judgement {id}; nothing was changed", id=str
)
WITHDRAWN_ALREADY: Final = message(
    "ledger.judgement_withdrawn_already", "the judgement was withdrawn already; nothing was changed"
)
JUDGED: Final = message(
    "ledger.judged", "Said of {one} and {other}: {treatment}", one=str, other=str, treatment=str
)
JUDGEMENT_WITHDRAWN: Final = message(
    "ledger.judgement_withdrawn", "Withdrew what was said of {one} and {other}", one=str, other=str
)
CHECK_QUANTITY: Final = message(
    "ledger.check_quantity",
    "the quantity is {quantity}, expected more than 0 and at most 18 digits before the point",
    quantity=str,
)
CHECK_PRICE: Final = message(
    "ledger.check_price",
    "the price is {price}, expected 0 or more and at most 18 digits before the point",
    price=str,
)
CHECK_AMOUNT: Final = message(
    "ledger.check_amount",
    "the trade comes to more {currency} than the books can keep; nothing was reckoned",
    currency=str,
)
CHECK_FAR: Final = message(
    "ledger.check_far", "the trade date is {day, date}, expected {last, date} or earlier", day=date, last=date
)
JUDGED_DAY: Final = message(
    "ledger.judged_day",
    "the first day is {day, date}, expected {first, date} to {last, date}; nothing was recorded",
    day=date,
    first=date,
    last=date,
)
CHECK_NO_PRICE: Final = message(
    "ledger.check_no_price", "{name} has no price on or before {day, date}; name one", name=str, day=date
)
CHECK_NO_RATE: Final = message(
    "ledger.check_no_rate",
    "no exchange rate from {base} to {quote} on or before {day, date}",
    base=str,
    quote=str,
    day=date,
)
CHECK_PAST: Final = message(
    "ledger.check_past",
    "the trade date is {day, date}, expected {today, date} or later",
    day=date,
    today=date,
)

LOTS_GROUP: Final = message("ledger.lots_group", "Tax lots to look at")
LOTS_TITLE: Final = message(
    "ledger.lots_title",
    "{count, plural, one {# tax lot is} other {# tax lots are}} not fully known",
    count=int,
)
LOTS_ACTION: Final = message("ledger.lots_action", "Review")
LOTS_NO_LONGER: Final = message("ledger.lots_no_longer", "no longer so on {day, date}", day=date)
LOTS_JOB: Final = message("ledger.lots_job", "Look at tax lots")
ACTIONS_JOB: Final = message("ledger.actions_job", "Look at corporate actions")


def shown(value: Decimal) -> str:
    """Digits without trailing zeros."""
    return format(value.normalize(), "f") if value else "0"
