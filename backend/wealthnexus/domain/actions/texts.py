"""The sentences of corporate actions."""

from __future__ import annotations

from datetime import date
from typing import Final

from wealthnexus.kit.text import message

NO_ACTION: Final = message(
    "actions.no_action", "there is no corporate action {id}; nothing was posted", id=str
)
WHOLE_FIRM: Final = message(
    "actions.whole_firm",
    "a corporate action is posted for every account at once, which takes sight of the whole firm;"
    " nothing was posted",
)
NO_REASON: Final = message(
    "actions.no_reason", "the reason has {count} characters, expected 1 to {limit}", count=int, limit=int
)
TO_COME: Final = message(
    "actions.to_come",
    "the ex-date is {day, date}, after the business date {today, date}; nothing was posted",
    day=date,
    today=date,
)
NOTHING_DUE: Final = message(
    "actions.nothing_due",
    "every holding of that day has its entries, or nobody held; nothing was posted",
)
NOTHING_TO_POST: Final = message(
    "actions.nothing_to_post", "{type} of the same security moves no units; nothing was posted", type=str
)
NOT_POSTED_HERE: Final = message(
    "actions.not_posted_here",
    "no entry that stands was posted here for this action; nothing was reversed. What a custodian sent is"
    " corrected entry by entry.",
)
NEEDS_PRICE: Final = message(
    "actions.needs_price", "cash in lieu: expected the cash for one unit; nothing was posted"
)
NOT_A_PRICE: Final = message(
    "actions.not_a_price",
    "expected a price greater than 0, at most 18 digits before the point and 10 after it",
)
NOT_A_FRACTION: Final = message(
    "actions.not_a_fraction", "expected a part of the basis from 0 to 1, at most 12 decimal places"
)
NO_FRACTION_OF: Final = message(
    "actions.no_fraction_of", "expected none for {type}: a spin-off divides the basis", type=str
)
NOT_TAXABLE: Final = message(
    "actions.not_taxable", "expected none for {type}: it is said of a merger", type=str
)

POSTED: Final = message(
    "actions.posted",
    "Posted {type} of {name}, {day, date}: {entries, plural, one {# entry} other {# entries}} in"
    " {accounts, plural, one {# account} other {# accounts}}",
    type=str,
    name=str,
    day=date,
    entries=int,
    accounts=int,
)
REVERSED: Final = message(
    "actions.reversed",
    "Took back {type} of {name}, {day, date}: {entries, plural, one {# entry} other {# entries}} in"
    " {accounts, plural, one {# account} other {# accounts}}",
    type=str,
    name=str,
    day=date,
    entries=int,
    accounts=int,
)

GROUP: Final = message("actions.group", "Corporate actions")
DUE_TITLE: Final = message(
    "actions.due_title",
    "{count, plural, one {# corporate action is due} other {# corporate actions are due}}",
    count=int,
)
DUE_TITLE_LEFT: Final = message(
    "actions.due_title_left",
    "{count, plural, one {# corporate action is due} other {# corporate actions are due}}; the firm's rule"
    " leaves {left, plural, one {# that was} other {# that were}} taken back",
    count=int,
    left=int,
)
DUE_ACTION: Final = message("actions.due_action", "Open the desk")
BY_RULE: Final = message("actions.by_rule", "due, and posted by the firm's rule")
CONTRADICTED: Final = message(
    "actions.contradicted",
    "{name}: {type} of {day, date}; the units of"
    " {count, plural, one {# holding are} other {# holdings are}} not those of the ratio",
    name=str,
    type=str,
    day=date,
    count=int,
)
CONTRADICTED_HERE: Final = message(
    "actions.contradicted_here",
    "{name}: {type} of {day, date}; the units of"
    " {count, plural, one {# holding are} other {# holdings are}} not those of the ratio, and entries were"
    " posted here: where the custodian has sent its own since, take ours back",
    name=str,
    type=str,
    day=date,
    count=int,
)
NO_LONGER: Final = message("actions.no_longer", "no longer so in the books of {day, date}", day=date)
SUSPECTED_SPLIT: Final = message(
    "actions.suspected_split",
    "{name} closed at {close} on {day, date} after {before}: that is a split of {ratio_new} for {ratio_old},"
    " and no corporate action says so",
    name=str,
    close=str,
    day=date,
    before=str,
    ratio_new=int,
    ratio_old=int,
)
CLOSE_OF: Final = message("actions.close_of", "Close of {day, date}", day=date)
SEE_PRICES: Final = message("actions.see_prices", "Look at the prices")
SEE_DESK: Final = message("actions.see_desk", "Open the action")
