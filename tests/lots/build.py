"""Short ways to write accounts, securities and entries of a lot test."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.inputs import AccountTerms, Entry, Facts, SecurityTerms
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY, LotPolicy
from wealthnexus.domain.ledger.lots.results import OpenLot, RealisedGain
from wealthnexus.domain.ledger.lots.vocabulary import EntryType, LotMethod

D = Decimal


def day(text: str) -> date:
    return date.fromisoformat(text)


def number(value: Any) -> Decimal:
    return D(str(value))


def account(method: str = "FIFO", *, currency: str = "USD", taxable: bool = True) -> AccountTerms:
    return AccountTerms(currency, taxable, ((date(1900, 1, 1), LotMethod(method)),))


def stock(currency: str = "USD", **terms: Any) -> SecurityTerms:
    return SecurityTerms(currency, **terms)


def facts(**given: Any) -> Facts:
    """Two taxable accounts A and B, an IRA, shares X and Y and Z, unless something else is given."""
    base: dict[str, Any] = {
        "accounts": {"A": account(), "B": account(), "IRA": account(taxable=False)},
        "securities": {"X": stock(), "Y": stock(), "Z": stock()},
    }
    return Facts(**{**base, **given})


class Script:
    """Entries one after the other, numbered in the order in which they are written."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(
        self, kind: str, when: str, units: Any = None, amount: Any = 0, *, account: str = "A",
        security: str | None = "X", id: str | None = None, **more: Any,
    ) -> Script:  # fmt: skip
        count = len(self.entries) + 1
        self.entries.append(
            Entry(
                id or f"T{count}", account, EntryType(kind), day(when), security,
                None if units is None else number(units), number(amount), sequence=count, **more,
            )
        )  # fmt: skip
        return self

    def buy(self, when: str, units: Any, cost: Any, **more: Any) -> Script:
        return self.add("BUY", when, units, -number(cost), **more)

    def sell(self, when: str, units: Any, proceeds: Any, **more: Any) -> Script:
        return self.add("SELL", when, units, proceeds, **more)

    def play(self, given: Facts | None = None, policy: LotPolicy = DEFAULT_POLICY) -> LotBook:
        book = LotBook(given or facts(), policy)
        book.play(self.entries)
        return book


def script() -> Script:
    return Script()


def lots(book: LotBook, security: str | None = None, account: str | None = None) -> list[OpenLot]:
    return [
        lot for lot in book.open_lots() if security in (None, lot.security) and account in (None, lot.account)
    ]


def table(book: LotBook, **only: Any) -> list[tuple[str, str, str | None]]:
    """(acquired on, units, cost) of the open lots."""
    return [
        (str(lot.acquired_on), f"{lot.units.normalize():f}", None if lot.cost is None else f"{lot.cost:.2f}")
        for lot in lots(book, **only)
    ]


def gains(book: LotBook) -> list[tuple[str, str, str | None, str | None]]:
    """(lot, units, gain, term) of every realised line."""
    return [
        (
            line.lot_root,
            f"{line.units.normalize():f}",
            None if line.gain is None else f"{line.gain:.2f}",
            None if line.term is None else str(line.term),
        )
        for line in book.realised()
    ]


def total_gain(lines: tuple[RealisedGain, ...]) -> Decimal:
    return sum((line.gain or D(0) for line in lines), D(0))


def method_facts(method: str, **given: Any) -> Facts:
    base = facts(**given)
    return replace(base, accounts={**base.accounts, "A": account(method)})
