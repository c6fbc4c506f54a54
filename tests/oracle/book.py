"""An independent reading of a bundle: what a household is worth, by plain Python and nothing of ours.

    python tests/oracle/book.py DIR --as-of 2021-03-31

It reads the CSV files of a bundle folder with ``csv`` and ``Decimal`` and prints JSON: per account the cash,
the units and value of every security, and the total; per household the total in one currency. It is written
to be slow and plain, so that it can be checked by eye, and shares no code with what it checks.

Conventions, each of them the product's:
- cash is the sum of ``amount`` of transactions traded on or before the day (``settled_cash``: settled by it);
- units follow the type: BUY, REINVEST, TRANSFER_IN, COVER, ASSIGNMENT add; SELL, SHORT, TRANSFER_OUT,
  EXERCISE remove; JOURNAL and what corporate actions post are signed; EXPIRATION closes toward zero; every
  other type leaves units alone;
- price is the last close on or before the day, times ``price_multiplier``; raw, never adjusted;
- a position is converted to the account's currency and rounded once, half-up to the minor unit; totals add
  the rounded figures; an account is converted to the household's currency and rounded the same way;
- a bond accrues interest from coupon day to coupon day, counted back from its maturity, to the end of the
  day; a coupon whose day is no session of its market stays until the next one; it is converted and rounded by
  itself, beside the position, and both are in the totals; where its terms are not told the total is partial;
- conversion: the pair as published, else its inverse, else through EUR, else through USD; each rate the last
  on or before the day; inverse and cross rates are rounded half-up to 24 places, so that half a cent at an
  inverse of 1 / 1.12 is a hair less than half;
- an account counts in a household from ``member_from`` to the day before ``member_to``;
- a position without a price or rate has no value and is listed as unpriced, never counted as 0 silently;
  a total in which anything is missing is partial;
- a price is stale when more than five sessions of its market have passed since (in New York weekdays but for
  the closings below, elsewhere weekdays), an appraisal after 92 days.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import sys
from bisect import bisect_right
from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path
from typing import ParamSpec, TypeVar

STALE_AFTER_SESSIONS = 5
STALE_AFTER_DAYS_APPRAISED = 92
APPRAISED = {
    "PRIVATE_FUND", "HEDGE_FUND", "PRIVATE_COMPANY", "REAL_ESTATE", "COLLECTIBLE", "ANNUITY", "INSURANCE",
    "LOAN",
}  # fmt: skip
# The weekdays on which the exchanges in New York were closed, as they announced them.
CLOSED = {
    2013: "0101 0121 0218 0329 0527 0704 0902 1128 1225",
    2014: "0101 0120 0217 0418 0526 0704 0901 1127 1225",
    2015: "0101 0119 0216 0403 0525 0703 0907 1126 1225",
    2016: "0101 0118 0215 0325 0530 0704 0905 1124 1226",
    2017: "0102 0116 0220 0414 0529 0704 0904 1123 1225",
    2018: "0101 0115 0219 0330 0528 0704 0903 1122 1205 1225",
    2019: "0101 0121 0218 0419 0527 0704 0902 1128 1225",
    2020: "0101 0120 0217 0410 0525 0703 0907 1126 1225",
    2021: "0101 0118 0215 0402 0531 0705 0906 1125 1224",
}  # fmt: skip
DEBT = {
    "AGENCY_BOND", "ASSET_BACKED", "BOND", "CERTIFICATE_OF_DEPOSIT", "CONVERTIBLE_BOND", "CORPORATE_BOND",
    "GOVERNMENT_BOND", "MORTGAGE_BACKED", "MUNICIPAL_BOND",
}  # fmt: skip
NEW_YORK = {"XNYS", "XNAS", "ARCX", "BATS"}
ADDS = {"BUY", "REINVEST", "TRANSFER_IN", "COVER", "ASSIGNMENT"}
SIGNED = {"JOURNAL", "SPLIT", "STOCK_DIVIDEND", "SPIN_OFF", "MERGER", "SYMBOL_CHANGE", "CASH_IN_LIEU"}
REMOVES = {"SELL", "SHORT", "TRANSFER_OUT", "EXERCISE"}
DECIMALS = {"JPY": 0, "KRW": 0, "ISK": 0, "CLP": 0, "KWD": 3, "BHD": 3, "OMR": 3, "TND": 3, "JOD": 3}


def read(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


P = ParamSpec("P")
R = TypeVar("R")


def long(function: Callable[P, R]) -> Callable[P, R]:
    """Carry sixty digits, so that nothing is rounded before it is meant to be."""

    @functools.wraps(function)
    def carried(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext() as context:
            context.prec = 60
            return function(*args, **kwargs)

    return carried


class History:
    """Dated values; the one in force on a day is the last on or before it."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.values: list[Decimal] = []

    def add(self, day: date, value: Decimal) -> None:
        place = bisect_right(self.days, day)
        self.days.insert(place, day)
        self.values.insert(place, value)

    def on(self, day: date) -> tuple[date, Decimal] | None:
        place = bisect_right(self.days, day) - 1
        return (self.days[place], self.values[place]) if place >= 0 else None


