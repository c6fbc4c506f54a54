"""What differs between our books and the custodian's evidence of one account and day. Pure.

Amounts are in the currency they are said in, quantities signed as in the ledger. Nothing here rounds: both
sides come as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from wealthnexus.kit.money import minor_units

Kind = Literal["QUANTITY", "CASH", "MARKET_VALUE", "LOTS"]
KINDS: Final[tuple[Kind, ...]] = ("QUANTITY", "CASH", "MARKET_VALUE", "LOTS")
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as equal, and when one person is not enough.

    ``value_share`` of the custodian's market value or ``value_least`` units of its currency, whichever is
    more. ``two_persons_above``: what a difference is worth, in its own currency. Findings turn from warning
    to breach at ``breach_above`` or after ``breach_days``.
    """

    value_share: Decimal = Decimal("0.005")
    value_least: Decimal = Decimal(1)
    two_persons_above: Decimal = Decimal(10_000)
    breach_above: Decimal = Decimal(10_000)
    breach_days: int = 5


POLICY: Final = Policy()


@dataclass(frozen=True, slots=True)
class Held:
    """One security on one side. ``market_value``, ``price``: None where that side does not know it."""

    quantity: Decimal
    currency: str
    market_value: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """``acquired_on`` None: not known. ``cost_basis`` None: not known."""

    acquired_on: date | None
    quantity: Decimal
    cost_basis: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One account on one day as one side has it.

    ``positions``, ``lots``: whether that side says anything of them at all on the day; what it says nothing
    of is not compared.
    """

    held: Mapping[UUID, Held] = field(default_factory=dict)
    cash: Mapping[str, Decimal] = field(default_factory=dict)
    lots: Mapping[UUID, Sequence[Lot]] = field(default_factory=dict)
    has_positions: bool = True
    has_lots: bool = True


@dataclass(frozen=True, slots=True)
class Key:
    """What a difference is about: at most one of each on a day."""

    kind: Kind
    security_id: UUID | None
    currency: str


@dataclass(frozen=True, slots=True)
class Break:
    """One difference. ``ours`` or ``theirs`` None: that side does not have it. ``difference``: theirs less
    ours. ``acquired_on``, ``is_basis``: of lots, which day differs and in what. ``worth``: of the difference,
    in ``currency``; None when no price tells."""

    key: Key
    ours: Decimal | None
    theirs: Decimal | None
    difference: Decimal
    tolerance: Decimal
    worth: Decimal | None
    acquired_on: date | None = None
    is_basis: bool = False
    our_price: Decimal | None = None
    their_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """``count``: figures that both sides were asked for; ``breaks`` in the order of their keys."""

    count: int
    breaks: tuple[Break, ...]


def compare(ours: Side, theirs: Side, policy: Policy = POLICY) -> Compared:
    """Every difference between the two sides beyond the tolerances.

    A security whose quantity differs is not compared further: its value and lots differ for that reason.
    """
    breaks: list[Break] = []
    count = 0
    differing: set[UUID] = set()
    if theirs.has_positions:
        quantity_count, found = _quantities(ours, theirs)
        differing = {one.key.security_id for one in found if one.key.security_id is not None}
        cash_count, of_cash = _cash(ours, theirs)
        value_count, of_values = _values(ours, theirs, differing, policy)
        breaks += [*found, *of_cash, *of_values]
        count += quantity_count + cash_count + value_count
    if theirs.has_lots:
        lots_count, of_lots = _lots(ours, theirs, differing)
        breaks += of_lots
        count += lots_count
    return Compared(count, tuple(sorted(breaks, key=lambda one: _order(one.key))))


def _order(key: Key) -> tuple[int, str, str]:
    return KINDS.index(key.kind), key.currency, str(key.security_id or "")


def cash_tolerance(currency: str) -> Decimal:
    """A hundredth of the currency's smallest unit: less is the noise of somebody's arithmetic."""
    return Decimal(1).scaleb(-minor_units(currency) - 2)


def _quantities(ours: Side, theirs: Side) -> tuple[int, list[Break]]:
    found = []
    keys = ours.held.keys() | theirs.held.keys()
    for security_id in keys:
        mine, their = ours.held.get(security_id), theirs.held.get(security_id)
        known = their or mine
        difference = (their.quantity if their else ZERO) - (mine.quantity if mine else ZERO)
        if known is None or difference == 0:
            continue
        found.append(
            Break(
                Key("QUANTITY", security_id, (mine or known).currency),
                mine.quantity if mine else None,
                their.quantity if their else None,
                difference,
                ZERO,
                _worth_of(difference, mine, their),
            )
        )
    return len(keys), found


def _worth_of(units: Decimal, *sides: Held | None) -> Decimal | None:
    """Units at the value of one unit, by the first side that knows it."""
    for side in sides:
        if side is not None and side.market_value is not None and side.quantity != 0:
            return abs(units * side.market_value / side.quantity)
    return None


def _cash(ours: Side, theirs: Side) -> tuple[int, list[Break]]:
    found = []
    currencies = ours.cash.keys() | theirs.cash.keys()
    for currency in currencies:
        mine, their = ours.cash.get(currency), theirs.cash.get(currency)
        difference, tolerance = (their or ZERO) - (mine or ZERO), cash_tolerance(currency)
        if abs(difference) > tolerance:
            key = Key("CASH", None, currency)
            found.append(Break(key, mine, their, difference, tolerance, abs(difference)))
    return len(currencies), found


def value_tolerance(theirs: Decimal, policy: Policy) -> Decimal:
    return max(abs(theirs) * policy.value_share, policy.value_least)


def _values(ours: Side, theirs: Side, differing: set[UUID], policy: Policy) -> tuple[int, list[Break]]:
    """Only where both sides know a value in the same currency: what has no price is the price desk's."""
    found, count = [], 0
    for security_id in (ours.held.keys() & theirs.held.keys()) - differing:
        mine, their = ours.held[security_id], theirs.held[security_id]
        if mine.market_value is None or their.market_value is None or mine.currency != their.currency:
            continue
        count += 1
        difference = their.market_value - mine.market_value
        tolerance = value_tolerance(their.market_value, policy)
        if abs(difference) > tolerance:
            found.append(
                Break(
                    Key("MARKET_VALUE", security_id, mine.currency),
                    mine.market_value,
                    their.market_value,
                    difference,
                    tolerance,
                    abs(difference),
                    our_price=mine.price,
                    their_price=their.price,
                )
            )
    return count, found


