"""An independent reading of a bundle: what the custodian says otherwise than the books, by plain Python.

Units exactly, cash to a hundredth of a cent, values within half a percent of the custodian's or one unit of
the currency; a value is compared only where the units agree and both sides know it. Lots are not read here.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.oracle.book import Book, read

Difference = tuple[str, str, Decimal]
"""(kind, security or currency, theirs less ours)"""


def differences(folder: Path, account: str, day: date) -> set[Difference]:
    book = Book(folder)
    said = [
        row
        for row in read(folder, "custodian_positions")
        if row["account_external_id"] == account and row["date"] == day.isoformat()
    ]
    currency = next(row["currency"] for row in read(folder, "accounts") if row["external_id"] == account)
    currencies = {row["security_key"]: row["currency"] for row in read(folder, "securities")}
    found: set[Difference] = set()
    cash = {row["currency"]: Decimal(row["quantity"]) for row in said if not row["security_key"]}
    for each in {currency, *cash}:
        ours = book.cash(account, day) if each == currency else Decimal(0)
        difference = cash.get(each, Decimal(0)) - ours
        if abs(difference) > Decimal("0.0001"):
            found.add(("CASH", each, difference))
    units = book.units(account, day)
    theirs = {row["security_key"]: row for row in said if row["security_key"]}
    for key in {*units, *theirs}:
        their_units = Decimal(theirs[key]["quantity"]) if key in theirs else Decimal(0)
        difference = their_units - units.get(key, Decimal(0))
        if difference:
            found.add(("QUANTITY", key, difference))
            continue
        close = close_on(folder, key, day)
        if key not in theirs or not theirs[key]["market_value"] or close is None:
            continue
        if theirs[key]["currency"] != currencies[key]:
            continue
        value = Decimal(theirs[key]["market_value"])
        ours = (units[key] * close).quantize(Decimal("0.01"))
        if abs(value - ours) > max(abs(value) / 200, Decimal(1)):
            found.add(("MARKET_VALUE", key, value - ours))
    return found


def close_on(folder: Path, key: str, day: date) -> Decimal | None:
    """The last close on or before the day."""
    rows = [
        row for row in read(folder, "prices") if row["security_key"] == key and row["date"] <= day.isoformat()
    ]
    return Decimal(max(rows, key=lambda row: row["date"])["close"]) if rows else None
