"""Households with their figures: pages, totals, and by id. One statement each."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.repository.attention import (
    FIGURES,
    HIGH_CASH_SHARE,
    OF_BOOK,
    OPEN_ITEMS,
    PLAIN,
    STANDING,
    Attention,
    Standing,
)
from wealthnexus.domain.clients.repository.force import TAGGED, in_force_sql
from wealthnexus.domain.clients.repository.rolled import accrued_figure, cash_figure, value_figure
from wealthnexus.domain.clients.repository.summaries import first_of, summaries_of, summarised
from wealthnexus.domain.ledger.figures import MoneyFigure
from wealthnexus.domain.ledger.rules import Quality, share
from wealthnexus.domain.ledger.statements import keyset, ordering, prepared
from wealthnexus.domain.ledger.valuation import ASKED_ALL, CASH_VALUES, asked_from, live_values, stored_values
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded
from wealthnexus.kit.paging import Page, PageRequest, cut_page, decode_cursor, encode_cursor
from wealthnexus.kit.texts import TOO_MANY_IDS

IDS_MAX: Final = 1_000


class HouseholdOrderField(StrEnum):
    NAME = "NAME"
    MARKET_VALUE = "MARKET_VALUE"
    CASH = "CASH"
    ACCOUNT_COUNT = "ACCOUNT_COUNT"
    OPENED_ON = "OPENED_ON"


@dataclass(frozen=True, slots=True)
class HouseholdOrder:
    """Ties are broken by id; a household without the value stands below every other."""

    field: HouseholdOrderField = HouseholdOrderField.NAME
    descending: bool = False


@dataclass(frozen=True, slots=True)
class HouseholdFilter:
    """All that are given must hold. Values are in the firm's currency; ``ids`` at most 1,000."""

    name_contains: str | None = None
    min_value: Decimal | None = None
    max_value: Decimal | None = None
    has_open_items: bool | None = None
    quality: tuple[Quality, ...] = ()
    advisor_id: UUID | None = None
    ids: tuple[UUID, ...] | None = None
    tag: str | None = None
    standing: Standing | None = None
    attention: tuple[Attention, ...] = ()
    """Every one of them must hold."""
    high_cash_share: Decimal = HIGH_CASH_SHARE
    """Above which share of the value cash is HIGH_CASH."""
    book_id: UUID | None = None

    @property
    def needs_figures(self) -> bool:
        """Whether figures decide what is in the list, so that they are needed for all of it."""
        return (
            self.min_value is not None
            or self.max_value is not None
            or bool(self.quality)
            or any(each in FIGURES for each in self.attention)
        )


# Not frozen: see MoneyFigure.
@dataclass(slots=True)
class HouseholdRow:
    """A household with its figures in the firm's currency, over the accounts the caller may see."""

    id: UUID
    external_id: str
    name: str
    as_of: date
    market_value: MoneyFigure
    cash: MoneyFigure
    accrued_interest: MoneyFigure
    cash_share: Decimal | None
    account_count: int
    open_items: int
    opened_on: date | None
    left_on: date | None
    advisor_name: str | None
    version: int


# -- the statement ------------------------------------------------------------------------------------------

MEMBERSHIP: Final = """
  from household_accounts ha
  where ha.tenant_id = :tenant and ha.book_version <= :version
    and (ha.superseded_version is null or ha.superseded_version > :version)
    and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
"""
"""Memberships in force on the day, as the book version knows them."""

_MEMBERS: Final = (
    "members as (select ha.household_id, ha.account_id"
    + MEMBERSHIP
    + "and ha.household_id = any(array(select c.id from chosen c)))"
)
_MEMBERS_ALL: Final = "members as (select ha.household_id, ha.account_id" + MEMBERSHIP + ")"

