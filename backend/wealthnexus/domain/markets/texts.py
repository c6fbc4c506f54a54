"""The sentences of the markets room."""

from __future__ import annotations

from datetime import date
from typing import Final

from wealthnexus.kit.text import message

# -- prices by hand ------------------------------------------------------------------------------------------

NO_SECURITY: Final = message("markets.no_security", "there is no security {id}; nothing was changed", id=str)
WHOLE_FIRM: Final = message(
    "markets.whole_firm",
    "a price changes the figures of everybody who holds the security; your access is to a part of the firm,"
    " nothing was changed",
)
NOT_A_PRICE: Final = message(
    "markets.not_a_price", "the close is {close}, expected 0 or more; nothing was changed", close=str
)
TOO_FINE: Final = message(
    "markets.too_fine",
    "the close {close} has {places} decimal places, expected at most {limit}; nothing was changed",
    close=str,
    places=int,
    limit=int,
)
TOO_LARGE: Final = message(
    "markets.too_large",
    "the close {close} has more than 18 digits before the point; nothing was changed",
    close=str,
)
OTHER_CURRENCY: Final = message(
    "markets.other_currency",
    "{name} is priced in {expected}, the price given is in {currency}; nothing was changed",
    name=str,
    expected=str,
    currency=str,
)
NO_SUCH_DAY: Final = message(
    "markets.no_such_day",
    "the day is {day, date}, expected {first, date} to the business date {last, date}; nothing was changed",
    day=date,
    first=date,
    last=date,
)
NO_REASON: Final = message(
    "markets.no_reason",
    "the reason has {count} characters, expected 1 to {limit}; nothing was changed",
    count=int,
    limit=int,
)
NO_PRICE: Final = message(
    "markets.no_price",
    "{name} has no price from {source} that stands on {day, date}; nothing was withdrawn",
    name=str,
    source=str,
    day=date,
)
OVERRIDDEN: Final = message(
    "markets.overridden",
    "Priced {name} at {close} {currency} on {day, date} by hand",
    name=str,
    close=str,
    currency=str,
    day=date,
)
WITHDRAWN: Final = message(
    "markets.withdrawn",
    "Withdrew the price {close} {currency} of {name} on {day, date} from {source}",
    close=str,
    currency=str,
    name=str,
    day=date,
    source=str,
)

# -- what is doubtful ----------------------------------------------------------------------------------------

MISSING_PRICE: Final = message(
    "markets.missing_price", "{name} is held and has no price on or before {day, date}", name=str, day=date
)
ZERO_PRICE: Final = message(
    "markets.zero_price", "{name} is held and closed at 0 on {day, date}", name=str, day=date
)
PRICE_JUMP: Final = message(
    "markets.price_jump",
    "{name} closed at {close} on {day, date}, {change}% from {before} on {before_day, date}, and no corporate"
    " action explains it",
    name=str,
    close=str,
    day=date,
    change=str,
    before=str,
    before_day=date,
)
WRONG_CURRENCY: Final = message(
    "markets.wrong_currency",
    "{name} closed at {close} on {day, date} after {before} on {before_day, date}: it is priced in"
    " {currency}, this looks like {unit}",
    name=str,
    close=str,
    day=date,
    before=str,
    before_day=date,
    currency=str,
    unit=str,
)
SOURCE_CONFLICT: Final = message(
    "markets.source_conflict",
    "{name} closed at {close} on {day, date} by {source} and at {other_close} by {other}: {change}% apart",
    name=str, close=str, day=date, source=str, other_close=str, other=str, change=str,
)  # fmt: skip
PRICE_GAP: Final = message(
    "markets.price_gap",
    "{name} has no close of {count, plural, one {# session} other {# sessions}} of {exchange}"
    " from {first, date} to {last, date}",
    name=str,
    count=int,
    exchange=str,
    first=date,
    last=date,
)
STALE_PRICE: Final = message(
    "markets.stale_price",
    "{name} is held and its latest price, {close}, is of {day, date}",
    name=str,
    close=str,
    day=date,
)
NO_LONGER: Final = message("markets.no_longer", "the prices of {day, date} no longer show it", day=date)
JUDGE_TITLE: Final = message("markets.judge_title", "Check the prices of what is held")
DESK_TITLE: Final = message(
    "markets.desk_title",
    "{count, plural, one {# price needs} other {# prices need}} a look",
    count=int,
)
DESK_GROUP: Final = message("markets.desk_group", "Prices to look at")
DESK_ACTION: Final = message("markets.desk_action", "Open the price desk")
FIX: Final = message("markets.fix", "Enter or withdraw a price")

# -- live values ---------------------------------------------------------------------------------------------

TOO_MANY_HOLDINGS: Final = message(
    "markets.too_many_holdings",
    "the subjects hold {count} positions together, expected at most {limit}; watch fewer of them",
    count=int,
    limit=int,
)

# -- resolving -----------------------------------------------------------------------------------------------

UNKNOWN_SCHEME: Final = message(
    "markets.unknown_scheme", "the scheme is {scheme}, expected one of {listed}", scheme=str, listed=str
)
BAD_FORM: Final = message(
    "markets.bad_form", "{value} is no {scheme}: expected {expected}", value=str, scheme=str, expected=str
)
BAD_CHECK_DIGIT: Final = message(
    "markets.bad_check_digit",
    "the check digit of the {scheme} {value} does not hold; {expected} would",
    scheme=str,
    value=str,
    expected=str,
)
OUTSIDE: Final = message(
    "markets.outside",
    "{first, date} to {last, date} is outside {earliest, date} to {latest, date}; nothing was read.",
    first=date,
    last=date,
    earliest=date,
    latest=date,
)
BAD_RANGE: Final = message(
    "markets.bad_range", "from {first, date} is after to {last, date}", first=date, last=date
)
CLOSE_OF = message("markets.evidence_close", "Close of {day, date}", day=date)
