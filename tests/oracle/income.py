"""An independent reading of income and costs: from the CSV files to what a household earned and bore.

Dividends and interest less tax, interest bought and sold with bonds, each at the rate of its session; of an
account from the session after it joined on, of one whose books begin in the household from their first. What
is left out because it has no price earns nothing. Nothing of ours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.oracle.book import long
from tests.oracle.returns import Returns

_INCOME = {"DIVIDEND", "INTEREST", "TAX"}


@long
def income_and_costs(
    books: Returns, household: str, begin: date, last: date, currency: str
) -> tuple[Decimal, Decimal, Decimal]:
    """Income, advisory fees and expenses after the close of ``begin``, unrounded; costs positive."""
    income = fees = expenses = Decimal(0)
    for row, amount in _rows(books, household, begin, last, currency):
        kind, rate = row["type"], amount
        if kind in _INCOME:
            income += rate * Decimal(row["amount"])
        elif kind == "ADVISORY_FEE":
            fees -= rate * Decimal(row["amount"])
        elif kind == "EXPENSE" or (kind in {"TRANSFER_IN", "TRANSFER_OUT"} and row["security_key"]):
            expenses -= rate * Decimal(row["amount"])
        bought = Decimal(row.get("accrued_interest") or 0)
        if bought and kind in {"BUY", "SELL"}:
            income += rate * (bought if kind == "SELL" else -bought)
    return income, fees, expenses


def _rows(
    books: Returns, household: str, begin: date, last: date, currency: str
) -> Iterator[tuple[dict[str, str], Decimal]]:
    """What counts, with the rate of its session."""
    members = books.members[household]
    firsts = [min(r["trade_date"] for r in books.transactions[a]) for a in members if a in books.transactions]
    sessions = books.sessions(date.fromisoformat(min(firsts)), last)
    for account in members:
        rows = list(books.entries(account, last))
        places = [bisect_left(sessions, date.fromisoformat(r["trade_date"])) for r in rows]
        own = books.accounts[account]["currency"]
        out = books._left_out(rows, places, own, sessions)
        for row, n in zip(rows, places, strict=True):
            if n >= len(sessions) or sessions[n] <= begin or n < out.get(row["security_key"], 0):
                continue
            is_first = n == places[0]
            now, before = (account in books.accounts_of(household, sessions[max(at, 0)]) for at in (n, n - 1))
            if now and (before or is_first):
                yield row, books.rate(own, currency, sessions[n]) or Decimal(0)
