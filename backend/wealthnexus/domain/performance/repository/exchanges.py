"""Units that corporate actions gave for other units: what of a part goes on in another, and its worth.

A merger, a change of symbol and a spin-off take units from one security and bring units of another. Inside a
scope that is no flow; between its parts it is one, in kind, at the close of the day.
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import ACCRUALS, CLOSES, RATES, joined_by_hash, parameters
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS
from wealthnexus.domain.ledger.view import OF_SLEEVE
from wealthnexus.kit.db.session import Reader

EXCHANGE_DAYS_MAX: Final = 5
_TYPES: Final = ("SPIN_OFF", "MERGER", "SYMBOL_CHANGE")
_EXCHANGED: Final = f"""
with {ASKED_BY_IDS.strip()},
moved as materialized (
  select t.id, t.account_id, t.type, t.trade_date, t.security_id, t.units, t.corporate_action_id,
    width_bucket(t.trade_date - 1, :days) + 1 as n
  from transactions t
  where t.tenant_id = :tenant and t.trade_date <= :as_of and t.book_version <= :version
    and t.account_id = any(array(select k.account_id from asked k))
    and (t.type = any(:types) or t.id = any(:ids)) and t.security_id is not null and t.units <> 0
    and t.entry_kind <> 'REVERSAL' {OF_SLEEVE}
    and not exists (select 1 from transactions x where x.tenant_id = :tenant and x.reverses_id = t.id
      and x.book_version <= :version)
),
held as materialized (
  select m.id, m.n, m.units, m.security_id, k.currency, k.minor, s.currency as security_currency,
    s.price_multiplier
  from moved m
  join asked k on k.account_id = m.account_id
  join securities s on s.tenant_id = :tenant and s.id = m.security_id
),
wanted as (select distinct h.security_id from held h),
{CLOSES},{ACCRUALS},{RATES}
select m.id, m.account_id, m.type, m.trade_date, m.n, m.security_id, m.units, x.security_id as given_id,
  x.other_security_id as received_id,
  (v.clean + v.accrued) * case when h.currency = :scope_currency then 1 else a.rate end as worth
from moved m
join held h on h.id = m.id
left join lateral (
  select c.security_id, c.other_security_id from corporate_actions c
  where c.tenant_id = :tenant and c.other_security_id is not null and case
    when m.corporate_action_id is not null then c.id = m.corporate_action_id
    else m.security_id in (c.security_id, c.other_security_id)
      and (m.type in ('JOURNAL', c.type) or (m.type = 'SYMBOL_CHANGE' and c.type = 'IDENTIFIER_CHANGE'))
      and abs(c.ex_date - m.trade_date) <= {EXCHANGE_DAYS_MAX} and c.book_version <= :version
      and (c.superseded_version is null or c.superseded_version > :version) end
  order by abs(c.ex_date - m.trade_date), c.id limit 1
) x on true
left join lateral (
  select e.close from closes e where e.security_id = h.security_id and e.n >= h.n order by e.n limit 1
) c on true
left join accruals i on i.security_id = h.security_id and i.n = h.n
left join rates r on r.base = h.security_currency and r.quote = h.currency and r.n = h.n
left join rates a on a.base = h.currency and a.quote = :scope_currency and a.n = h.n
cross join lateral (
  select case
    when h.security_currency = h.currency then round(h.units * c.close * h.price_multiplier, h.minor)
    else round(h.units * c.close * h.price_multiplier * r.rate, h.minor) end as clean,
    case when h.security_currency = h.currency then round(h.units * coalesce(i.per_unit, 0), h.minor)
    else round(h.units * coalesce(i.per_unit, 0) * r.rate, h.minor) end as accrued) v
order by m.trade_date, m.account_id, m.id
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """``worth`` of units of ``into_id`` came on a listed day (counted from 1) for units of ``from_id``, or
    beside them; in the scope's currency, negative for a short position."""

    account_id: UUID
    place: int
    from_id: UUID
    into_id: UUID
    worth: Decimal


async def exchanges_of(
    reader: Reader,
    view: BookView,
    account_ids: Sequence[UUID],
    days: Sequence[date],
    currency: str,
    *,
    journals: Collection[UUID],
) -> list[Exchange]:
    """What corporate actions exchanged in the accounts by the last of the days. ``journals``: the JOURNAL
    entries that carry out an action. What has no price on the day is worth its first one after it; what never
    has, or came for nothing known, is left out."""
    if not account_ids or not days:
        return []
    given = {
        "tenant": reader.tenant_id,
        **parameters(view, days, currency),
        "account_ids": list(account_ids),
        "types": list(_TYPES),
        "ids": list(journals),
    }
    sql = view.narrowed(_EXCHANGED)
    async with joined_by_hash(reader):
        rows = await reader.rows(prepared(sql), used(sql, given))
    return exchanged(rows)


def exchanged(rows: Sequence[Any]) -> list[Exchange]:
    """By the action of the entry; without one, the units of the same account that an entry of the same type
    took within days."""
    found: list[Exchange] = []
    for row in rows:
        giver = row.given_id if row.received_id == row.security_id else None
        if row.received_id is None and row.units > 0:
            near = [
                (abs((other.trade_date - row.trade_date).days), other.id, other.security_id)
                for other in rows
                if other.account_id == row.account_id
                and other.type == row.type
                and other.units < 0
                and other.security_id != row.security_id
            ]
            days, _, giver = min(near, default=(0, None, None))
            giver = giver if days <= EXCHANGE_DAYS_MAX else None
        if giver is not None and row.worth is not None:
            found.append(Exchange(row.account_id, row.n, giver, row.security_id, row.worth))
    return found