class Book:
    """A bundle folder read whole."""

    def __init__(self, folder: Path) -> None:
        self.households = {row["external_id"]: row["name"] for row in read(folder, "households")}
        self.securities = {row["security_key"]: row for row in read(folder, "securities")}
        self.accounts: dict[str, dict[str, str]] = {}
        self.members: dict[str, list[str]] = {key: [] for key in self.households}
        self.periods: dict[tuple[str, str], tuple[str, str]] = {}
        for row in read(folder, "accounts"):
            self.accounts[row["external_id"]] = row
            period = (row.get("member_from") or "", row.get("member_to") or "")
            self.periods[row["household_external_id"], row["external_id"]] = period
            self.members.setdefault(row["household_external_id"], []).append(row["external_id"])
        self.prices: dict[str, History] = {}
        for row in read(folder, "prices"):
            history = self.prices.setdefault(row["security_key"], History())
            history.add(date.fromisoformat(row["date"]), Decimal(row["close"]))
        self.rates: dict[tuple[str, str], History] = {}
        for row in read(folder, "fx_rates"):
            history = self.rates.setdefault((row["base"], row["quote"]), History())
            history.add(date.fromisoformat(row["date"]), Decimal(row["rate"]))
        self.transactions: dict[str, list[dict[str, str]]] = {}
        for row in read(folder, "transactions"):
            self.transactions.setdefault(row["account_external_id"], []).append(row)

    def accounts_of(self, household: str, day: date) -> list[str]:
        """Accounts that belong to the household on the day."""
        found = []
        for account in self.members[household]:
            first, end = self.periods[household, account]
            joined = not first or date.fromisoformat(first) <= day
            if joined and (not end or day < date.fromisoformat(end)):
                found.append(account)
        return found

    # -- what was held -------------------------------------------------------------------------------------

    def entries(self, account: str, day: date) -> list[dict[str, str]]:
        """Transactions traded on or before the day, in the order of their trade dates."""
        rows = [r for r in self.transactions.get(account, []) if date.fromisoformat(r["trade_date"]) <= day]
        return sorted(rows, key=lambda row: row["trade_date"])

    def cash(self, account: str, day: date) -> Decimal:
        """Cash by trade date in the account's currency."""
        return sum((Decimal(row["amount"]) for row in self.entries(account, day)), Decimal(0))

    def settled_cash(self, account: str, day: date) -> Decimal:
        """Cash that has settled by the end of the day; no settlement date means on the trade date."""
        return sum(
            (
                Decimal(row["amount"])
                for row in self.transactions.get(account, [])
                if date.fromisoformat(row["settlement_date"] or row["trade_date"]) <= day
            ),
            Decimal(0),
        )

    def units(self, account: str, day: date) -> dict[str, Decimal]:
        """Units per security that are not zero."""
        held: dict[str, Decimal] = {}
        for row in self.entries(account, day):
            key = row["security_key"]
            if not key or not row["quantity"]:
                continue
            quantity = Decimal(row["quantity"])
            before = held.get(key, Decimal(0))
            if row["type"] in ADDS or row["type"] in SIGNED:
                held[key] = before + quantity
            elif row["type"] in REMOVES:
                held[key] = before - quantity
            elif row["type"] == "EXPIRATION":
                held[key] = before - quantity if before > 0 else before + quantity
        return {key: quantity for key, quantity in held.items() if quantity != 0}

    # -- what it was worth ---------------------------------------------------------------------------------

    @long
    def rate(self, base: str, quote: str, day: date) -> Decimal | None:
        """Units of ``quote`` for one ``base``."""
        if base == quote:
            return Decimal(1)
        pair = self.published(base, quote, day)
        if pair is not None:
            return pair
        for through in ("EUR", "USD"):
            first, second = self.published(base, through, day), self.published(through, quote, day)
            if through not in (base, quote) and first is not None and second is not None:
                return rate_of(first * second)
        return None

    @long
    def published(self, base: str, quote: str, day: date) -> Decimal | None:
        direct = self.rates.get((base, quote))
        found = direct.on(day) if direct else None
        if found is not None:
            return found[1]
        inverse = self.rates.get((quote, base))
        found = inverse.on(day) if inverse else None
        return rate_of(1 / found[1]) if found is not None else None

    @long
    def account(self, account: str, day: date) -> dict[str, object]:
        currency = self.accounts[account]["currency"]
        cash = self.cash(account, day)
        total, unpriced, stale, positions = money(cash, currency), [], [], {}
        unaccrued, accrued = [], Decimal(0)
        for key, units in sorted(self.units(account, day).items()):
            security = self.securities[key]
            history = self.prices.get(key)
            found = history.on(day) if history else None
            rate = self.rate(security["currency"], currency, day)
            if found is None or rate is None:
                unpriced.append(key)
                positions[key] = {"units": units, "price": None, "price_date": None, "value": None}
                continue
            price_day, close = found
            multiplier = Decimal(security["price_multiplier"] or "1")
            value = money(units * close * multiplier * rate, currency)
            if is_stale(security, price_day, day):
                stale.append(key)
            positions[key] = {"units": units, "price": close, "price_date": price_day, "value": value}
            interest = accrued_of(security, day)
            if interest is None:
                unaccrued.append(key)
            else:
                positions[key]["accrued"] = money(units * interest * rate, currency)
                accrued += positions[key]["accrued"]
            total += value
        return {
            "currency": currency,
            "cash": cash,
            "accrued": accrued,
            "settled_cash": self.settled_cash(account, day),
            "positions": positions,
            "value": total + accrued,
            "partial": bool(unpriced or unaccrued),
            "unpriced": unpriced,
            "unaccrued": unaccrued,
            "stale": stale,
        }

    @long
    def household(self, household: str, day: date, currency: str = "USD") -> dict[str, object]:
        total, unpriced, unaccrued, stale = Decimal(0), [], [], []
        for account in self.accounts_of(household, day):
            figures = self.account(account, day)
            own = str(figures["currency"])
            rate = self.rate(own, currency, day)
            if rate is None:
                unpriced.append(account)
                continue
            total += money(figures["value"] * rate, currency)  # type: ignore[operator]
            unpriced += [f"{account}/{key}" for key in figures["unpriced"]]  # type: ignore[attr-defined]
            unaccrued += [f"{account}/{key}" for key in figures["unaccrued"]]  # type: ignore[attr-defined]
            stale += [f"{account}/{key}" for key in figures["stale"]]  # type: ignore[attr-defined]
        return {
            "name": self.households[household],
            "currency": currency,
            "accounts": sorted(self.accounts_of(household, day)),
            "value": total,
            "partial": bool(unpriced or unaccrued),
            "unpriced": unpriced,
            "unaccrued": unaccrued,
            "stale": stale,
        }


