"""Both sides of many accounts on one day, read in a fixed number of statements."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.feeds.custody.rules import Held, Lot, Side, lots_of_day
from wealthnexus.domain.ledger.statements import minor_units_of, prepared
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, live_positions
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader

_LATEST: Final = """
latest as (
  select distinct on (e.account_id) e.account_id, e.batch_id, e.received_at from {table} e
  where e.tenant_id = :tenant and e.account_id = any(:account_ids) and e.day = :day
  order by e.account_id, e.received_at desc, e.batch_id desc
)"""

_THEIR_POSITIONS: Final = f"""
with {_LATEST.format(table="custodian_positions")}
select p.account_id, l.batch_id, l.received_at, p.security_id, p.currency, sum(p.quantity) as quantity,
  case when count(p.market_value) = count(*) then sum(p.market_value) end as market_value,
  max(p.price) as price, max(p.custodian_key) as custodian_key
from latest l join custodian_positions p on p.tenant_id = :tenant and p.account_id = l.account_id
  and p.day = :day and p.batch_id = l.batch_id
group by p.account_id, l.batch_id, l.received_at, p.security_id, p.currency
order by p.account_id, p.security_id, p.currency
"""

_THEIR_LOTS: Final = f"""
with {_LATEST.format(table="custodian_lots")}
select p.account_id, l.batch_id, l.received_at, p.security_id, p.acquired_on, p.quantity, p.cost_basis
from latest l join custodian_lots p on p.tenant_id = :tenant and p.account_id = l.account_id
  and p.day = :day and p.batch_id = l.batch_id
"""

_OURS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select p.account_id, p.security_id, p.security_currency as currency, p.currency as account_currency,
  sum(p.units) as quantity, max(p.close) as price, sum(p.value) as account_value,
  sum(round(p.units * p.close * p.price_multiplier, {minor_units_of("p.security_currency")})) as local_value
from positions p group by 1, 2, 3, 4
having sum(p.units) <> 0
union all
select k.account_id, null, k.currency, k.currency, c.cash, null, null, null
from cash c join asked k on k.account_id = c.account_id
"""

_OUR_LOTS: Final = """
select l.account_id, l.security_id, l.as_of, l.acquired_on, l.quantity, l.cost_basis
from lots l
where l.tenant_id = :tenant and l.account_id = any(:account_ids) and l.as_of <= :day
  and l.book_version <= :version and (l.superseded_version is null or l.superseded_version > :version)
"""


@dataclass(slots=True)
class Both:
    """One account. ``batch_id``: the latest of the evidence. ``custodian_keys``: what the custodian calls
    the securities."""

    batch_id: UUID
    received_at: Any
    ours: Side = field(default_factory=Side)
    theirs: Side = field(default_factory=Side)
    custodian_keys: dict[UUID, str] = field(default_factory=dict)


async def both_sides(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> dict[UUID, Both]:
    """The accounts with evidence on the view's day, each with both sides; four statements for all of them."""
    given = {"tenant": reader.tenant_id, "account_ids": list(account_ids), "day": view.as_of}
    positions = _grouped(await reader.rows(prepared(_THEIR_POSITIONS), given))
    lots = _grouped(await reader.rows(prepared(_THEIR_LOTS), given))
    keys = list(positions.keys() | lots.keys())
    if not keys:
        return {}
    parameters = {"tenant": reader.tenant_id, "account_ids": keys, **view.parameters()}
    ours = _grouped(await reader.rows(prepared(_OURS), parameters))
    our_lots: dict[UUID, list[Row[Any]]] = {}
    if lots:
        asked = {**given, "account_ids": list(lots), "version": view.book_version}
        our_lots = _grouped(await reader.rows(prepared(_OUR_LOTS), asked))
    found = {}
    for key in keys:
        said = [*positions.get(key, ()), *lots.get(key, ())]
        latest = max(said, key=lambda row: (row.received_at, row.batch_id))
        theirs, custodian_keys = _their_side(positions.get(key), lots.get(key))
        found[key] = Both(
            latest.batch_id,
            latest.received_at,
            _our_side(ours.get(key, ()), our_lots.get(key, ()), theirs),
            theirs,
            custodian_keys,
        )
    return found


def _grouped(rows: Sequence[Row[Any]]) -> dict[UUID, list[Row[Any]]]:
    grouped: dict[UUID, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.account_id, []).append(row)
    return grouped


def _their_side(
    positions: Sequence[Row[Any]] | None, lots: Sequence[Row[Any]] | None
) -> tuple[Side, dict[UUID, str]]:
    held: dict[UUID, Held] = {}
    cash: dict[str, Decimal] = {}
    called: dict[UUID, str] = {}
    for row in positions or ():
        if row.security_id is None:
            cash[row.currency] = cash.get(row.currency, Decimal(0)) + row.quantity
            continue
        if row.custodian_key:
            called[row.security_id] = row.custodian_key
        known = held.get(row.security_id)
        if known is None:
            held[row.security_id] = Held(row.quantity, row.currency, row.market_value, row.price)
        else:
            # Said in two currencies: the units add up, the values do not.
            held[row.security_id] = Held(known.quantity + row.quantity, known.currency)
    given: dict[UUID, list[Lot]] = {}
    for row in lots or ():
        given.setdefault(row.security_id, []).append(Lot(row.acquired_on, row.quantity, row.cost_basis))
    side = Side(held, cash, given, has_positions=positions is not None, has_lots=lots is not None)
    return side, called


def _our_side(rows: Sequence[Row[Any]], lots: Sequence[Row[Any]], theirs: Side) -> Side:
    held: dict[UUID, Held] = {}
    cash: dict[str, Decimal] = {}
    for row in rows:
        if row.security_id is None:
            cash[row.currency] = row.quantity
            continue
        said = theirs.held.get(row.security_id)
        # A custodian tells values in the security's currency or in the account's.
        in_account = said is not None and said.currency == row.account_currency != row.currency
        held[row.security_id] = Held(
            row.quantity,
            row.account_currency if in_account else row.currency,
            row.account_value if in_account else row.local_value,
            row.price,
        )
    given: dict[UUID, dict[date, list[Lot]]] = {}
    for row in lots:
        days = given.setdefault(row.security_id, {})
        days.setdefault(row.as_of, []).append(Lot(row.acquired_on, row.quantity, row.cost_basis))
    ours = {key: lots_of_day(days, held[key].quantity) for key, days in given.items() if key in held}
    return Side(held, cash, ours)
