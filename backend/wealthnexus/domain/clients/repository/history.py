"""What households, and the firm, were worth over a row of days: one statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.repository.households import MEMBERSHIP
from wealthnexus.domain.ledger.figures import as_money
from wealthnexus.domain.ledger.rules import Quality, last_month_ends, last_weekdays, quality_of
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, asked_from, days_of, values_by_day
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded, ValidationFailed
from wealthnexus.kit.text import message
from wealthnexus.kit.texts import OUT_OF_RANGE

DAYS_MAX: Final = 366
POINTS_MAX: Final = 6_000
"""Households times days of one call."""
ACCOUNT_DAYS_MAX: Final = 2_000_000
"""Accounts times points of the firm's history: about half a minute of the database."""
_TOO_MANY_POINTS: Final = message(
    "clients.too_many_points",
    "{count} households x {days} days were asked for, expected at most {limit} points; ask for fewer",
    count=int,
    days=int,
    limit=int,
)
_TOO_MANY_ACCOUNT_POINTS: Final = message(
    "clients.too_many_account_points",
    "{count} accounts x {points} points were asked for, expected at most {limit}; ask for fewer points",
    count=int,
    points=int,
    limit=int,
)


@dataclass(frozen=True, slots=True)
class ValuePoint:
    date: date
    value: Decimal | None
    quality: Quality


# Membership is that of each day; the accounts are valued as the view's book version knows them.
_HISTORY: Final = f"""
with memberships as (
  select ha.household_id, ha.account_id, ha.effective_from, ha.effective_to
  {
    MEMBERSHIP.replace("and ha.effective_from <= :as_of", "").replace(
        "and (ha.effective_to is null or ha.effective_to > :as_of)", ""
    )
}
    and ha.household_id = any(:household_ids)
), {values_by_day(asked_from("memberships"), only_asked=True)}
select m.household_id, v.day, sum(v.reporting_value) as value,
  (coalesce(sum(v.lacking_count), 0) + count(*) filter (where v.reporting_value is null))::bigint as missing,
  coalesce(sum(v.stale_count), 0)::bigint as stale_count
from memberships m
join day_values v on v.account_id = m.account_id
  and m.effective_from <= v.day and (m.effective_to is null or m.effective_to > v.day)
group by m.household_id, v.day
order by m.household_id, v.day
"""


async def value_history(
    reader: Reader, view: BookView, household_ids: Sequence[UUID], days: int
) -> dict[UUID, list[ValuePoint]]:
    """The last ``days`` weekdays at or before the view's day, oldest first, in the firm's currency.

    A day on which a household had no account is 0 and COMPLETE. ValidationFailed for ``days`` outside 1 to
    366; LimitExceeded for more than 6,000 points in one call.
    """
    if not 1 <= days <= DAYS_MAX:
        raise ValidationFailed(OUT_OF_RANGE(name="days", count=days, limit=DAYS_MAX), path=("days",))
    if days * len(household_ids) > POINTS_MAX:
        said = _TOO_MANY_POINTS(count=len(household_ids), days=days, limit=POINTS_MAX)
        raise LimitExceeded(said, path=("days",))
    if not household_ids:
        return {}
    dates = last_weekdays(view.as_of, days)
    rows = await reader.rows(
        prepared(_HISTORY),
        {
            "tenant": reader.tenant_id,
            **view.parameters(),
            "household_ids": list(household_ids),
            **days_of(dates),
        },
    )
    found: dict[tuple[UUID, date], ValuePoint] = {
        (household_id, day): ValuePoint(
            day, as_money(value, view.currency), quality_of(value, missing, stale)
        )
        for household_id, day, value, missing, stale in map(tuple, rows)
    }
    zero = as_money(Decimal(0), view.currency)
    return {
        household_id: [
            found.get((household_id, day), ValuePoint(day, zero, Quality.COMPLETE)) for day in dates
        ]
        for household_id in household_ids
    }


_FIRM_HISTORY: Final = """
with {values}
select v.day, sum(v.reporting_value) as value,
  (sum(v.lacking_count) + count(*) filter (where v.reporting_value is null))::bigint as missing,
  sum(v.stale_count)::bigint as stale_count
from day_values v group by v.day
"""
_OF_ALL: Final = _FIRM_HISTORY.format(values=values_by_day(ASKED_ALL, only_asked=False))
_OF_A_PART: Final = _FIRM_HISTORY.format(values=values_by_day(ASKED_ALL, only_asked=True))
_ACCOUNT_COUNT: Final = "select count(*) from accounts where tenant_id = :tenant"


async def firm_value_history(
    reader: Reader, view: BookView, points: int, *, by_month: bool
) -> list[ValuePoint]:
    """What every account the caller may see was worth together, in the firm's currency, oldest first.

    The last ``points`` weekdays at or before the view's day; ``by_month``: the latest of them and the last
    weekday of each month before. Each point is the firm's total on that day, as the view's book version
    knows it. ValidationFailed for ``points`` outside 1 to 366; LimitExceeded for more than 2,000,000
    accounts times points.
    """
    if not 1 <= points <= DAYS_MAX:
        raise ValidationFailed(OUT_OF_RANGE(name="points", count=points, limit=DAYS_MAX), path=("points",))
    count = int(await reader.scalar(prepared(_ACCOUNT_COUNT), {"tenant": reader.tenant_id}))
    if count * points > ACCOUNT_DAYS_MAX:
        said = _TOO_MANY_ACCOUNT_POINTS(count=count, points=points, limit=ACCOUNT_DAYS_MAX)
        raise LimitExceeded(said, path=("points",))
    days = last_month_ends(view.as_of, points) if by_month else last_weekdays(view.as_of, points)
    sees_all = reader.binding.role != "portal" and reader.binding.scope == "firm"
    rows = await reader.rows(
        prepared(_OF_ALL if sees_all else _OF_A_PART),
        {"tenant": reader.tenant_id, **view.parameters(), **days_of(days)},
    )
    found = {
        day: ValuePoint(day, as_money(value, view.currency), quality_of(value, missing, stale))
        for day, value, missing, stale in map(tuple, rows)
    }
    zero = as_money(Decimal(0), view.currency)
    return [found.get(day, ValuePoint(day, zero, Quality.COMPLETE)) for day in days]
