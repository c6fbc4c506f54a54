"""An independent reading of a bundle: open lots and realised gains, by plain Python and nothing of ours.

    python tests/oracle/tax_lots.py DIR

It goes through the CSV files of a bundle day by day and keeps lists of lots. It knows what the demo books
have: purchases, reinvestments, sales, splits and stock dividends that are journalled, one spin-off by closes,
returns of capital, transfers with the lots that came, FIFO and HIFO (which looks at the custodian's basis),
wash sales in the custodian's view (same account, same security) and the taxpayer's (spouses, what they own by
more than half and revocable trusts they are grantors of, on the day of the purchase). It does not know average
cost: such accounts leave first in, first out here and are compared by units alone.
"""

# ruff: noqa: E501 -- rows are read as they are written

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, setcontext
from pathlib import Path
from typing import Any

CENT = Decimal("0.01")
TEN = Decimal("1e-10")
BOOK, CUSTODIAN, ECONOMIC = range(3)
OWNS = {"OWNER", "JOINT_SURVIVORSHIP", "JOINT_COMMON", "MINOR"}
WINDOW = timedelta(days=30)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / f"{name}.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def number(text: str) -> Decimal:
    return Decimal(text) if text else Decimal(0)


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def shared(total: Decimal, weights: list[Decimal], unit: Decimal) -> list[Decimal]:
    """Largest remainder, ties to the earlier."""
    if len(weights) == 1:
        return [total]
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [value.quantize(unit, rounding=ROUND_DOWN) for value in exact]
    left = int((total - sum(parts)) / unit)
    step = unit if left >= 0 else -unit
    for at in sorted(range(len(parts)), key=lambda n: (-abs(exact[n] - parts[n]), n))[: abs(left)]:
        parts[at] += step
    return parts


class Lot:
    def __init__(
        self, account: str, security: str, units: Decimal, cost: Decimal | None, day: date | None
    ) -> None:
        self.account, self.security, self.units = account, security, units
        self.basis: list[Decimal | None] = [cost, cost, cost]
        self.acquired = day
        self.bought = day
        self.held: list[date | None] = [day, day, day]
        self.used = [False, False, False]
        self.place: tuple[Any, ...] = (0,)
        self.order = ""
        self.offset = Decimal(0)

    def age(self) -> tuple[Any, ...]:
        return (self.acquired or date.min, *self.place, self.offset)

    def take(self, units: Decimal) -> Lot:
        part = Lot(self.account, self.security, units, None, self.acquired)
        part.basis = [None if b is None else cents(b * units / self.units) for b in self.basis]
        self.basis = [
            None if b is None else b - (p or 0) for b, p in zip(self.basis, part.basis, strict=True)
        ]
        part.bought, part.held, part.used = self.bought, list(self.held), list(self.used)
        part.place, part.order, part.offset = self.place, self.order, self.offset
        self.units -= units
        self.offset += units
        return part


class Taxpayers:
    """Connected parties on a day: spouses, what somebody owns by more than half, grantors of revocable trusts."""

    def __init__(self, folder: Path) -> None:
        self.owners = [row for row in table(folder, "owners") if row["account_external_id"]]
        self.ties = [row for row in table(folder, "relationships") if row["kind"] in ("SPOUSE", "OWNS")]
        self.revocable = {
            row["external_id"]
            for row in table(folder, "accounts")
            if row["account_type"] == "REVOCABLE_TRUST"
        }
        self.known: dict[tuple[str, date], frozenset[str]] = {}
        self.cuts = sorted(
            {
                date.fromisoformat(row[name])
                for row in (*self.owners, *self.ties)
                for name in ("effective_from", "effective_to")
                if row[name]
            }
        )

    def of(self, account: str, day: date) -> frozenset[str]:
        # Nothing changes between two cuts.
        day = max((cut for cut in self.cuts if cut <= day), default=date.min)
        if (account, day) not in self.known:
            group = {row["client_external_id"] for row in self.owners
                     if row["account_external_id"] == account and holds(row, day)
                     and (row["role"] in OWNS or (row["role"] == "GRANTOR" and account in self.revocable))}  # fmt: skip
            size = -1
            while size != len(group):
                size = len(group)
                for row in self.ties:
                    both = {row["client_external_id"], row["related_external_id"]}
                    counts = row["kind"] == "SPOUSE" or number(row["share"]) > Decimal("0.5")
                    if counts and holds(row, day) and group & both:
                        group |= both
            self.known[account, day] = frozenset(group)
        return self.known[account, day]

    def same(self, one: str, other: str, day: date) -> bool:
        return one == other or bool(self.of(one, day) & self.of(other, day))


def holds(row: dict[str, str], day: date) -> bool:
    begins, ends = row["effective_from"], row["effective_to"]
    return (not begins or date.fromisoformat(begins) <= day) and (not ends or day < date.fromisoformat(ends))


