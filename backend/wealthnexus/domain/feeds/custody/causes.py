"""What may lie behind a difference, found by arithmetic in the books. Pure.

Each cause names its evidence; none is more than likely. What a person could post to mend it comes along
where the books tell enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

ZERO: Final = Decimal(0)
CENT: Final = Decimal("0.01")
PRICE_TOLERANCE: Final = Decimal("0.02")
"""How far the price that two differences imply may lie from a close: a trade is not done at the close."""
FEE_MAX: Final = Decimal(1_000)
WITHHELD: Final = (Decimal(1), Decimal("0.85"), Decimal("0.70"))
"""Shares of a dividend that arrive: all of it, or what is left after 15 or 30 percent withholding tax."""

CauseCode = Literal[
    "UNBOOKED_TRADE", "UNBOOKED_DIVIDEND", "UNBOOKED_FEE", "UNBOOKED_SPLIT", "SETTLEMENT", "DUPLICATE",
    "PRICE",
]  # fmt: skip
CODES: Final[tuple[CauseCode, ...]] = (
    "UNBOOKED_TRADE", "UNBOOKED_DIVIDEND", "UNBOOKED_FEE", "UNBOOKED_SPLIT", "SETTLEMENT", "DUPLICATE",
    "PRICE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of an account: theirs less ours. ``day``: the last compared day that shows it."""

    id: UUID
    account_id: UUID
    kind: str
    security_id: UUID | None
    currency: str
    ours: Decimal | None
    theirs: Decimal | None
    amount: Decimal
    opened_on: date
    day: date


