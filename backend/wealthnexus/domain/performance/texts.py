"""The sentences of performance: why a figure cannot be computed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
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
    Reason.NO_BENCHMARK: "on some days of the period nothing was agreed to be measured beside",
    Reason.SPLIT_OFF: "a part of the benchmark was spun off or merged, which its level does not follow",
    Reason.RATE_MISSING: "an exchange rate is missing",
    Reason.BASIS_MISSING: "the cost basis of a position is not known",
    Reason.TOO_MANY_TOGETHER: "too many accounts belong together to follow what was paid in them",
    Reason.DOES_NOT_SUM: "the parts do not sum to the whole",
    Reason.WEIGHTS_DO_NOT_SUM: "the weights do not sum to 100 %",
    Reason.SEGMENT_RETURN_MISSING: "a part with a weight has no return",
    Reason.NOT_LINKABLE: "a period lost everything or more, so that the periods cannot be linked",
    Reason.TOO_LARGE: "the result is too large to be shown",
    Reason.NOT_A_YEAR: "the year is not whole, so that its returns are not compared",
}
REASONS: Final[Mapping[Reason, Message]] = MappingProxyType(
    {reason: message(f"performance.reason.{reason.lower()}", text) for reason, text in _SENTENCES.items()}
)

DAYS_JOB: Final = message("performance.days_job", "Value the accounts day by day")
TOO_MANY_STAYS: Final = message(
    "performance.too_many_stays",
    "the composite has more than {limit} stays of accounts; make several of it",
    limit=int,
)
TOO_MANY_ACCOUNT_DAYS: Final = message(
    "performance.too_many_account_days",
    "{accounts} accounts x {days} days were asked for, expected at most {limit}; ask for a part of them",
    accounts=int,
    days=int,
    limit=int,
)
WHOLE_FIRM: Final = message(
    "performance.whole_firm", "only who sees the whole firm may change this; nothing was changed"
)
NO_REASON: Final = message(
    "performance.no_reason", "a reason of 1 to {limit} characters is needed; nothing was changed", limit=int
)
NAME: Final = message(
    "performance.name",
    "a name of 1 to {limit} characters on one line is needed; nothing was changed",
    limit=int,
)
NAME_TAKEN: Final = message(
    "performance.name_taken", "{name} is there already; nothing was changed", name=str
)
NO_SECURITY: Final = message("performance.no_security", "there is no such security; nothing was changed")
NO_BENCHMARK: Final = message("performance.no_benchmark", "there is no such benchmark; nothing was changed")
COMPONENTS: Final = message(
    "performance.components", "a benchmark has 1 to {limit} components; nothing was changed", limit=int
)
ONE_COMPONENT: Final = message(
    "performance.one_component",
    "a component is a security or a yearly rate above -100 %, one of them; nothing was changed",
)
WEIGHT: Final = message(
    "performance.weight",
    "a weight is above 0 and at most 1 with {places} places, a rate above -1 and at most {most};"
    " nothing was changed",
    places=int,
    most=Decimal,
)
DAY: Final = message(
    "performance.day",
    "{day, date} is not between {first, date} and {last, date}; nothing was changed",
    day=date,
    first=date,
    last=date,
)
ONE_LEVEL: Final = message(
    "performance.one_level", "conventions are of a household or of a report, not of both; nothing was changed"
)
NO_GROUP: Final = message("performance.no_group", "there is no such group; nothing was changed")
NOTHING_TO_CHANGE: Final = message(
    "performance.nothing_to_change", "accounts join or leave, each of them one of both; nothing was changed"
)
MEMBERS_OTHERWISE: Final = message(
    "performance.members_otherwise",
    "on {day, date} one of the accounts is there already, or is not there to leave; nothing was changed",
    day=date,
)
GROUP_CHANGED: Final = message(
    "performance.group_changed", "Changed the accounts of {name} from {day, date}", name=str, day=date
)
WEIGHTS: Final = message(
    "performance.weights",
    "the weights from {day, date} sum to {total}, expected 1; nothing was changed",
    day=date,
    total=Decimal,
)
BENCHMARK_CREATED: Final = message("performance.benchmark_created", "Made the benchmark {name}", name=str)
BENCHMARK_CHANGED: Final = message("performance.benchmark_changed", "Changed the benchmark {name}", name=str)
BENCHMARK_CHANGED_SINCE: Final = message(
    "performance.benchmark_changed_since",
    "somebody changed the benchmark since, it is at version {version}; nothing was changed",
    version=int,
)
BENCHMARK_ASSIGNED: Final = message(
    "performance.benchmark_assigned", "Measured beside {name} from {day, date}", name=str, day=date
)
POLICY_CHANGED: Final = message(
    "performance.policy_changed",
    "the conventions were changed since; version {number} holds now; nothing was changed",
    number=int,
)
POLICY_SET: Final = message(
    "performance.policy_set", "Set conventions of calculation, version {number} {name}", number=int, name=str
)
TOO_MANY_CHANGES: Final = message(
    "performance.too_many_changes", "at most {limit} conventions are changed; nothing was changed", limit=int
)
NO_SUCH_CHOICE: Final = message("performance.no_such_choice", "{said}; nothing was changed", said=str)
NO_HOUSEHOLD: Final = message("performance.no_household", "there is no such household; nothing was changed")
NO_ACCOUNT: Final = message(
    "performance.no_account", "one of the accounts is not there for you; nothing was changed"
)
GROUP_SIZE: Final = message(
    "performance.group_size", "a group has 1 to {limit} accounts; nothing was changed", limit=int
)
GROUP_CREATED: Final = message(
    "performance.group_created",
    "Made the group {name} of {count, plural, one {# account} other {# accounts}}",
    name=str,
    count=int,
)
CASH: Final = message("performance.cash", "Cash")
FEES: Final = message("performance.fees", "Advisory fees")
NOT_OF_AN_ACCOUNT: Final = message("performance.not_of_an_account", "Not of an account")
PUBLISHED_SCOPES: Final = message(
    "performance.published_scopes",
    "figures are published of a household or an account; nothing was published",
)
NO_SCOPE: Final = message(
    "performance.no_scope", "there is no such household or account for you; nothing was published"
)
NOTHING_TO_PUBLISH: Final = message(
    "performance.nothing_to_publish",
    "nothing was invested by {day, date}, so there is nothing to publish",
    day=date,
)
PUBLISHED_SINCE: Final = message(
    "performance.published_since",
    "the figures for {day, date} were published since, as number {number}; look at them and ask again;"
    " nothing was published",
    day=date,
    number=int,
)
PUBLISHED: Final = message(
    "performance.published",
    "Published the figures of {name} for {day, date}, number {number}",
    name=str,
    day=date,
    number=int,
)
PUBLISHED_ANEW: Final = message(
    "performance.published_anew", "the figures were published anew, as number {number}", number=int
)
DESCRIPTION: Final = message(
    "performance.description",
    "a description of 1 to {limit} characters is needed; nothing was changed",
    limit=int,
)
MINIMUM: Final = message(
    "performance.minimum",
    "a minimum is above 0 and has at most {places} decimals; nothing was changed",
    places=int,
)
NO_COMPOSITE: Final = message("performance.no_composite", "there is no such composite; nothing was changed")
MEMBERS_AT_ONCE: Final = message(
    "performance.members_at_once",
    "1 to {limit} accounts join or leave at once, each named once; nothing was changed",
    limit=int,
)
BELONGS_ALREADY: Final = message(
    "performance.belongs_already",
    "one of the accounts belongs on {day, date} or later already; nothing was changed",
    day=date,
)
BELONGS_NOT: Final = message(
    "performance.belongs_not",
    "one of the accounts does not belong on {day, date} or later; nothing was changed",
    day=date,
)
COMPOSITE_CREATED: Final = message("performance.composite_created", "Made the composite {name}", name=str)
COMPOSITE_JOINED: Final = message(
    "performance.composite_joined",
    "{count, plural, one {# account joins} other {# accounts join}} the composite {name} from {day, date}",
    name=str,
    count=int,
    day=date,
)
COMPOSITE_LEFT: Final = message(
    "performance.composite_left",
    "{count, plural, one {# account leaves} other {# accounts leave}} the composite {name} from {day, date}",
    name=str,
    count=int,
    day=date,
)
UNPRICED_FROM: Final = message(
    "performance.unpriced_from",
    "{label} has no price from {first, date} to {last, date}",
    label=str,
    first=date,
    last=date,
)
STALE_PRICE: Final = message(
    "performance.stale_price",
    "from {first, date} to {last, date} the latest price of {label} is of {day, date}",
    label=str,
    day=date,
    first=date,
    last=date,
)
STALE_RATE: Final = message(
    "performance.stale_rate",
    "from {first, date} to {last, date} the latest exchange rate for {label} is of {day, date}",
    label=str,
    day=date,
    first=date,
    last=date,
)
NO_ACCRUED: Final = message(
    "performance.no_accrued",
    "from {first, date} to {last, date} {label} is valued without accrued interest, which its terms do not"
    " tell and which counts when paid",
    label=str,
    first=date,
    last=date,
)
MORE_FLAWS: Final = message(
    "performance.more_flaws", "and {count, plural, one {# more} other {# more}}", count=int
)
SCOPE_IN_PART: Final = message(
    "performance.scope_in_part", "it is of the accounts you see; there may be others you do not see"
)
SHORT_HISTORY: Final = message(
    "performance.short_history", "it is of less than a year; over a year it may be quite another"
)
APPROXIMATE: Final = message(
    "performance.approximate", "days without a value were bridged by Modified Dietz: it is approximate"
)
