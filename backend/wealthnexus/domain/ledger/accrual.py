"""Interest that accrued on a bond to the close of a day, per unit of face: the rule, and the same in SQL.

Counted to the day itself, which begins a new period where it is a coupon day. A coupon whose day is no
session of the bond's market is paid on the next one, and stays in the value until then. The SQL function
``accrued_per_face`` of the database and ``accrued_per_face`` here agree to the last place; a property test
says so. Source: docs/domain/valuation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Final

from wealthnexus.domain.ledger.lots.bonds import HUNDRED, Bond, coupon_period, days_between
from wealthnexus.domain.markets.rules import calendars

PLACES: Final = 24
"""Accrued interest of a unit of face is rounded half-up here: far below what any amount can show."""
DAY_COUNTS: Final = ("30/360", "30E/360", "ACT/ACT", "ACT/360", "ACT/365")
PAYMENTS: Final = (1, 2, 3, 4, 6, 12)
BOND_TYPES: Final = (
    "AGENCY_BOND", "ASSET_BACKED", "BOND", "CERTIFICATE_OF_DEPOSIT", "CONVERTIBLE_BOND", "CORPORATE_BOND",
    "GOVERNMENT_BOND", "MORTGAGE_BACKED", "MUNICIPAL_BOND",
)  # fmt: skip
"""Of a bond whose coupon is not told it is taken that it bears interest."""
_PRECISION: Final = 80
_SATURDAY: Final = 5
_ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Accrual:
    """``per_face``: interest of a unit of face, rounded. ``days`` of the period from ``begins`` to ``ends``;
    ``due``: of it the coupon of a day on which nothing was paid yet. No period: the bond has matured."""

    per_face: Decimal
    begins: date | None
    ends: date | None
    days: int
    due: Decimal


def accrued_per_face(
    coupon: Decimal, maturity: date, payments_per_year: int, day_count: str, day: date, *, paid_to: date
) -> Accrual | None:
    """``coupon`` in percent of the face a year; ``paid_to``: the last session of its market by ``day``.

    None for terms that say nothing: another day count, or payments that do not divide a year.
    """
    if not coupon or (day >= maturity and maturity <= paid_to):
        return Accrual(_ZERO, None, None, 0, _ZERO)
    if payments_per_year not in PAYMENTS or day_count not in DAY_COUNTS:
        return None
    with localcontext(prec=_PRECISION):
        one = _rounded(coupon / (HUNDRED * payments_per_year))
        if day >= maturity:
            return Accrual(one, None, None, 0, one)
        begins, ends, _ = coupon_period(Bond(coupon, maturity, payments_per_year, day_count), day)
        days = days_between(day_count, begins, day)
        year = {"ACT/ACT": (ends - begins).days * payments_per_year, "ACT/365": 365}.get(day_count, 360)
        due = one if begins > paid_to else _ZERO
        return Accrual(_rounded(coupon * days / (HUNDRED * year)) + due, begins, ends, days, due)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)


# -- until when coupons were paid ---------------------------------------------------------------------------


def _weekday(day: date) -> date:
    return day - timedelta(days=max(day.weekday() - _SATURDAY + 1, 0))


def paid_to(exchange: str | None, day: date) -> date:
    """The last session of the market on or before the day; the last weekday where they are not known."""
    calendar = calendars.calendar_of(exchange)
    return _weekday(day) if calendar is None else calendar.session_on_or_before(day)


@lru_cache(maxsize=64)
def _odd(days: tuple[date, ...]) -> tuple[tuple[str, date, date], ...]:
    weekdays = [(day, _weekday(day)) for day in days]
    by_code: dict[str, list[tuple[date, date]]] = {}
    for code in calendars.calendar_codes():
        calendar = calendars.calendar_of(code)
        if calendar is not None:
            by_code[code] = [
                (day, calendar.session_on_or_before(day))
                for day, weekday in weekdays
                if weekday in calendar.closed or (day != weekday and calendar.weekend_sessions)
            ]
    markets = {**{code: code for code in by_code}, **calendars.SAME_AS}
    return tuple((market, *each) for market, code in sorted(markets.items()) for each in by_code[code])


def closed_on(days: Sequence[date]) -> dict[str, list[str] | list[date]]:
    """Parameters of ``ACCRUALS``: markets and days on which the last session is another than the last
    weekday, and that session."""
    odd = _odd(tuple(days))
    return {
        "closed_markets": [market for market, _, _ in odd],
        "closed_days": [day for _, day, _ in odd],
        "closed_since": [since for _, _, since in odd],
    }


# -- the same in SQL ----------------------------------------------------------------------------------------

BEARS: Final = "({s}.coupon > 0 or ({s}.coupon is null and {s}.security_type in ({types})))".replace(
    "{types}", ", ".join(f"'{each}'" for each in BOND_TYPES)
)
"""Whether a security bears interest."""
# A price of 1 per unit says nothing of a unit's face: of such a bond the terms are not all told.
_PER_UNIT: Final = """case when {s}.maturity <= {paid_to} then 0 when {s}.price_multiplier <> 1
    then accrued_per_face({s}.coupon, {s}.maturity, {s}.payments_per_year, {s}.day_count, {day}, {paid_to})
      * 100 * {s}.price_multiplier end"""
LACKS: Final = """({s}.price_multiplier = 1 or accrued_per_face({s}.coupon, {s}.maturity,
    {s}.payments_per_year, {s}.day_count, {s}.maturity - 1, {s}.maturity - 1) is null)"""
"""Whether, before it matures, a bond's terms do not tell what accrues."""
_WEEKDAY: Final = "({day} - greatest(extract(isodow from {day})::int - 5, 0))"


def per_unit(security: str, day: str, closed: str) -> str:
    """SQL: accrued interest of a unit of ``security`` (an alias of ``securities``) in its currency, null
    where its terms are not told. ``closed``: an alias of ``CLOSED``, joined for its exchange and the day."""
    paid = f"coalesce({closed}.since, {_WEEKDAY.format(day=day)})"
    return _PER_UNIT.format(s=security, day=day, paid_to=paid)


CLOSED: Final = "unnest(:closed_markets, :closed_days, :closed_since)"
