"""An independent reading of who owns what: balance sheets of a bundle, by plain Python and nothing of ours.

    python -m tests.oracle.sheet DIR --as-of 2021-03-31 [--look-through]

It reads clients.csv, owners.csv, relationships.csv and liabilities.csv of a bundle folder beside what
``tests/oracle/book.py`` reads, a day at a time, with fractions; and prints JSON: per household each account
and debt with the exact part of every owner, and each owner's exact net worth. Nothing is rounded but the
value of a line: whoever compares knows that a part in cents lies within a cent of the exact one.

Conventions, each of them the product's:
- OWNER, JOINT_SURVIVORSHIP, JOINT_COMMON and MINOR own; other roles do not; a share that is not given is an
  equal part of what the given ones leave; what nobody has is nobody's;
- with look-through a party is replaced by those who own it (kind OWNS), as far as they do, again and again;
- an interval begins on its first day and ends before its last; no first day: since ever;
- a debt is owed from its opening to the day before its closing; its balance is the last one reported.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.oracle.book import Book, long, money, read

OWNING = {"OWNER", "JOINT_SURVIVORSHIP", "JOINT_COMMON", "MINOR"}
Parts = dict[str, Fraction]


def holds(row: dict[str, str], day: date) -> bool:
    """Whether the row's interval contains the day."""
    first, end = row.get("effective_from", ""), row.get("effective_to", "")
    return (not first or date.fromisoformat(first) <= day) and (not end or day < date.fromisoformat(end))


class Sheets:
    """A bundle folder read whole."""

    def __init__(self, folder: Path, currency: str = "USD") -> None:
        self.book = Book(folder)
        self.currency = currency
        self.owners = read(folder, "owners")
        self.relationships = read(folder, "relationships")
        self.liabilities = read(folder, "liabilities")

    # -- who owns ----------------------------------------------------------------------------------------

    def direct(self, column: str, key: str, day: date) -> Parts:
        """Parts of one account (``account_external_id``) or debt (``liability_external_id``)."""
        given: Parts = {}
        equal: list[str] = []
        for row in self.owners:
            if row[column] != key or not holds(row, day) or row.get("tier"):
                continue
            if column == "account_external_id" and row["role"] not in OWNING:
                continue
            who = row["client_external_id"]
            if row["share"]:
                given[who] = given.get(who, Fraction(0)) + Fraction(row["share"])
            else:
                equal.append(who)
        rest = Fraction(1) - sum(given.values())
        for who in equal:
            given[who] = given.get(who, Fraction(0)) + rest / len(equal)
        return given

    def owners_of(self, party: str, day: date) -> Parts:
        found: Parts = {}
        for row in self.relationships:
            if row["kind"] == "OWNS" and row["related_external_id"] == party and holds(row, day):
                who = row["client_external_id"]
                found[who] = found.get(who, Fraction(0)) + Fraction(row["share"])
        return found

    def through(self, parts: Parts, day: date) -> Parts:
        """The last owners behind the parts, one step of the ladder after the other."""
        found: Parts = {}
        for party, part in parts.items():
            owners = self.owners_of(party, day)
            kept = part * (1 - sum(owners.values()))
            below = self.through({who: part * share for who, share in owners.items()}, day) if owners else {}
            for who, its in [(party, kept), *below.items()]:
                if its:
                    found[who] = found.get(who, Fraction(0)) + its
        return found

    # -- what it is worth --------------------------------------------------------------------------------

    @long
    def account(self, key: str, day: date) -> Decimal | None:
        """In the reporting currency; None without a rate."""
        figures = self.book.account(key, day)
        rate = self.book.rate(str(figures["currency"]), self.currency, day)
        if rate is None:
            return None
        return money(Decimal(str(figures["value"])) * rate, self.currency)

    @long
    def debts(self, household: str, day: date) -> dict[str, Decimal | None]:
        """What is owed on each of the household's open debts; None where no balance was reported."""
        found: dict[str, tuple[str, Decimal] | None] = {}
        currency: dict[str, str] = {}
        for row in self.liabilities:
            opened, closed = row["opened_on"], row["closed_on"]
            if row["household_external_id"] != household:
                continue
            if (opened and date.fromisoformat(opened) > day) or (
                closed and date.fromisoformat(closed) <= day
            ):
                continue
            key = row["external_id"]
            currency[key] = row["currency"]
            found.setdefault(key, None)
            reported = row["balance_date"]
            last = found[key]
            if reported and date.fromisoformat(reported) <= day and (last is None or reported > last[0]):
                found[key] = (reported, Decimal(row["balance"]))
        owed: dict[str, Decimal | None] = {}
        for key, last in found.items():
            rate = self.book.rate(currency[key], self.currency, day)
            owed[key] = None if last is None or rate is None else money(last[1] * rate, self.currency)
        return owed

    # -- the sheet ---------------------------------------------------------------------------------------

    def household(self, household: str, day: date, *, look_through: bool) -> dict[str, dict[str, object]]:
        """Lines: key -> value, sign, parts. Owners: key -> exact net worth, None where something has none."""
        lines: dict[str, object] = {}
        worth: dict[str, Fraction | None] = {}
        rows = [
            *(
                ("account_external_id", key, self.account(key, day), 1)
                for key in self.book.accounts_of(household, day)
            ),
            *(("liability_external_id", key, value, -1) for key, value in self.debts(household, day).items()),
        ]
        for column, key, value, sign in rows:
            parts = self.direct(column, key, day)
            if look_through:
                parts = self.through(parts, day)
            lines[key] = {"value": value, "sign": sign, "parts": parts}
            for who, part in parts.items():
                before = worth.get(who, Fraction(0))
                known = value is not None and before is not None
                worth[who] = before + sign * part * Fraction(value) if known else None  # type: ignore[operator, arg-type]
        return {"lines": lines, "owners": dict(worth)}


def plain(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Balance sheets of a bundle as of a day, as JSON.")
    parser.add_argument("folder", type=Path, help="a bundle folder")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    parser.add_argument("--currency", default="USD")
    parser.add_argument("--look-through", action="store_true")
    options = parser.parse_args(arguments)
    sheets = Sheets(options.folder, options.currency)
    found = {
        key: sheets.household(key, options.as_of, look_through=options.look_through)
        for key in sorted(sheets.book.households)
    }
    json.dump(found, sys.stdout, indent=1, default=plain)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