# -- what accrued --------------------------------------------------------------------------------------------


@long
def accrued_of(security: dict[str, str], day: date) -> Decimal | None:
    """Interest of one unit that accrued to the end of the day; None where its terms do not tell it."""
    said = security.get("coupon") or ""
    if (said and not Decimal(said)) or (not said and security["security_type"] not in DEBT):
        return Decimal(0)
    last = date.fromisoformat(security["maturity"]) if security.get("maturity") else None
    if last and last <= day and last <= session_by(security["exchange"], day):
        return Decimal(0)
    multiplier = Decimal(security["price_multiplier"] or "1")
    often = int(security.get("payments_per_year") or 0)
    if (
        not said
        or last is None
        or not often
        or 12 % often
        or not security.get("day_count")
        or multiplier == 1
    ):
        return None
    coupon = Decimal(said) / 100
    days_due = sorted(coupon_days(last, often, day))
    before = [each for each in days_due if each <= day]
    found = Decimal(0)
    if before[-1] > session_by(security["exchange"], day):
        found += places(coupon / often)
    if day < last:
        after = next(each for each in days_due if each > day)
        found += places(coupon * part_of_year(security["day_count"], before[-1], day, after, often))
    return found * 100 * multiplier


def coupon_days(last: date, often: int, day: date) -> list[date]:
    """Every coupon day from the last one of the bond back to a year before the day."""
    found, months = [], 0
    while not found or found[-1] > day - timedelta(days=370):
        year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
        of_month = last.day
        while True:
            try:
                found.append(date(year, month + 1, of_month))
                break
            except ValueError:
                of_month -= 1
        months += 12 // often
    return found


