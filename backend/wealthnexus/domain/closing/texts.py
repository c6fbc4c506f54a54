"""The sentences of the close."""

from __future__ import annotations

from datetime import date
from typing import Final

from wealthnexus.kit.text import message

JOB: Final = message("closing.job", "Close the books of {day, date}", day=date)
GROUP: Final = message("closing.group", "A nightly close that failed")
FAILED: Final = message("closing.failed", "The close of {day, date} stopped at {stage}", day=date, stage=str)
FAULT: Final = message(
    "closing.fault",
    "a fault of ours ({name}); it is tried again by itself, and the job's number finds it in the log",
    name=str,
)
LEFT_OUT: Final = message(
    "closing.left_out",
    "{count, plural, one {# thing} other {# things}} could not be computed in the close of {day, date}",
    count=int,
    day=date,
)
LEFT_OUT_DETAIL: Final = message(
    "closing.left_out_detail",
    "A fault of ours in {stage}: the rest was closed, the log names what was left out, and the next close"
    " tries it again.",
    stage=str,
)
LOOK: Final = message("closing.look", "See the close")
RUNS: Final = message("closing.runs", "the close of {day, date} is running; nothing was started", day=date)
AGAIN: Final = message("closing.again", "Started the close of {day, date} again", day=date)
STARTED: Final = message("closing.started", "Started the close of {day, date}", day=date)
WHOLE_FIRM: Final = message(
    "closing.whole_firm", "only who sees the whole firm may close its books; nothing was started"
)
MONTH_CLOSED: Final = message("closing.month_closed", "The month was closed")
UNLIKE_TRANSACTIONS: Final = message(
    "closing.unlike_transactions",
    "{name} holds {shown} of a security where its transactions sum to {summed}",
    name=str,
    shown=str,
    summed=str,
)
CASH_UNLIKE: Final = message(
    "closing.cash_unlike",
    "the cash of {name} is shown as {shown} where its transactions sum to {summed}",
    name=str,
    shown=str,
    summed=str,
)
VALUE_UNLIKE: Final = message(
    "closing.value_unlike",
    "{name} is valued at {shown} where its positions, accrued interest and cash sum to {summed}",
    name=str,
    shown=str,
    summed=str,
)
SLEEVES_UNLIKE: Final = message(
    "closing.sleeves_unlike",
    "the sleeves of {name} sum to {summed} where the account is valued at {shown}",
    name=str,
    shown=str,
    summed=str,
)
DAY_UNLIKE: Final = message(
    "closing.day_unlike",
    "the stored day of {name} is {shown} where the books say {summed}",
    name=str,
    shown=str,
    summed=str,
)
HOLDS_AGAIN: Final = message("closing.holds_again", "it holds again on {day, date}", day=date)
DIFFERS: Final = message(
    "closing.differs",
    "{name}: the net return of {period} to {day, date} was published as {before} and is {after} as the books"
    " are known now",
    name=str,
    period=str,
    day=date,
    before=str,
    after=str,
)
SEE_DIFFERENCE: Final = message("closing.see_difference", "See what changed it")
NO_FIGURE: Final = message("closing.no_figure", "no figure")
