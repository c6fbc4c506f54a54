"""What must hold in production, looked at account by account: each side by a way of its own.

positions = transactions, cash = the sum of the amounts, an account = its positions, the interest accrued on
them and cash, its sleeves sum to it, and what is stored is what the books say. What does not hold is a fault
of ours, not of the data.
(Lots = positions is looked at with the tax lots.)
"""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.closing import texts
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.daily import daily_values, joined_by_hash, parameters
from wealthnexus.domain.ledger.statements import prepared, used
from wealthnexus.domain.ledger.valuation import ASKED_BY_IDS, live_positions, live_values
from wealthnexus.domain.performance.repository.values import computed_values, spans_of, values_of
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.money import plain

POSITIONS_UNLIKE: Final = "POSITIONS_UNLIKE_TRANSACTIONS"
CASH_UNLIKE: Final = "CASH_UNLIKE_TRANSACTIONS"
VALUE_UNLIKE: Final = "VALUE_UNLIKE_POSITIONS"
SLEEVES_UNLIKE: Final = "SLEEVES_UNLIKE_ACCOUNT"
STORED_UNLIKE: Final = "STORED_VALUE_UNLIKE_BOOKS"
DAY_UNLIKE: Final = "STORED_DAY_UNLIKE_BOOKS"
CODES: Final = (POSITIONS_UNLIKE, CASH_UNLIKE, VALUE_UNLIKE, SLEEVES_UNLIKE, STORED_UNLIKE, DAY_UNLIKE)

_SUMMED: Final = """
select t.account_id, t.security_id, sum(t.units) as units, sum(t.amount) as amount
from transactions t
where t.tenant_id = :tenant and t.account_id = any(:account_ids)
  and t.trade_date <= :as_of and t.book_version <= :version
group by t.account_id, t.security_id
"""
_POSITIONS: Final = f"""
with {live_positions(ASKED_BY_IDS)}
select p.account_id, p.security_id, sum(p.units) as units,
  sum(p.value + coalesce(p.accrued, 0)) as value,
  count(*) filter (where p.value is null) as unpriced
from positions p group by p.account_id, p.security_id
"""
_VALUES: Final = f"""
with {live_values(ASKED_BY_IDS, only_asked=True)}
select v.account_id, a.name, v.market_value, v.cash, v.unpriced_count, s.market_value as stored_value,
  s.cash as stored_cash, v.accrued_interest, s.accrued_interest as stored_accrued,
  s.account_id is not null as is_stored,
  (select {{minor}} from asked k where k.account_id = v.account_id) as minor
from account_values v
join accounts a on a.tenant_id = :tenant and a.id = v.account_id
left join account_valuations s on s.tenant_id = :tenant and s.day = :as_of and s.account_id = v.account_id
""".replace("{minor}", "k.minor")
_SLEEVES: Final = f"""
with {daily_values(ASKED_BY_IDS, by_sleeve=True)}
select d.account_id, sum(d.market_value) as value, sum(d.unpriced_count) as unpriced from daily d group by 1
"""


@dataclass(frozen=True, slots=True)
class Unlike:
    """What one side shows and the other sums to, of an account."""

    code: str
    account_id: UUID
    key: str
    sentence: str