_ROLLED: Final = """
rolled as (
  select m.household_id, count(*) as account_count, min(a.opened_on) as opened_on,
    sum(v.reporting_value) as value, sum(v.reporting_cash) as cash,
    sum(v.reporting_accrued) as accrued,
    count(*) filter (where v.reporting_value is null) as missing_accounts,
    count(*) filter (where v.reporting_cash is null) as no_rate_accounts,
    coalesce(sum(v.position_count), 0)::bigint as position_count,
    coalesce(sum(v.unpriced_count), 0)::bigint as unpriced_count,
    coalesce(sum(v.stale_count), 0)::bigint as stale_count,
    coalesce(sum(v.unaccrued_count), 0)::bigint as unaccrued_count,
    min(v.oldest_price_day) as oldest_price_day,
    jsonb_agg(v.reasons) filter (where v.reasons is not null) as reasons
  from members m
  join accounts a on a.tenant_id = :tenant and a.id = m.account_id
  left join account_values v on v.account_id = m.account_id
  group by m.household_id
)"""

_OPEN_ITEMS: Final = """
open_items as (
  select s.household_id, count(*) as open_items
  from (select m.household_id, m.account_id as subject_id from members m
        union all select c.id, c.id from chosen c) s
  join work_items w on w.tenant_id = :tenant and w.subject_id = s.subject_id
    and w.state in ('OPEN', 'IN_PROGRESS')
  group by s.household_id
)"""
# Clients (the portal role) have no right to the firm's work queue and people.
_NO_ITEMS: Final = "open_items as (select null::uuid as household_id, 0 as open_items where false)"

_ADVISOR: Final = f"""
  (select string_agg(distinct coalesce(u.name, b.name), ', ' order by coalesce(u.name, b.name))
   from (select ha.account_id {MEMBERSHIP} and ha.household_id = p.id) m
   join account_assignments s on {in_force_sql("s")} and s.account_id = m.account_id
   join books b on b.tenant_id = :tenant and b.id = s.book_id
   left join users u on u.tenant_id = :tenant and u.id = b.user_id)"""

_OF_ADVISOR: Final = f"""
  h.id in (
    select ha.household_id from books b
    join account_assignments s on {in_force_sql("s")} and s.book_id = b.id
    join household_accounts ha on ha.tenant_id = :tenant and ha.account_id = s.account_id
      and ha.book_version <= :version
      and (ha.superseded_version is null or ha.superseded_version > :version)
      and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
    where b.tenant_id = :tenant and b.user_id = :advisor_id)"""

# The orders below know their place without a valuation: the page is cut first, and valued alone.
_FACTS: Final = f"""
  left join (
    select m.household_id, count(*) as account_count, min(a.opened_on) as opened_on
    from (select ha.household_id, ha.account_id {MEMBERSHIP}) m
    join accounts a on a.tenant_id = :tenant and a.id = m.account_id
    group by m.household_id
  ) k on k.household_id = h.id"""
_CASH: Final = f"""
  left join (
    with {CASH_VALUES}
    select m.household_id, sum(c.reporting_cash) as cash
    from (select ha.household_id, ha.account_id {MEMBERSHIP}) m
    join account_cash c on c.account_id = m.account_id
    group by m.household_id
  ) k on k.household_id = h.id"""
_QUALITY: Final = """
  case when coalesce(r.account_count, 0) > 0 and r.value is null then 'UNAVAILABLE'
    when r.missing_accounts > 0 or r.unpriced_count > 0 or r.unaccrued_count > 0 then 'PARTIAL'
    when r.stale_count > 0 then 'STALE' else 'COMPLETE' end"""

_FIGURES: Final = f"""
figures as (
  select c.id, c.external_id, c.name, c.name_normalised, c.left_on, c.version,
    coalesce(r.account_count, 0) as account_count, r.opened_on,
    case when r.account_count is null then 0 else r.value end as value,
    case when r.account_count is null then 0 else r.cash end as cash,
    r.accrued,
    coalesce(r.missing_accounts, 0) as missing_accounts, coalesce(r.no_rate_accounts, 0) as no_rate_accounts,
    coalesce(r.position_count, 0) as position_count, coalesce(r.unpriced_count, 0) as unpriced_count,
    coalesce(r.stale_count, 0) as stale_count, coalesce(r.unaccrued_count, 0) as unaccrued_count,
    r.oldest_price_day, r.reasons,
    coalesce(i.open_items, 0) as open_items, {_QUALITY} as quality
  from chosen c
  left join rolled r on r.household_id = c.id
  left join open_items i on i.household_id = c.id
)"""

