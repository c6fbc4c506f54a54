"""An independent reading of income and costs: from the CSV files to what a household earned and bore.

Dividends and interest less tax, interest bought and sold with bonds and the change of what has accrued on
them less what came with them in kind, each at the rate of its session; of an account from the session after
it joined on, of one whose books begin in the household from their first. What is left out because it has no
price earns nothing. Nothing of ours.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from tests.oracle.book import accrued_of, long, money
from tests.oracle.returns import Returns

_INCOME = {"DIVIDEND", "INTEREST", "TAX"}


@long
def income_and_costs(
    books: Returns, household: str, begin: date, last: date, currency: str
) -> tuple[Decimal, Decimal, Decimal]:
    """Income, advisory fees and expenses after the close of ``begin``, unrounded; costs positive."""
    income = sum(_accrued(books, household, begin, last, currency), Decimal(0))
    fees = expenses = Decimal(0)
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


def _accrued(books: Returns, household: str, begin: date, last: date, currency: str) -> Iterator[Decimal]:
    """By account and session: how what has accrued changed, but for what came or went in kind."""
    members = books.members[household]
    firsts = [min(r["trade_date"] for r in books.transactions[a]) for a in members if a in books.transactions]
    sessions = books.sessions(date.fromisoformat(min(firsts)), last, members)
    for account in members:
        rows = [r for r in books.entries(account, last) if r["security_key"] and r["quantity"]]
        bonds = {
            r["security_key"] for r in rows if Decimal(books.securities[r["security_key"]]["coupon"] or 0)
        }
        if not bonds:
            continue
        own = books.accounts[account]["currency"]
        first = bisect_left(sessions, date.fromisoformat(books.entries(account, last)[0]["trade_date"]))
        before = Decimal(0)
        for n in range(first, len(sessions)):
            day = sessions[n]
            rate = books.rate(own, currency, day) or Decimal(0)
            held = books.units(account, day)
            kept = [(key, held[key]) for key in bonds & held.keys()]
            now = sum((_on(books, key, units, own, day) for key, units in kept), Decimal(0)) * rate
            came = Decimal(0)
            for row in rows:
                moved = bisect_left(sessions, date.fromisoformat(row["trade_date"])) == n
                if moved and row["security_key"] in bonds and row["type"] in {"TRANSFER_IN", "TRANSFER_OUT"}:
                    sign = 1 if row["type"] == "TRANSFER_IN" else -1
                    came += _on(books, row["security_key"], sign * Decimal(row["quantity"]), own, day) * rate
            counted = account in books.accounts_of(household, sessions[max(n - 1, 0)]) or n == first
            if day > begin and counted and account in books.accounts_of(household, day):
                yield now - before - came
            before = now


def _on(books: Returns, key: str, units: Decimal, own: str, day: date) -> Decimal:
    security = books.securities[key]
    rate = books.rate(security["currency"], own, day) or Decimal(0)
    return money(units * (accrued_of(security, day) or Decimal(0)) * rate, own)


def _rows(
    books: Returns, household: str, begin: date, last: date, currency: str
) -> Iterator[tuple[dict[str, str], Decimal]]:
    """What counts, with the rate of its session."""
    members = books.members[household]
    firsts = [min(r["trade_date"] for r in books.transactions[a]) for a in members if a in books.transactions]
    sessions = books.sessions(date.fromisoformat(min(firsts)), last, members)
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
