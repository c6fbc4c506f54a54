"""Holdings of an account, a household or any accounts by class, sector, currency or account, summed here.

A group is the sum of rounded position values with the interest accrued on them (and of cash, which is a group
of its own class and its own sector), each account converted once per group. In one currency the groups
therefore add up to the total; of accounts in other currencies they may differ from it by the rounding of each
conversion.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger.figures import (
    BASIS,
    SOURCE,
    MoneyFigure,
    accounts_without_rate,
    as_money,
    explain_total,
    reasons_from,
)
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import REASONS, UNACCRUED, asked_from, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader


class HoldingGrouping(StrEnum):
    """What holdings are told apart by. SECTOR: the second level of the class, as the bundle has it."""

    ASSET_CLASS = "ASSET_CLASS"
    SECTOR = "SECTOR"
    CURRENCY = "CURRENCY"
    ACCOUNT = "ACCOUNT"


CASH_KEY: Final = "CASH"
OTHER_KEY: Final = "OTHER"

# -- of whom: an owner of the groups, and the accounts that count for it ------------------------------------

_OF_ACCOUNTS: Final = """
owned as (
  select a.id as owner_id, a.id as account_id from accounts a
  where a.tenant_id = :tenant and a.id = any(:account_ids)
)"""
_TOGETHER: Final = """
owned as (
  select :tenant as owner_id, a.id as account_id from accounts a
  where a.tenant_id = :tenant and a.id = any(:account_ids)
)"""
_OF_HOUSEHOLDS: Final = """
owned as (
  select distinct ha.household_id as owner_id, ha.account_id from household_accounts ha
  where ha.tenant_id = :tenant and ha.household_id = any(:household_ids) and ha.book_version <= :version
    and (ha.superseded_version is null or ha.superseded_version > :version)
    and ha.effective_from <= :as_of and (ha.effective_to is null or ha.effective_to > :as_of)
)"""

_KEYS: Final[Mapping[HoldingGrouping, tuple[str, str]]] = {
    HoldingGrouping.ASSET_CLASS: ("s.asset_class", f"'{CASH_KEY}'"),
    HoldingGrouping.SECTOR: (f"coalesce(nullif(s.sub_asset_class, ''), '{OTHER_KEY}')", f"'{CASH_KEY}'"),
    HoldingGrouping.CURRENCY: ("p.security_currency", "v.currency"),
    HoldingGrouping.ACCOUNT: ("p.account_id::text", "v.account_id::text"),
}

_GROUPS: Final = """
parts as (
  select p.account_id, {key} as key, count(*) as position_count,
    count(*) filter (where p.value is null) as unpriced_count,
    count(*) filter (where p.value is not null and (p.price_is_stale or p.rate_is_stale)) as stale_count,
    count(*) filter (where {unaccrued}) as unaccrued_count,
    min(p.price_day) filter (where p.value is not null) as oldest_price_day,
    sum(p.value + coalesce(p.accrued, 0)) as value, null::numeric as cash, {reasons} as reasons
  from positions p
  join securities s on s.tenant_id = :tenant and s.id = p.security_id
  group by 1, 2
  union all
  select v.account_id, {cash_key}, 0, 0, 0, 0, null, null, v.cash, null
  from account_values v where v.cash <> 0
),
converted as (
  select o.owner_id, o.account_id, t.key, t.position_count, t.unpriced_count, t.stale_count,
    t.unaccrued_count, t.oldest_price_day, t.reasons,
    coalesce(t.value, t.cash) is not null and {worth} is null as lacks_rate,
    {value} as value, {cash} as cash, {currency} as currency
  from owned o
  join parts t on t.account_id = o.account_id
  join account_values v on v.account_id = o.account_id
  left join rates r on r.base = v.currency and r.quote = :firm_currency
),
flawed as (
  select c.owner_id, c.key, jsonb_agg(f.reason) as reasons
  from converted c cross join lateral jsonb_array_elements(c.reasons) f(reason)
  where jsonb_typeof(c.reasons) = 'array'
  group by c.owner_id, c.key
)
select c.owner_id, c.key, max(a.name) as account_name, max(c.currency) as currency,
  count(distinct c.account_id) as account_count, sum(c.position_count)::bigint as position_count,
  sum(c.unpriced_count)::bigint as unpriced_count, sum(c.stale_count)::bigint as stale_count,
  sum(c.unaccrued_count)::bigint as unaccrued_count,
  count(*) filter (where c.lacks_rate) as without_rate, min(c.oldest_price_day) as oldest_price_day,
  sum(c.value) as positions_value, sum(c.cash) as cash,
  (select f.reasons from flawed f where f.owner_id = c.owner_id and f.key = c.key) as reasons