_SORT: Final[dict[HouseholdOrderField, tuple[str, str, str]]] = {
    HouseholdOrderField.NAME: ("f.name_normalised", "s", "after_text"),
    HouseholdOrderField.MARKET_VALUE: ("coalesce(f.value, -1e30)", "n", "after_number"),
    HouseholdOrderField.CASH: ("coalesce(f.cash, -1e30)", "n", "after_number"),
    HouseholdOrderField.ACCOUNT_COUNT: ("f.account_count", "i", "after_version"),
    HouseholdOrderField.OPENED_ON: ("coalesce(f.opened_on, date '1800-01-01')", "d", "after_day"),
}
SORT_COLUMNS: Final = {field: column for field, (column, _, _) in _SORT.items()}


_SUMMARISED: Final = {
    HouseholdOrderField.NAME: "h.name_normalised",
    HouseholdOrderField.MARKET_VALUE: "f.value_order",
    HouseholdOrderField.CASH: "f.cash_order",
    HouseholdOrderField.ACCOUNT_COUNT: "f.account_count",
    HouseholdOrderField.OPENED_ON: "f.opened_order",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides the text of the statement; its values are bound."""

    stored: bool
    portal: bool
    conditions: tuple[str, ...]
    figure_conditions: tuple[str, ...]
    everything: bool
    """The list is not narrowed before the figures: read the whole firm instead of account by account."""
    cut_first: str = ""
    """Order and limit of a list, applied before any figure is computed."""
    values: str = ""
    """``account_values`` from elsewhere than what is stored or computed."""
    facts: str = ""
    """The join that gives what a list is ordered by before any figure is computed."""


@functools.lru_cache(maxsize=256)
def chain(shape: Shape) -> str:
    """From ``chosen`` to ``figures``."""
    where = " and ".join(("h.tenant_id = :tenant", *shape.conditions))
    chosen = (
        "chosen as materialized (select h.id, h.external_id, h.name, h.name_normalised, h.left_on, h.version"
        f" from households h {shape.facts} where {where} {shape.cut_first})"
    )
    members = _MEMBERS_ALL if shape.everything else _MEMBERS
    if shape.values:
        values = shape.values
    elif shape.stored:
        only = "" if shape.everything else "and v.account_id = any(array(select m.account_id from members m))"
        values = stored_values(only)
    elif shape.everything:
        values = live_values(ASKED_ALL, only_asked=False)
    else:
        values = live_values(asked_from("members"), only_asked=True)
    items = _NO_ITEMS if shape.portal else _OPEN_ITEMS
    return "with " + ",".join((chosen, members, values, _ROLLED, items, _FIGURES))


def conditions_of(
    filter_: HouseholdFilter, *, portal: bool
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, Any]]:
    """Conditions on households, on figures, and the values of both."""
    plain: list[str] = []
    figures: list[str] = []
    values: dict[str, Any] = {}
    if filter_.name_contains and (part := normalised(filter_.name_contains)):
        plain.append("strpos(h.name_normalised, :name_part) > 0")
        values["name_part"] = part
    if filter_.ids is not None:
        if len(filter_.ids) > IDS_MAX:
            said = TOO_MANY_IDS(count=len(filter_.ids), limit=IDS_MAX)
            raise LimitExceeded(said, path=("filter", "ids"))
        plain.append("h.id = any(:ids)")
        values["ids"] = list(filter_.ids)
    if filter_.tag is not None:
        plain.append("false" if portal else f"h.id in {TAGGED}")
        values |= {} if portal else {"tag": normalised(filter_.tag)}
    if filter_.advisor_id is not None and portal:
        plain.append("false")  # clients have no right to the firm's books
    elif filter_.advisor_id is not None:
        plain.append(_OF_ADVISOR)
        values["advisor_id"] = filter_.advisor_id
    if filter_.book_id is not None:
        plain.append("false" if portal else OF_BOOK)
        values |= {} if portal else {"book_id": filter_.book_id}
    if filter_.standing is not None:
        plain.append(STANDING[filter_.standing])
    if filter_.attention and portal:
        plain.append("false")  # nor to what the firm watches over
    else:
        plain += [PLAIN[each] for each in filter_.attention if each in PLAIN]
        figures += [FIGURES[each] for each in filter_.attention if each in FIGURES]
        if Attention.HIGH_CASH in filter_.attention:
            values["min_share"] = filter_.high_cash_share
    if filter_.min_value is not None:
        figures.append("f.value >= :min_value")
        values["min_value"] = filter_.min_value
    if filter_.max_value is not None:
        figures.append("f.value <= :max_value")
        values["max_value"] = filter_.max_value
    if filter_.has_open_items is not None:
        figures.append("f.open_items > 0" if filter_.has_open_items else "f.open_items = 0")
    if filter_.quality:
        figures.append("f.quality = any(:qualities)")
        values["qualities"] = [str(quality) for quality in filter_.quality]
    return tuple(plain), tuple(figures), values


async def households_page(
    reader: Reader,
    view: BookView,
    request: PageRequest,
    filter: HouseholdFilter = HouseholdFilter(),
    order: HouseholdOrder = HouseholdOrder(),
) -> Page[HouseholdRow]:
    """One page of the Book. Figures are computed for the page alone unless they decide who is on it."""
    portal = reader.binding.role == "portal"
    plain, figure_conditions, values = conditions_of(filter, portal=portal)
    column, letter, parameter = _SORT[order.field]
    columns, parameters = (column, "f.id"), (parameter, "after_id")
    if request.after is not None:
        decoded = decode_cursor(request.after, letter + "u")
        values.update(zip(parameters, decoded, strict=True))
    after = (
        keyset(columns, parameters, descending=order.descending, backward=request.backward)
        if request.after is not None
        else ""
    )
    sorting = ordering(columns, descending=order.descending, backward=request.backward)
    first = None if filter.needs_figures else _cut_before_figures(order.field, stored=view.is_stored)
    cut_first = facts = ""
    found_summaries = None
    if filter.needs_figures or order.field is not HouseholdOrderField.NAME:
        found_summaries = await summaries_of(reader, view)
    if found_summaries is not None:
        early = _SUMMARISED[order.field]
        in_order = sorting.replace(column, early).replace("f.id", "f.household_id")
        values["picked"] = await first_of(
            reader,
            found_summaries,
            {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": request.first + 1},
            summarised(plain, figure_conditions, named=early.startswith("h.")),
            after=after.replace(column, early).replace("f.id", "f.household_id"),
            sorting=in_order,
        )
        plain = (*plain, "h.id = any(:picked)")
        figure_conditions = (*figure_conditions, after) if after else figure_conditions
        first = None
    elif first is not None:
        facts, early = first
        if filter.has_open_items is not None:
            plain, figure_conditions = (*plain, _open_items_condition(filter, portal=portal)), ()
        if after:
            plain = (*plain, after.replace(column, early).replace("f.id", "h.id"))
        cut_first = f"order by {sorting.replace(column, early).replace('f.id', 'h.id')} limit :row_limit"
    elif after:
        figure_conditions = (*figure_conditions, after)
    shape = Shape(
        stored=view.is_stored,
        portal=portal,
        conditions=plain,
        figure_conditions=figure_conditions,
        everything=first is None and not plain,
        cut_first=cut_first,
        facts=facts,
    )
    rows = await reader.rows(
        prepared(_page_text(shape, column, sorting)),
        {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": request.first + 1},
    )
    found = [household_row(row, view) for row in rows]
    cursors = [encode_cursor([row.sort_value, row.id]) for row in rows]
    return cut_page(found, cursors, request)


def _cut_before_figures(field: HouseholdOrderField, *, stored: bool) -> tuple[str, str] | None:
    """The join and the column of an order that needs no valuation of all households; None: it needs one."""
    column = _SORT[field][0]
    if field is HouseholdOrderField.NAME:
        return "", column.replace("f.", "h.")
    if field is HouseholdOrderField.ACCOUNT_COUNT:
        return _FACTS, "coalesce(k.account_count, 0)"
    if field is HouseholdOrderField.OPENED_ON:
        return _FACTS, column.replace("f.", "k.")
    if field is HouseholdOrderField.CASH and not stored:
        # A household without accounts has no cash: 0; one whose cash cannot be converted stands below all.
        return _CASH, "coalesce(case when k.household_id is null then 0 else k.cash end, -1e30)"
    return None


def _open_items_condition(filter_: HouseholdFilter, *, portal: bool) -> str:
    if portal:  # clients have no right to the firm's work queue: to them nothing is open
        return "false" if filter_.has_open_items else "true"
    return OPEN_ITEMS if filter_.has_open_items else f"not ({OPEN_ITEMS})"


@functools.lru_cache(maxsize=256)
def _page_text(shape: Shape, column: str, sorting: str) -> str:
    where = f"where {' and '.join(shape.figure_conditions)}" if shape.figure_conditions else ""
    advisor = "null::text" if shape.portal else _ADVISOR
    return (
        chain(shape)
        + f", picked as (select f.*, {column} as sort_value from figures f {where}"
        + f" order by {sorting} limit :row_limit)"
        + f" select p.*, {advisor} as advisor_name from picked p"
        + f" order by {sorting.replace(column, 'p.sort_value').replace('f.id', 'p.id')}"
    )


async def households_by_ids(reader: Reader, view: BookView, ids: Sequence[UUID]) -> dict[UUID, HouseholdRow]:
    """The households the caller may see, by id; others are absent. At most 1,000 ids."""
    if not ids:
        return {}
    portal = reader.binding.role == "portal"
    plain, _, values = conditions_of(HouseholdFilter(ids=tuple(ids)), portal=portal)
    shape = Shape(view.is_stored, portal, plain, (), everything=False)
    rows = await reader.rows(
        prepared(_page_text(shape, "f.name_normalised", "f.name_normalised asc, f.id asc")),
        {"tenant": reader.tenant_id, **view.parameters(), **values, "row_limit": len(ids)},
    )
    return {row.id: household_row(row, view) for row in rows}


def household_row(row: Row[Any], view: BookView) -> HouseholdRow:
    return HouseholdRow(
        id=row.id,
        external_id=row.external_id,
        name=row.name,
        as_of=view.as_of,
        market_value=value_figure(row, view, "household"),
        cash=cash_figure(row, view),
        accrued_interest=accrued_figure(row, view),
        cash_share=share(row.cash, row.value),
        account_count=row.account_count,
        open_items=row.open_items,
        opened_on=row.opened_on,
        left_on=row.left_on,
        advisor_name=row.advisor_name,
        version=row.version,
    )


# -- by account ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HouseholdRef:
    id: UUID
    name: str


_REFS: Final = f"""
select m.account_id, h.id, h.name
from (select ha.household_id, ha.account_id {MEMBERSHIP} and ha.account_id = any(:account_ids)) m
join households h on h.tenant_id = :tenant and h.id = m.household_id
order by h.name_normalised, h.id
"""


async def household_refs_by_account_ids(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, list[HouseholdRef]]:
    """The households each account belongs to on the day, by name."""
    found: dict[UUID, list[HouseholdRef]] = {account_id: [] for account_id in account_ids}
    rows = await reader.rows(
        prepared(_REFS),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "as_of": view.as_of,
            "account_ids": list(account_ids),
        },
    )
    for account_id, household_id, name in map(tuple, rows):
        found[account_id].append(HouseholdRef(household_id, name))
    return found