class TaxLots:
    def __init__(self, folder: Path) -> None:
        setcontext(Context(prec=60, rounding=ROUND_HALF_UP))
        self.accounts = {row["external_id"]: row for row in table(folder, "accounts")}
        self.securities = {row["security_key"]: row for row in table(folder, "securities")}
        self.given = table(folder, "lots")
        self.actions = table(folder, "corporate_actions")
        self.closes = {
            (row["security_key"], row["date"]): Decimal(row["close"]) for row in table(folder, "prices")
        }
        self.taxpayers = Taxpayers(folder)
        self.lots: list[Lot] = []
        self.gains: list[dict[str, Any]] = []
        self.waiting: list[dict[str, Any]] = []
        rows = [row for row in table(folder, "transactions") if row["security_key"]]
        self.places = {row["external_id"]: place for place, row in enumerate(rows)}
        for day in sorted({row["trade_date"] for row in rows}):
            self._day([row for row in rows if row["trade_date"] == day])

    def _day(self, rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["type"] == "JOURNAL":
                self._journal(row)
        later = []
        for row in rows:
            if row["type"] in ("SELL", "TRANSFER_OUT") and self._units(row) < number(row["quantity"]):
                later.append(row)
            else:
                self._play(row)
        for row in later:
            self._play(row)

    def _held(self, row: dict[str, str], security: str | None = None) -> list[Lot]:
        wanted = (row["account_external_id"], security or row["security_key"])
        return [lot for lot in self.lots if (lot.account, lot.security) == wanted]

    def _units(self, row: dict[str, str]) -> Decimal:
        return sum((lot.units for lot in self._held(row)), Decimal(0))

    def _play(self, row: dict[str, str]) -> None:
        kind, amount, units = row["type"], number(row["amount"]), number(row["quantity"])
        day, interest = date.fromisoformat(row["trade_date"]), number(row["accrued_interest"])
        if kind in ("BUY", "REINVEST"):
            lot = Lot(row["account_external_id"], row["security_key"], units, -amount - interest, day)
            self._arrived(row, lot)
            self._bought(lot)
        elif kind == "SELL":
            pieces = self._relieve(row, units, (amount - interest) / units)
            for piece, part in zip(
                pieces, shared(amount - interest, [p.units for p in pieces], CENT), strict=True
            ):
                self._line(row, piece, part, day)
            self._wash([line for line in self.gains if line["entry"] == row["external_id"]])
        elif kind == "TRANSFER_OUT":
            self._relieve(row, units, Decimal(0))
        elif kind == "TRANSFER_IN":
            told = [lot for lot in self.given if lot["related_external_id"] == row["external_id"]]
            for one in told:
                cost = number(one["cost_basis"]) if one["cost_basis"] else None
                acquired = date.fromisoformat(one["acquired_on"]) if one["acquired_on"] else None
                self._arrived(
                    row,
                    Lot(
                        row["account_external_id"],
                        row["security_key"],
                        number(one["quantity"]),
                        cost,
                        acquired,
                    ),
                )
            left = units - sum((number(one["quantity"]) for one in told), Decimal(0))
            if left > 0:
                self._arrived(row, Lot(row["account_external_id"], row["security_key"], left, None, None))
        elif kind == "RETURN_OF_CAPITAL":
            lots = self._held(row)
            for lot, part in zip(lots, shared(amount, [lot.units for lot in lots], CENT), strict=True):
                assert all(basis is not None and basis >= part for basis in lot.basis)
                lot.basis = [basis - part for basis in lot.basis if basis is not None]

    def _arrived(self, row: dict[str, str], lot: Lot) -> None:
        lot.place, lot.order = (len(self.lots) + len(self.gains) + self._count(),), row["external_id"]
        self.lots.append(lot)

    counted = 0

    def _count(self) -> int:
        self.counted += 1000
        return self.counted

    def _journal(self, row: dict[str, str]) -> None:
        """The units of a split or stock dividend in proportion, or a spin-off by the first closes."""
        extra = number(row["quantity"])
        spin = next(
            (
                a
                for a in self.actions
                if a["type"] == "SPIN_OFF"
                and a["other_security_key"] == row["security_key"]
                and a["ex_date"] == row["trade_date"]
            ),
            None,
        )
        if spin is not None:
            parents = self._held(row, spin["security_key"])
            old, new = (
                self.closes[key, spin["ex_date"]] for key in (spin["security_key"], row["security_key"])
            )
            spun = new * number(spin["ratio_new"]) / number(spin["ratio_old"])
            share = spun / (old + spun)
            for parent, part in zip(parents, shared(extra, [lot.units for lot in parents], TEN), strict=True):
                child = Lot(parent.account, row["security_key"], part, None, parent.acquired)
                child.basis = [None if b is None else cents(b * share) for b in parent.basis]
                parent.basis = [
                    None if b is None else b - (c or 0)
                    for b, c in zip(parent.basis, child.basis, strict=True)
                ]
                child.bought, child.held, child.place, child.offset = (
                    None,
                    list(parent.held),
                    parent.place,
                    parent.offset,
                )
                child.order = row["external_id"]
                self.lots.append(child)
            return
        lots = self._held(row)
        before = sum((lot.units for lot in lots), Decimal(0))
        for lot in lots:
            lot.offset = lot.offset * (before + extra) / before
            lot.units = (lot.units * (before + extra) / before).quantize(TEN, rounding=ROUND_HALF_UP)
        max(lots, key=lambda lot: lot.units).units += (
            before + extra - sum((lot.units for lot in lots), Decimal(0))
        )

    def _relieve(self, row: dict[str, str], units: Decimal, each: Decimal) -> list[Lot]:
        lots = sorted(self._held(row), key=Lot.age)
        if self.accounts[row["account_external_id"]]["lot_method"] == "HIFO":
            lots = sorted(lots, key=lambda lot: each - (lot.basis[CUSTODIAN] or 0) / lot.units)
        pieces = []
        for lot in lots:
            taken = min(lot.units, units)
            if not taken:
                break
            units -= taken
            if taken == lot.units:
                self.lots.remove(lot)
                pieces.append(lot)
            else:
                pieces.append(lot.take(taken))
        assert not units, row
        return pieces

    # -- wash sales ------------------------------------------------------------------------------------------

    def _line(self, row: dict[str, str], lot: Lot, value: Decimal, day: date) -> None:
        self.gains.append(
            {
                "entry": row["external_id"], "place": self.places[row["external_id"]], "account": lot.account, "security": lot.security, "units": lot.units,
                "acquired": lot.acquired, "day": day, "proceeds": value, "basis": list(lot.basis), "lot": lot,
                "gain": [None if b is None else value - b for b in lot.basis], "disallowed": [Decimal(0)] * 3,
                "lost": [Decimal(0)] * 3, "matched": [Decimal(0)] * 3, "held": list(lot.held),
            }
        )  # fmt: skip

    def _is_taxable(self, account: str) -> bool:
        return self.accounts[account]["tax_status"] == "TAXABLE"

    def _wash(self, lines: list[dict[str, Any]]) -> None:
        losses = [
            line for line in lines
            if self._is_taxable(line["account"]) and line["gain"][BOOK] is not None
            and any(line["gain"][view] < 0 for view in (CUSTODIAN, ECONOMIC))
        ]  # fmt: skip
        for line in sorted(losses, key=lambda line: line["lot"].age()):
            before = sorted(
                (lot for lot in self.lots if lot.security == line["security"] and lot.bought is not None
                 and line["day"] - WINDOW <= lot.bought <= line["day"]),
                key=lambda lot: (lot.bought, *lot.age()[1:]),
            )  # fmt: skip
            for view in (CUSTODIAN, ECONOMIC):
                for lot in list(before):
                    part = self._match(view, line, lot)
                    if part is not None and part is not lot:
                        before.insert(before.index(lot), part)
            self.waiting.append(line)

    def _bought(self, lot: Lot) -> None:
        assert lot.bought is not None
        losses = sorted(
            (line for line in self.waiting if line["security"] == lot.security and lot.bought - WINDOW <= line["day"]),
            key=lambda line: (line["day"], line["place"], line["lot"].age()),
        )  # fmt: skip
        pieces = [lot]
        for view in (CUSTODIAN, ECONOMIC):
            for line in losses:
                for piece in list(pieces):
                    part = self._match(view, line, piece)
                    if part is not None and part is not piece:
                        pieces.insert(pieces.index(piece), part)

    def _match(self, view: int, line: dict[str, Any], lot: Lot) -> Lot | None:
        free, loss = line["units"] - line["matched"][view], line["gain"][view]
        if lot.used[view] or lot.order == line["lot"].order or free <= 0 or loss is None or loss >= 0:
            return None
        if lot.bought is None or abs((lot.bought - line["day"]).days) > WINDOW.days:
            return None
        is_other = lot.account != line["account"]
        if is_other and (
            view == CUSTODIAN or not self.taxpayers.same(lot.account, line["account"], lot.bought)
        ):
            return None
        if lot.units > free:
            part = lot.take(free)
            self.lots.insert(self.lots.index(lot), part)
            lot = part
        line["matched"][view] += lot.units
        upto = cents(-loss * line["matched"][view] / line["units"])
        if line["matched"][view] == line["units"]:
            upto = -loss
        amount = upto - line["disallowed"][view]
        line["disallowed"][view] = upto
        lot.used[view] = True
        if not self._is_taxable(lot.account):
            line["lost"][view] += amount
        else:
            basis, held, sold = lot.basis[view], lot.held[view], line["held"][view]
            lot.basis[view] = None if basis is None else basis + amount
            lot.held[view] = None if held is None or sold is None else held - (line["day"] - sold)
        return lot

    # -- what is compared ------------------------------------------------------------------------------------

    def open_lots(self) -> Iterator[tuple[Any, ...]]:
        """(account, security, acquired, units, three bases, where the taxpayer's period begins)."""
        for lot in self.lots:
            yield (lot.account, lot.security, lot.acquired, lot.units, *lot.basis, lot.held[ECONOMIC])


def main() -> None:
    lots = TaxLots(Path(sys.argv[1]))
    for lot in sorted(lots.open_lots(), key=str):
        print(*lot)
    for line in lots.gains:
        print(
            *(line[name] for name in ("entry", "units", "acquired", "proceeds", "gain", "disallowed", "lost"))
        )


if __name__ == "__main__":
    main()