from converted c
left join accounts a on a.tenant_id = :tenant and a.id::text = c.key
group by c.owner_id, c.key
order by c.owner_id, coalesce(sum(c.value), 0) + coalesce(sum(c.cash), 0) desc, c.key
"""


@dataclass(frozen=True, slots=True)
class HoldingGroup:
    """``key``: a class, a sector, a currency, or an account's id; ``account_name`` only of the last.

    ``value``: positions and cash together, in the owner's currency.
    """

    key: str
    account_name: str | None
    holding_count: int
    value: MoneyFigure


def _converted(column: str, *, into_firm: bool) -> str:
    if not into_firm:
        return column
    return (
        f"case when v.currency = :firm_currency then {column} else round({column} * r.rate, :firm_minor) end"
    )


def _statement(owned: str, by: HoldingGrouping, *, into_firm: bool) -> str:
    key, cash_key = _KEYS[by]
    chain = f"{owned}, {live_positions(asked_from('owned'))}"
    groups = _GROUPS.format(
        key=key,
        cash_key=cash_key,
        reasons=REASONS,
        unaccrued=UNACCRUED,
        worth=_converted("coalesce(t.value, t.cash)", into_firm=into_firm),
        value=_converted("t.value", into_firm=into_firm),
        cash=_converted("t.cash", into_firm=into_firm),
        currency=":firm_currency" if into_firm else "v.currency",
    )
    return f"with {chain}, {groups.lstrip()}"


async def groups_of_accounts(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], by: HoldingGrouping
) -> dict[UUID, list[HoldingGroup]]:
    """Of each account, in its own currency, the largest first."""
    sql = _statement(_OF_ACCOUNTS, by, into_firm=False)
    return await _read(reader, view, sql, {"account_ids": list(account_ids)})


async def groups_of_households(
    reader: Reader, view: BookView, household_ids: Sequence[UUID], by: HoldingGrouping
) -> dict[UUID, list[HoldingGroup]]:
    """Of each household's accounts on the day, in the firm's currency, the largest first."""
    sql = _statement(_OF_HOUSEHOLDS, by, into_firm=True)
    return await _read(reader, view, sql, {"household_ids": list(household_ids)})


async def groups_together(
    reader: Reader, view: BookView, account_ids: Sequence[UUID], by: HoldingGrouping
) -> list[HoldingGroup]:
    """Of the accounts together, in the firm's currency, the largest first."""
    sql = _statement(_TOGETHER, by, into_firm=True)
    found = await _read(reader, view, sql, {"account_ids": list(account_ids)})
    return found.get(reader.tenant_id, [])


async def _read(
    reader: Reader, view: BookView, sql: str, of: dict[str, Any]
) -> dict[UUID, list[HoldingGroup]]:
    rows = await reader.rows(prepared(sql), {"tenant": reader.tenant_id, **view.parameters(), **of})
    found: dict[UUID, list[HoldingGroup]] = {}
    for row in rows:
        found.setdefault(row.owner_id, []).append(
            HoldingGroup(row.key, row.account_name, row.position_count, _figure(row, view))
        )
    return found


def _sum(row: Row[Any]) -> Decimal | None:
    if row.positions_value is None and row.cash is None:
        return None
    return (row.positions_value or Decimal(0)) + (row.cash or Decimal(0))


def _quality(row: Row[Any], value: Decimal | None) -> Quality:
    if value is None:
        return Quality.UNAVAILABLE
    if row.unpriced_count or row.unaccrued_count or row.without_rate:
        return Quality.PARTIAL
    return Quality.STALE if row.stale_count else Quality.COMPLETE


def _figure(row: Row[Any], view: BookView) -> MoneyFigure:
    value = _sum(row)
    reasons = reasons_from(row.reasons, row.unpriced_count + row.stale_count + row.unaccrued_count)
    if row.without_rate:
        reasons = (*reasons, accounts_without_rate(row.without_rate, row.currency))
    return MoneyFigure(
        as_money(value, row.currency),
        row.currency,
        view.as_of,
        BASIS,
        SOURCE,
        view.computed_at,
        _quality(row, value),
        reasons,
        view.book_version,
        functools.partial(
            explain_total,
            what=row.account_name or row.key,
            currency=row.currency,
            as_of=view.as_of,
            book_version=view.book_version,
            positions_value=as_money(row.positions_value, row.currency),
            cash=as_money(row.cash, row.currency),
            position_count=row.position_count,
            unpriced_count=row.unpriced_count,
            stale_count=row.stale_count,
            unaccrued_count=row.unaccrued_count,
            oldest_price_day=row.oldest_price_day,
            account_count=row.account_count,
        ),
    )