def part_of_year(count: str, first: date, day: date, after: date, often: int) -> Decimal:
    """Of a year from the first day to ``day``; ``after``: the end of the coupon period."""
    if count == "ACT/ACT":
        return Decimal((day - first).days) / ((after - first).days * often)
    if count in {"ACT/360", "ACT/365"}:
        return Decimal((day - first).days) / int(count[-3:])
    begun, ended = min(first.day, 30), day.day
    if ended == 31 and (begun == 30 or count == "30E/360"):
        ended = 30
    days = 360 * (day.year - first.year) + 30 * (day.month - first.month) + ended - begun
    return Decimal(days) / 360


def session_by(exchange: str, day: date) -> date:
    """The last session on or before the day."""
    while True:
        closed = exchange in NEW_YORK and f"{day:%m%d}" in CLOSED.get(day.year, "").split()
        if day.weekday() < 5 and not closed:
            return day
        day -= timedelta(days=1)


def places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("1e-24"), rounding=ROUND_HALF_UP)


def is_stale(security: dict[str, str], price_day: date, day: date) -> bool:
    if security["security_type"] in APPRAISED:
        return (day - price_day).days > STALE_AFTER_DAYS_APPRAISED
    sessions = 0
    each = price_day
    while each < day and sessions <= STALE_AFTER_SESSIONS:
        each += timedelta(days=1)
        closed = security["exchange"] in NEW_YORK and f"{each:%m%d}" in CLOSED.get(each.year, "").split()
        sessions += each.weekday() < 5 and not closed
    return sessions > STALE_AFTER_SESSIONS


def money(value: Decimal, currency: str) -> Decimal:
    """Half-up to the minor unit of the currency."""
    return value.quantize(Decimal(1).scaleb(-DECIMALS.get(currency, 2)), rounding=ROUND_HALF_UP)


def rate_of(value: Decimal) -> Decimal:
    """A derived rate as it is used."""
    with localcontext() as context:
        context.prec = 60
        return value.quantize(Decimal("1e-24"), rounding=ROUND_HALF_UP)


def report(folder: Path, day: date, currency: str = "USD") -> dict[str, object]:
    """Everything as of the day."""
    book = Book(folder)
    return {
        "as_of": day,
        "households": {key: book.household(key, day, currency) for key in sorted(book.households)},
        "accounts": {key: book.account(key, day) for key in sorted(book.accounts)},
    }


def plain(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="What a bundle says as of a day, as JSON.")
    parser.add_argument("folder", type=Path, help="a bundle folder")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--currency", default="USD", help="currency of the household totals")
    options = parser.parse_args(arguments)
    if not (options.folder / "bundle.json").exists():
        print(f"{options.folder} has no bundle.json; expected the folder of a bundle", file=sys.stderr)
        return 2
    json.dump(report(options.folder, options.as_of, options.currency), sys.stdout, indent=1, default=plain)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