@dataclass(frozen=True, slots=True)
class Booked:
    """A transaction of the account near the difference, as it stands now."""

    id: UUID
    type: str
    security_id: UUID | None
    trade_date: date
    settlement_date: date
    units: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Announced:
    """What an issuer did near the difference. ``units``: held before the ex-date."""

    security_id: UUID
    type: str
    ex_date: date
    pay_date: date | None
    units: Decimal
    ratio: Decimal | None = None
    cash_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Quoted:
    """The close that counts on a day, times the security's multiplier."""

    day: date
    close: Decimal
    source: str
    multiplier: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The books around a difference: its account's other open differences, what was booked, announced and
    quoted. ``prices``: of the securities whose units differ, oldest first."""

    others: Sequence[Difference] = ()
    booked: Sequence[Booked] = ()
    announced: Sequence[Announced] = ()
    prices: dict[UUID, Sequence[Quoted]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """What could be posted so that the difference goes."""

    type: str
    trade_date: date
    amount: Decimal
    security_id: UUID | None = None
    quantity: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """``about``: the transactions or differences it rests on; ``facts``: named figures for its sentence."""

    code: CauseCode
    security_id: UUID | None = None
    day: date | None = None
    facts: tuple[tuple[str, Decimal], ...] = ()
    about: tuple[UUID, ...] = ()
    entry: Entry | None = None
    source: str | None = None


def causes_of(one: Difference, around: Surroundings) -> list[Cause]:
    """What may lie behind the difference, the most telling first."""
    found: list[Cause] = []
    if one.kind == "QUANTITY":
        found += _trade(one, _opposite(one, around.others), around)
        found += _splits(one, around.announced)
    elif one.kind == "CASH":
        for other in around.others:
            if other.kind == "QUANTITY" and other.currency == one.currency:
                found += _trade(other, [one], around)
        found += _dividends(one, around.announced)
        found += _fees(one, around.others, found)
    elif one.kind == "MARKET_VALUE":
        found += _price(one, around.prices)
    if one.kind in ("QUANTITY", "CASH"):
        found += _settlement(one, around.booked)
        found += _duplicates(one, around.booked)
    return found


def _opposite(one: Difference, others: Iterable[Difference]) -> list[Difference]:
    return [
        each
        for each in others
        if each.kind == "CASH" and each.currency == one.currency and (each.amount > 0) != (one.amount > 0)
    ]


def _trade(units: Difference, cash: Sequence[Difference], around: Surroundings) -> list[Cause]:
    """Units one way and cash the other, at a price near a close of those days."""
    if units.security_id is None or units.amount == 0:
        return []
    for each in cash:
        if (each.amount > 0) == (units.amount > 0):
            continue
        for quote in reversed(around.prices.get(units.security_id, ())):
            if quote.day > units.day or quote.close <= 0:
                continue
            implied = abs(each.amount / units.amount / quote.multiplier)
            if abs(implied / quote.close - 1) > PRICE_TOLERANCE:
                continue
            kind = "BUY" if units.amount > 0 else "SELL"
            price = quote.close if abs(implied - quote.close) * abs(units.amount) <= CENT else implied
            return [
                Cause(
                    "UNBOOKED_TRADE",
                    units.security_id,
                    quote.day,
                    (("units", abs(units.amount)), ("price", quote.close), ("cash", each.amount)),
                    (units.id, each.id),
                    Entry(
                        kind,
                        quote.day,
                        each.amount,
                        units.security_id,
                        abs(units.amount),
                        price.quantize(Decimal("0.000001")).normalize(),
                    ),
                )
            ]
    return []


def _splits(one: Difference, announced: Iterable[Announced]) -> list[Cause]:
    """What we hold times the ratio is what they hold."""
    return [
        Cause(
            "UNBOOKED_SPLIT",
            one.security_id,
            each.ex_date,
            (("units", one.ours), ("ratio", each.ratio), ("theirs", one.theirs)),
            entry=Entry("SPLIT", each.ex_date, ZERO, one.security_id, one.theirs - one.ours),
        )
        for each in announced
        if each.security_id == one.security_id
        and each.ratio is not None
        and one.ours
        and one.theirs is not None
        and abs(one.ours * each.ratio - one.theirs) < 1
        and each.ratio != 1
    ]


def _dividends(one: Difference, announced: Iterable[Announced]) -> list[Cause]:
    """Units held before the ex-date times the cash per unit, with or without withholding tax."""
    found = []
    for each in announced:
        if each.cash_amount is None or each.units == 0:
            continue
        gross = each.units * each.cash_amount
        for share in WITHHELD:
            if abs(gross * share - one.amount) > CENT:
                continue
            facts = (("units", each.units), ("rate", each.cash_amount), ("cash", one.amount))
            day = each.pay_date or each.ex_date
            entry = Entry("DIVIDEND", min(day, one.day), one.amount, each.security_id)
            found.append(Cause("UNBOOKED_DIVIDEND", each.security_id, day, facts, (), entry))
            break
    return found


def _fees(one: Difference, others: Iterable[Difference], found: Sequence[Cause]) -> list[Cause]:
    """A little less cash at the custodian and nothing else that differs: a charge not booked here."""
    alone = not any(each.kind == "QUANTITY" for each in others)
    if found or not alone or not -FEE_MAX <= one.amount < 0:
        return []
    entry = Entry("EXPENSE", one.opened_on, one.amount)
    return [Cause("UNBOOKED_FEE", None, one.opened_on, (("cash", one.amount),), (), entry)]


def _settlement(one: Difference, booked: Iterable[Booked]) -> list[Cause]:
    """What was traded by the day and settles after it: a custodian that counts by settlement has it later."""
    waiting = [
        each
        for each in booked
        if each.trade_date <= one.day < each.settlement_date
        and (one.kind == "CASH" or each.security_id == one.security_id)
    ]
    total = sum((each.amount if one.kind == "CASH" else each.units for each in waiting), ZERO)
    if not waiting or total == 0 or total != -one.amount:
        return []
    day = max(each.settlement_date for each in waiting)
    return [Cause("SETTLEMENT", one.security_id, day, (("total", total),), tuple(e.id for e in waiting))]


def _duplicates(one: Difference, booked: Sequence[Booked]) -> list[Cause]:
    """Two entries alike, of which one makes the difference."""
    seen: dict[tuple[str, UUID | None, date, Decimal, Decimal], Booked] = {}
    for each in sorted(booked, key=lambda row: (row.trade_date, row.id)):
        content = (each.type, each.security_id, each.trade_date, each.units, each.amount)
        twin = seen.setdefault(content, each)
        effect = each.amount if one.kind == "CASH" else each.units
        is_about = one.kind == "CASH" or each.security_id == one.security_id
        if twin is not each and is_about and effect != 0 and effect == -one.amount:
            facts = (("effect", effect),)
            return [Cause("DUPLICATE", each.security_id, each.trade_date, facts, (twin.id, each.id))]
    return []


def _price(one: Difference, prices: dict[UUID, Sequence[Quoted]]) -> list[Cause]:
    """The units agree, so the prices differ: whose, and of which day."""
    quotes = prices.get(one.security_id) if one.security_id is not None else None
    last = next((each for each in reversed(quotes or ()) if each.day <= one.day), None)
    if last is None:
        return []
    return [Cause("PRICE", one.security_id, last.day, (("price", last.close),), source=last.source)]
