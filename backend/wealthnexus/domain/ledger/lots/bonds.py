"""Bonds: accrued interest, what a trade at a price per 100 costs, price from yield, durations.

Sources: ICMA Rule 251 (ACT/ACT), the 30/360 bond basis, the street convention (yield compounded as often as
the coupon is paid). Prices are per 100 of face. Amounts are unrounded unless a currency is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Final

from wealthnexus.kit.money import round_money

from .arithmetic import EXACT, ONE, ZERO

HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Bond:
    """``coupon``: part of the face a year (8.5 % is 0.085), paid ``payments_per_year`` times to maturity."""

    coupon: Decimal
    maturity: date
    payments_per_year: int = 2
    day_count: str = "ACT/ACT"


@dataclass(frozen=True, slots=True)
class BondFigures:
    """Per 100 of face on a settlement date: prices, and durations in years."""

    accrued: Decimal
    clean: Decimal
    dirty: Decimal
    macaulay: Decimal
    modified: Decimal


def _months_before(day: date, months: int, day_of_month: int) -> date:
    number = day.year * 12 + day.month - 1 - months
    year, month = divmod(number, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day_of_month, last))


def coupon_period(bond: Bond, settlement: date) -> tuple[date, date, int]:
    """The coupon days around the settlement date (from it included, to it excluded), and payments still due.

    ValueError when the bond has matured or pays no coupons.
    """
    if settlement >= bond.maturity or bond.payments_per_year not in (1, 2, 3, 4, 6, 12):
        raise ValueError(
            f"settlement {settlement}, maturity {bond.maturity}: expected a bond with coupons ahead"
        )
    months = 12 // bond.payments_per_year
    due = 0
    following = bond.maturity
    while True:
        due += 1
        before = _months_before(bond.maturity, months * due, bond.maturity.day)
        if before <= settlement:
            return before, following, due
        following = before


def days_between(day_count: str, first: date, last: date) -> int:
    """Days by the convention: real ones, or of months of thirty days."""
    if not day_count.startswith("30"):
        return (last - first).days
    day_one, day_two = min(first.day, 30), last.day
    if day_count == "30E/360" or day_one == 30:
        day_two = min(day_two, 30)
    return (last.year - first.year) * 360 + (last.month - first.month) * 30 + day_two - day_one


def accrued_interest(bond: Bond, face: Decimal, settlement: date) -> Decimal:
    """Interest since the last coupon that the buyer pays the seller, unrounded. 0 without coupons."""
    if not bond.coupon:
        return ZERO
    with localcontext(EXACT):
        begins, ends, _due = coupon_period(bond, settlement)
        days = Decimal(days_between(bond.day_count, begins, settlement))
        if bond.day_count == "ACT/ACT":
            period = Decimal((ends - begins).days * bond.payments_per_year)
            return face * bond.coupon * days / period
        return face * bond.coupon * days / (365 if bond.day_count == "ACT/365" else 360)


def purchase_amount(
    face: Decimal, price: Decimal, accrued: Decimal, fees: Decimal, currency: str
) -> tuple[Decimal, Decimal]:
    """(the signed amount of a BUY, the accrued interest in it): face x price / 100, each rounded once."""
    interest = round_money(accrued, currency)
    return -(round_money(face * price / HUNDRED, currency) + interest + fees), interest


def figures(bond: Bond, settlement: date, bond_yield: Decimal) -> BondFigures:
    """Price and duration at a yield to maturity (0.062267 is 6.2267 %)."""
    with localcontext(EXACT):
        _begins, ends, due = coupon_period(bond, settlement)
        often = bond.payments_per_year
        accrued = accrued_interest(bond, HUNDRED, settlement)
        coupon = HUNDRED * bond.coupon / often
        if bond.coupon:
            elapsed = accrued / coupon
        else:
            begins = coupon_period(bond, settlement)[0]
            elapsed = Decimal((settlement - begins).days) / (ends - begins).days
        growth = ONE + bond_yield / often
        dirty = weighted = ZERO
        for number in range(due):
            periods = number + ONE - elapsed
            value = (coupon + (HUNDRED if number == due - 1 else ZERO)) / growth**periods
            dirty += value
            weighted += value * periods / often
        macaulay = weighted / dirty
        return BondFigures(accrued, dirty - accrued, dirty, macaulay, macaulay / growth)