async def broken(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> list[Unlike]:
    """Everything that does not hold of the accounts on the view's day; six statements and two for days."""
    given: dict[str, Any] = {
        "tenant": reader.tenant_id, **view.parameters(), "account_ids": list(account_ids),
    }  # fmt: skip
    summed = await reader.rows(prepared(_SUMMED), used(_SUMMED, given))
    positions = await reader.rows(prepared(_POSITIONS), used(_POSITIONS, given))
    values = {row.account_id: row for row in await reader.rows(prepared(_VALUES), used(_VALUES, given))}
    found = _Found({key: row.name for key, row in values.items()})
    _units(found, summed, positions)
    _cash(found, summed, values)
    _sums(found, positions, values)
    if view.is_stored:
        _stored(found, values)
    listed = [view.as_of]
    async with joined_by_hash(reader):
        days = {**given, **parameters(view, listed, view.currency)}
        sleeves = await reader.rows(prepared(_SLEEVES), used(_SLEEVES, days))
    for row in sleeves:
        of = values.get(row.account_id)
        if of is not None and not row.unpriced and not of.unpriced_count:
            found.unless(
                row.value == of.market_value, SLEEVES_UNLIKE, row.account_id, (of.market_value, row.value)
            )
    await _days(reader, view, account_ids, found)
    return found.all


class _Found:
    def __init__(self, names: dict[UUID, str]) -> None:
        self._names = names
        self.all: list[Unlike] = []

    def unless(
        self,
        holds: bool,
        code: str,
        account: UUID,
        sides: tuple[Decimal | None, Decimal | None],
        of: str = "",
    ) -> None:
        """``sides``: what is shown and what was summed."""
        if holds or account not in self._names:
            return
        said = {"name": self._names[account], "shown": _shown(sides[0]), "summed": _shown(sides[1])}
        self.all.append(Unlike(code, account, f"{account}:{of}", _SENTENCES[code](**said)))


_SENTENCES: Final[dict[str, Callable[..., str]]] = {
    POSITIONS_UNLIKE: texts.UNLIKE_TRANSACTIONS,
    CASH_UNLIKE: texts.CASH_UNLIKE,
    VALUE_UNLIKE: texts.VALUE_UNLIKE,
    SLEEVES_UNLIKE: texts.SLEEVES_UNLIKE,
    STORED_UNLIKE: texts.DAY_UNLIKE,
    DAY_UNLIKE: texts.DAY_UNLIKE,
}


def _shown(value: Decimal | None) -> str:
    return texts.NO_FIGURE() if value is None else plain(value)


def _units(found: _Found, summed: Sequence[Any], positions: Sequence[Any]) -> None:
    held = {(row.account_id, row.security_id): row.units for row in positions}
    moved = {
        (row.account_id, row.security_id): row.units
        for row in summed
        if row.security_id is not None and row.units
    }
    for key in sorted(held.keys() | moved.keys()):
        shown, total = held.get(key, Decimal(0)), moved.get(key, Decimal(0))
        found.unless(shown == total, POSITIONS_UNLIKE, key[0], (shown, total), str(key[1]))


def _cash(found: _Found, summed: Sequence[Any], values: dict[UUID, Any]) -> None:
    paid: dict[UUID, Decimal] = {}
    for row in summed:
        paid[row.account_id] = paid.get(row.account_id, Decimal(0)) + row.amount
    for key, row in values.items():
        # Within half a minor unit: an account shows whole ones.
        total = paid.get(key, Decimal(0))
        holds = abs(row.cash - total) <= Decimal(5).scaleb(-row.minor - 1)
        found.unless(holds, CASH_UNLIKE, key, (row.cash, total))


def _sums(found: _Found, positions: Sequence[Any], values: dict[UUID, Any]) -> None:
    worth: dict[UUID, Decimal] = {}
    for row in positions:
        worth[row.account_id] = worth.get(row.account_id, Decimal(0)) + (row.value or Decimal(0))
    for key, row in values.items():
        if row.market_value is not None:
            total = worth.get(key, Decimal(0)) + row.cash
            found.unless(row.market_value == total, VALUE_UNLIKE, key, (row.market_value, total))


def _stored(found: _Found, values: dict[UUID, Any]) -> None:
    for key, row in values.items():
        stored = row.stored_value, row.stored_cash, row.stored_accrued
        holds = row.is_stored and stored == (row.market_value, row.cash, row.accrued_interest)
        found.unless(holds, STORED_UNLIKE, key, (row.stored_value, row.market_value))


async def _days(reader: Reader, view: BookView, account_ids: Sequence[UUID], found: _Found) -> None:
    """The last valuation day, as it is read (stored where it holds) and from scratch."""
    spans = await spans_of(reader, view, account_ids)
    first = min((each for each, _ in spans.values()), default=None)
    listed = valuation_days(first, view.as_of)[-1:] if first is not None else []
    if not listed:
        return
    then = replace(view, is_stored=False)
    read = await values_of(reader, then, spans, listed, view.currency)
    scratch = await computed_values(reader, then, list(spans), listed, view.currency)
    for key in account_ids:
        shown, total = (each.values.get(key, {}).get(listed[0]) for each in (read, scratch))
        found.unless(shown == total, DAY_UNLIKE, key, (shown, total))
