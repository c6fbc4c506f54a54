"""Sums over a whole list and over the firm. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from wealthnexus.domain.clients.repository import totals_summarised as summed
from wealthnexus.domain.clients.repository.attention import FIGURES, PLAIN, STANDING, Attention
from wealthnexus.domain.clients.repository.households import HouseholdFilter, Shape, chain, conditions_of
from wealthnexus.domain.clients.repository.rolled import accrued_figure, cash_figure, value_figure
from wealthnexus.domain.clients.repository.summaries import summaries_of
from wealthnexus.domain.ledger.figures import MoneyFigure
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, live_values, stored_values
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader


@dataclass(frozen=True, slots=True)
class HouseholdTotals:
    """Over the whole filtered list. An account of two of its households is counted once."""

    count: int
    total_value: MoneyFigure
    total_cash: MoneyFigure
    accrued_interest: MoneyFigure


@dataclass(frozen=True, slots=True)
class FirmTotals:
    """Everything the caller may see; an account of two households, or of none, is counted once."""

    household_count: int
    account_count: int
    total_value: MoneyFigure
    total_cash: MoneyFigure
    accrued_interest: MoneyFigure


TOTALS: Final = """
  select (select count(*) from {counted}) as household_count, count(*) as account_count,
    case when count(*) = 0 then 0 else sum(v.reporting_value) end as value,
    case when count(*) = 0 then 0 else sum(v.reporting_cash) end as cash,
    sum(v.reporting_accrued) as accrued,
    count(*) filter (where v.reporting_value is null) as missing_accounts,
    count(*) filter (where v.reporting_cash is null) as no_rate_accounts,
    coalesce(sum(v.position_count), 0)::bigint as position_count,
    coalesce(sum(v.unpriced_count), 0)::bigint as unpriced_count,
    coalesce(sum(v.stale_count), 0)::bigint as stale_count,
    coalesce(sum(v.unaccrued_count), 0)::bigint as unaccrued_count,
    min(v.oldest_price_day) as oldest_price_day,
    to_jsonb((array_agg(v.reasons) filter (where v.reasons is not null))[1:20]) as reasons
  from account_values v {where}"""


async def households_totals(
    reader: Reader,
    view: BookView,
    filter: HouseholdFilter = HouseholdFilter(),
) -> HouseholdTotals:
    """Count and sums over the whole filtered list."""
    plain, figure_conditions, values = conditions_of(filter, portal=reader.binding.role == "portal")
    summaries = await summaries_of(reader, view)
    if summaries is not None:
        made = await summed.totals(reader, view, summaries, summed.Listed(plain, figure_conditions, values))
        return HouseholdTotals(
            made.household_count,
            value_figure(made, view, "households of this list"),
            cash_figure(made, view),
            accrued_figure(made, view),
        )
    shape = Shape(
        stored=view.is_stored,
        portal=reader.binding.role == "portal",
        conditions=plain,
        figure_conditions=figure_conditions,
        everything=not plain,
    )
    condition = f"where {' and '.join(figure_conditions)}" if figure_conditions else ""
    sql = (
        chain(shape)
        + f", listed as (select f.id from figures f {condition})"
        + TOTALS.format(
            counted="listed",
            where="where v.account_id in"
            " (select m.account_id from members m join listed l on l.id = m.household_id)",
        )
    )
    row = (await reader.rows(prepared(sql), {"tenant": reader.tenant_id, **view.parameters(), **values}))[0]
    return HouseholdTotals(
        row.household_count,
        value_figure(row, view, "households of this list"),
        cash_figure(row, view),
        accrued_figure(row, view),
    )


@dataclass(frozen=True, slots=True)
class HouseholdTiles:
    """How many households of a list there are, and how many of them ask for each kind of attention."""

    count: int
    by_attention: dict[Attention, int]


async def households_tiles(reader: Reader, view: BookView, filter: HouseholdFilter) -> HouseholdTiles:
    """The tiles of a list: each counts what pressing it alone would leave; LEFT counts whatever the standing.

    ``filter.attention`` and ``filter.quality`` do not count, as they are what tiles set. Zeros for clients.
    """
    listed = replace(filter, standing=None, attention=(), quality=())
    portal = reader.binding.role == "portal"
    if portal:
        count = (await households_totals(reader, view, replace(listed, standing=filter.standing))).count
        return HouseholdTiles(count, dict.fromkeys(Attention, 0))
    plain, figure_conditions, values = conditions_of(listed, portal=False)
    standing = STANDING[filter.standing] if filter.standing is not None else "true"
    counted = {each: f"({PLAIN[each]})" if each in PLAIN else FIGURES[each] for each in Attention}
    columns = ", ".join(
        f"count(*) filter (where {condition} and {'true' if each is Attention.LEFT else standing})"
        f" as {each.value.lower()}"
        for each, condition in counted.items()
    )
    given = {"min_share": filter.high_cash_share, **values}
    summaries = await summaries_of(reader, view)
    if summaries is not None:
        listed_and = f"count(*) filter (where {standing}) as listed, {columns}"
        counts = await summed.counts(
            reader, view, summaries, summed.Listed(plain, figure_conditions, given), listed_and
        )
        return HouseholdTiles(counts["listed"], {each: counts[each.value.lower()] for each in Attention})
    shape = Shape(view.is_stored, portal, plain, figure_conditions, everything=not plain)
    where = f"where {' and '.join(figure_conditions)}" if figure_conditions else ""
    sql = (
        chain(shape)
        + f" select count(*) filter (where {standing}) as listed, {columns}"
        + f" from figures f join chosen h on h.id = f.id {where}"
    )
    parameters = {"tenant": reader.tenant_id, **view.parameters(), **given}
    row = (await reader.rows(prepared(sql), parameters))[0]
    return HouseholdTiles(row.listed, {each: getattr(row, each.value.lower()) for each in Attention})


FIRM_TOTALS_STORED: Final = (
    "household_count", "account_count", "value", "cash", "accrued", "missing_accounts", "no_rate_accounts",
    "position_count", "unpriced_count", "stale_count", "unaccrued_count", "oldest_price_day", "reasons",
)  # fmt: skip
_HOUSEHOLDS: Final = "households h where h.tenant_id = :tenant"
_COUNT: Final = f"select count(*) from {_HOUSEHOLDS}"
FIRM_TOTALS: Final = TOTALS.format(counted=_HOUSEHOLDS, where="")
"""Over ``account_values`` of every account."""


def firm_totals_text(view: BookView) -> str:
    """The statement of ``firm_totals``."""
    values = stored_values() if view.is_stored else live_values(ASKED_ALL, only_asked=False)
    return f"with {values}{FIRM_TOTALS}"


async def firm_totals(reader: Reader, view: BookView) -> FirmTotals:
    """The whole firm as the caller may see it."""
    summaries = await summaries_of(reader, view)
    if summaries is not None and summaries.is_current and summaries.totals:
        row: Any = _from_plain(summaries.totals)
        # Households without accounts come without a book version.
        row.household_count = await reader.scalar(prepared(_COUNT), {"tenant": reader.tenant_id})
    else:
        parameters = {"tenant": reader.tenant_id, **view.parameters()}
        row = (await reader.rows(prepared(firm_totals_text(view)), parameters))[0]
    return FirmTotals(
        row.household_count,
        row.account_count,
        value_figure(row, view, "firm"),
        cash_figure(row, view),
        accrued_figure(row, view),
    )


def _from_plain(stored: dict[str, Any]) -> SimpleNamespace:
    """The totals row that was kept; amounts and days are kept as text."""
    made = SimpleNamespace(**stored)
    for name in ("value", "cash", "accrued"):
        if stored[name] is not None:
            setattr(made, name, Decimal(stored[name]))
    if stored["oldest_price_day"] is not None:
        made.oldest_price_day = date.fromisoformat(stored["oldest_price_day"])
    return made
