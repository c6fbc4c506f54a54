"""The books around differences, read for many of them in a fixed number of statements."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.feeds.custody import texts
from wealthnexus.domain.feeds.custody.causes import (
    Announced,
    Booked,
    Cause,
    Difference,
    Quoted,
    Surroundings,
    causes_of,
)
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.markets.repository.prices import STANDING
from wealthnexus.kit.db.session import Reader

LOOKED_BACK_DAYS: Final = 12

_OTHERS: Final = """
select k.* from reconciliation_breaks k
where k.tenant_id = :tenant and k.account_id = any(:account_ids) and k.state = 'OPEN'
order by k.account_id, k.opened_on, k.id
"""

# What was reversed is gone, and what reverses it with it.
_BOOKED: Final = """
select t.account_id, t.id, t.type, t.security_id, t.trade_date, t.settlement_date, t.units, t.amount
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids) and t.trade_date <= :day_to
  and t.settlement_date >= :day_from and t.entry_kind <> 'REVERSAL'
  and not exists (select 1 from transactions r where r.tenant_id = :tenant and r.reverses_id = t.id)
order by t.account_id, t.trade_date, t.id
"""

_ANNOUNCED: Final = """
select h.account_id, c.security_id, c.type, c.ex_date, c.pay_date, c.ratio_new, c.ratio_old, c.cash_amount,
  h.units
from corporate_actions c
cross join lateral (
  select t.account_id, sum(t.units) as units from transactions t
  where t.tenant_id = :tenant and t.security_id = c.security_id and t.account_id = any(:account_ids)
    and t.trade_date < c.ex_date
  group by t.account_id having sum(t.units) <> 0
) h
where c.tenant_id = :tenant and c.superseded_version is null
  and coalesce(c.pay_date, c.ex_date) >= :day_from and c.ex_date <= :day_to
order by h.account_id, c.ex_date, c.id
"""

_PRICES: Final = f"""
with {STANDING}
select g.security_id, g.day, trim_scale(g.close) as close, g.source, s.price_multiplier
from standing g join securities s on s.tenant_id = :tenant and s.id = g.security_id
order by g.security_id, g.day
"""


async def likely_causes(reader: Reader, rows: Sequence[Row[Any]]) -> dict[UUID, list[Cause]]:
    """What may lie behind each of the differences; four statements for all of them."""
    asked = [_difference(row) for row in rows]
    if not asked:
        return {}
    accounts = sorted({one.account_id for one in asked})
    window = {
        "tenant": reader.tenant_id,
        "account_ids": accounts,
        "day_from": min(one.opened_on for one in asked) - timedelta(days=LOOKED_BACK_DAYS),
        "day_to": max(one.day for one in asked),
    }
    others: dict[UUID, list[Difference]] = {}
    for row in await reader.rows(prepared(_OTHERS), window):
        others.setdefault(row.account_id, []).append(_difference(row))
    booked: dict[UUID, list[Booked]] = {}
    for row in await reader.rows(prepared(_BOOKED), window):
        booked.setdefault(row.account_id, []).append(Booked(*tuple(row)[1:]))
    announced: dict[UUID, list[Announced]] = {}
    for row in await reader.rows(prepared(_ANNOUNCED), window):
        announced.setdefault(row.account_id, []).append(_announced(row))
    involved = {one.security_id for one in (*asked, *(o for each in others.values() for o in each))}
    ids = sorted(key for key in involved if key is not None)
    prices: dict[UUID, list[Quoted]] = {}
    for row in await reader.rows(prepared(_PRICES), {**window, "ids": ids, "version": 2**62}):
        quote = Quoted(row.day, row.close, row.source, row.price_multiplier)
        prices.setdefault(row.security_id, []).append(quote)
    return {
        one.id: causes_of(
            one,
            Surroundings(
                [o for o in others.get(one.account_id, ()) if o.id != one.id and _overlap(o, one)],
                booked.get(one.account_id, ()),
                announced.get(one.account_id, ()),
                dict(prices),
            ),
        )
        for one in asked
    }


def _overlap(a: Difference, b: Difference) -> bool:
    return a.opened_on <= b.day and b.opened_on <= a.day


def _difference(row: Row[Any]) -> Difference:
    return Difference(
        row.id, row.account_id, row.kind, row.security_id, row.currency, row.ours, row.theirs,
        row.difference, row.opened_on, row.day,
    )  # fmt: skip


def _announced(row: Row[Any]) -> Announced:
    is_split = row.type in ("SPLIT", "STOCK_DIVIDEND") and row.ratio_new and row.ratio_old
    return Announced(
        row.security_id,
        row.type,
        row.ex_date,
        row.pay_date,
        row.units,
        row.ratio_new / row.ratio_old if is_split else None,
        row.cash_amount if row.type in ("CASH_DIVIDEND", "RETURN_OF_CAPITAL") else None,
    )


def cause_sentence(one: Cause, security: str, *, kind: str, currency: str) -> str:
    """The cause with its arithmetic, as a person reads it; ``kind`` and ``currency`` of the difference."""
    money = {"cash", "total", "effect"} if kind == "CASH" else {"cash"}
    facts = {
        name: f"{texts.shown(value)} {currency}" if name in money else texts.shown(value)
        for name, value in one.facts
    }
    day = one.day or date.min
    match one.code:
        case "UNBOOKED_TRADE":
            traded = one.entry.type if one.entry else ""
            cash = f"{texts.signed(dict(one.facts)['cash'])} {currency}"
            return texts.CAUSE_TRADE(
                kind=traded, units=facts["units"], security=security, price=facts["price"], day=day, cash=cash
            )
        case "UNBOOKED_DIVIDEND":
            return texts.CAUSE_DIVIDEND(
                units=facts["units"], security=security, rate=facts["rate"], day=day, cash=facts["cash"]
            )
        case "UNBOOKED_FEE":
            return texts.CAUSE_FEE(cash=facts["cash"])
        case "UNBOOKED_SPLIT":
            return texts.CAUSE_SPLIT(
                units=facts["units"], security=security, ratio=facts["ratio"], day=day, theirs=facts["theirs"]
            )
        case "SETTLEMENT":
            return texts.CAUSE_SETTLEMENT(count=len(one.about), day=day, total=facts["total"])
        case "DUPLICATE":
            return texts.CAUSE_DUPLICATE(day=day, effect=facts["effect"])
    return texts.CAUSE_PRICE(price=facts["price"], day=day, source=one.source or "")