def _lots(ours: Side, theirs: Side, differing: set[UUID]) -> tuple[int, list[Break]]:
    """Where our lots of the day add up to what we hold; elsewhere our lots of the day are not known."""
    found, count = [], 0
    for security_id in theirs.lots.keys() - differing:
        mine = ours.lots.get(security_id, ())
        held = ours.held.get(security_id)
        if held is None or not mine or sum((lot.quantity for lot in mine), ZERO) != held.quantity:
            continue
        count += 1
        one = _lot_break(security_id, held, mine, theirs.lots[security_id])
        if one is not None:
            found.append(one)
    return count, found


def _lot_break(security_id: UUID, held: Held, mine: Sequence[Lot], their: Sequence[Lot]) -> Break | None:
    """The first day of purchase on which units or cost differ; a day not known comes last."""
    key = Key("LOTS", security_id, held.currency)
    our_days, their_days = lots_by_day(mine), lots_by_day(their)
    days = sorted(our_days.keys() | their_days.keys(), key=lambda day: day or date.max)
    for day in days:
        units, theirs = our_days.get(day), their_days.get(day)
        difference = (theirs.quantity if theirs else ZERO) - (units.quantity if units else ZERO)
        if difference:
            return Break(
                key,
                units.quantity if units else None,
                theirs.quantity if theirs else None,
                difference,
                ZERO,
                _worth_of(difference, held),
                day,
            )
    tolerance = Decimal(1).scaleb(-minor_units(held.currency))
    for day in days:
        cost, their_cost = our_days[day].cost_basis, their_days[day].cost_basis
        if cost is not None and their_cost is not None and abs(their_cost - cost) > tolerance:
            difference = their_cost - cost
            return Break(key, cost, their_cost, difference, tolerance, abs(difference), day, is_basis=True)
    return None


def lots_by_day(lots: Iterable[Lot]) -> dict[date | None, Lot]:
    """Lots of one security bought on the same day, added up; a cost that one lacks is not known."""
    days: dict[date | None, Lot] = {}
    for lot in lots:
        known = days.get(lot.acquired_on)
        if known is None:
            days[lot.acquired_on] = lot
            continue
        cost = (
            None if known.cost_basis is None or lot.cost_basis is None else known.cost_basis + lot.cost_basis
        )
        days[lot.acquired_on] = Lot(lot.acquired_on, known.quantity + lot.quantity, cost)
    return days


Severity = Literal["INFO", "WARNING", "BREACH"]


def severity_of(worth: Decimal | None, age_days: int, policy: Policy = POLICY) -> Severity:
    """How much a difference presses: large or old ones are breaches; what has no price counts as large."""
    if worth is None or worth > policy.breach_above or age_days >= policy.breach_days:
        return "BREACH"
    return "WARNING"


def lots_of_day(given: Mapping[date, Sequence[Lot]], quantity: Decimal) -> Sequence[Lot]:
    """Our lots of one security on a day, from those given for days up to it: all of them together or those
    of the latest day, whichever add up to the ``quantity`` held; none when neither does."""
    if not given:
        return ()
    for lots in ([lot for each in given.values() for lot in each], given[max(given)]):
        if sum((lot.quantity for lot in lots), ZERO) == quantity:
            return lots
    return ()
