"""The sentences of performance: why a figure cannot be computed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.kit.text import Message, message

_SENTENCES: Final = {
    Reason.NO_DATA: "there is nothing in this period to compute from",
    Reason.OPENING_VALUE_MISSING: "the value at the start of the period is missing",
    Reason.CLOSING_VALUE_MISSING: "the value at the end of the period is missing",
    Reason.BOUNDARY_VALUE_MISSING: "the value at the border between two intervals is missing",
    Reason.FLOW_VALUE_MISSING: "an account joined or left at a value that is not known",
    Reason.NO_CAPITAL: "there is a result and no capital that earned it",
    Reason.NEGATIVE_CAPITAL: "the capital at the start is negative, so that a return has no meaning",
    Reason.UNDEFINED_SUB_PERIOD: "one or more days of the period have no return",
    Reason.LOSS_BEYOND_CAPITAL: "more than the whole capital was lost, and what follows cannot be linked",
    Reason.ZERO_VALUE_GAP: "the period is interrupted by days without value; each part has its own return",
    Reason.NEVER_FUNDED: "there was no capital in this period",
    Reason.HISTORY_TOO_SHORT: "the history begins within the period",
    Reason.UNDER_ONE_YEAR: "a return of less than a year is not annualised",
    Reason.NO_SIGN_CHANGE: "all flows go the same way, so that no rate makes them equal",
    Reason.ONE_DAY_ONLY: "all flows are on one day",
    Reason.SEVERAL_ROOTS: "several rates solve the flows; all of them are shown",
    Reason.NO_REAL_ROOT: "no rate solves the flows",
    Reason.TOO_FEW_OBSERVATIONS: "there are too few observations",
    Reason.NO_VARIATION: "the returns do not vary",
    Reason.NO_DOWNSIDE: "no return is below the minimum acceptable one",
    Reason.NO_RISING_PERIODS: "the benchmark rose in none of the periods",
    Reason.NO_FALLING_PERIODS: "the benchmark fell in none of the periods",
    Reason.LEVEL_MISSING: "a level of the benchmark is missing",
    Reason.RATE_MISSING: "an exchange rate is missing",
    Reason.BASIS_MISSING: "the cost basis of a position is not known",
    Reason.DOES_NOT_SUM: "the parts do not sum to the whole",
    Reason.WEIGHTS_DO_NOT_SUM: "the weights do not sum to 100 %",
    Reason.SEGMENT_RETURN_MISSING: "a part with a weight has no return",
    Reason.NOT_LINKABLE: "a period lost everything or more, so that the periods cannot be linked",
    Reason.TOO_LARGE: "the result is too large to be shown",
}
REASONS: Final[Mapping[Reason, Message]] = MappingProxyType(
    {reason: message(f"performance.reason.{reason.lower()}", text) for reason, text in _SENTENCES.items()}
)

TOO_MANY_ACCOUNT_DAYS: Final = message(
    "performance.too_many_account_days",
    "{accounts} accounts x {days} days were asked for, expected at most {limit}; ask for a part of them",
    accounts=int,
    days=int,
    limit=int,
)
