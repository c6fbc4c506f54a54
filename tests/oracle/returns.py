"""An independent reading of returns: from the CSV files of a bundle to a household's return, nothing of ours.

Day by day, in plain Python: what each account was worth at the close of each session in New York (and of
each other day on which something was entered), what came in from outside and went out, and the growth of
a day as (closing + out) / (opening + in), inflow at the start of the day and outflow at its end. A
transfer between two accounts of the household on one day is no flow. An account that joins comes in at
its value of that close, less its own flows of the day; one whose books begin that day comes in with its
deposit. An advisory fee is a loss of the net return and money taken out of the gross one. What has no
price for more than ten days, or never gets one, is left out until its first price: what is paid for it
goes out, what it pays comes in, and it comes in at that price. A day on which something else has no price
has no value: such a household is left out here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.book import ADDS, CLOSED, REMOVES, SIGNED, Book, accrued_of, long, money

FLOWS = {"DEPOSIT", "WITHDRAWAL"}
LEGS = {"TRANSFER_IN", "TRANSFER_OUT", "JOURNAL"}
DAYS_APART_MAX = 5
WAIT_DAYS_MAX = 10
BY_ACTION = {"SPIN_OFF", "MERGER", "SYMBOL_CHANGE", "SPLIT", "STOCK_DIVIDEND"}


@dataclass
class Days:
    """Of one account: value, flows in and out, fees and moves by place among the sessions."""

    first: int
    values: list[Decimal | None]
    flows: dict[int, list[tuple[Decimal, str]]] = field(default_factory=dict)
    fees: dict[int, Decimal] = field(default_factory=dict)


class NotComparable(Exception):
    """A household with something this reading does not do."""


class Returns(Book):
    """A bundle with its sessions up to a day."""

    def sessions(self, first: date, last: date, accounts: Sequence[str]) -> list[date]:
        """The sessions, and the days without one on which one of the accounts has an entry."""
        rows = (row for account in accounts for row in self.transactions.get(account, []))
        entered = {date.fromisoformat(row["trade_date"]) for row in rows}
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            d
            for d in days
            if d in entered or (d.weekday() < 5 and f"{d:%m%d}" not in CLOSED.get(d.year, "").split())
        ]

    @long
    def days_of(self, account: str, sessions: Sequence[date], currency: str) -> Days:
        """The account on every session from its first entry on, in the household's currency."""
        own = self.accounts[account]["currency"]
        rows = list(self.entries(account, sessions[-1]))
        places = [bisect_left(sessions, date.fromisoformat(r["trade_date"])) for r in rows]
        held: dict[str, Decimal] = {}
        cash, at = Decimal(0), 0
        found = Days(places[0] if places else len(sessions), [])
        out = self._left_out(rows, places, own, sessions)
        for n, day in enumerate(sessions):
            moved: list[dict[str, str]] = []
            rate = self.rate(own, currency, day)
            for key in (k for k, first in out.items() if first == n and held.get(k)):
                worth = self._position(key, held[key], own, day) or Decimal(0)
                came = worth if own == currency else money(worth * (rate or Decimal(0)), currency)
                found.flows.setdefault(n, []).append((came, ""))
            while at < len(rows) and places[at] <= n:
                row = rows[at]
                cash += Decimal(row["amount"])
                self._hold(held, row)
                moved.append(row)
                at += 1
            if n < found.first:
                found.values.append(Decimal(0))
                continue
            seen = {key: units for key, units in held.items() if n >= out.get(key, 0)}
            found.values.append(self._worth(seen, cash, own, day, currency, rate))
            for row in moved:
                if n < out.get(row["security_key"], 0):
                    self._pass_by(found, n, row, own == currency, rate, currency)
                else:
                    self._note(found, n, row, own, day, currency)
        return found

    def _left_out(
        self, rows: Sequence[dict[str, str]], places: Sequence[int], own: str, sessions: Sequence[date]
    ) -> dict[str, int]:
        """What waits too long for its first price: the session on which it has one."""
        found: dict[str, int] = {}
        for row, place in zip(rows, places, strict=True):
            key = row["security_key"]
            if not key or not row["quantity"] or key in found or place >= len(sessions):
                continue
            one = Decimal(1)
            found[key] = 0
            if self._position(key, one, own, sessions[place]) is None and row["type"] not in BY_ACTION:
                later = range(place, len(sessions))
                first = next(
                    (n for n in later if self._position(key, one, own, sessions[n]) is not None), None
                )
                if first is None or (sessions[first] - sessions[place]).days > WAIT_DAYS_MAX:
                    found[key] = len(sessions) if first is None else first
        return found

    @staticmethod
    def _pass_by(
        found: Days, n: int, row: dict[str, str], is_own: bool, rate: Decimal | None, currency: str
    ) -> None:
        """Cash for or from what is left out crosses the boundary; its units are worth nothing here."""
        if row["type"] in {"TRANSFER_IN", "TRANSFER_OUT"}:
            return
        amount = Decimal(row["amount"])
        if not is_own and rate is None:
            raise NotComparable
        found.flows.setdefault(n, []).append((amount if is_own else money(amount * rate, currency), ""))  # type: ignore[operator]

    def _hold(self, held: dict[str, Decimal], row: dict[str, str]) -> None:
        key, kind = row["security_key"], row["type"]
        if not key or not row["quantity"]:
            return
        quantity, before = Decimal(row["quantity"]), held.get(key, Decimal(0))
        if kind in ADDS or kind in SIGNED:
            held[key] = before + quantity
        elif kind in REMOVES:
            held[key] = before - quantity
        elif kind == "EXPIRATION":
            held[key] = before - quantity if before > 0 else before + quantity

    def _worth(
        self,
        held: dict[str, Decimal],
        cash: Decimal,
        own: str,
        day: date,
        currency: str,
        rate: Decimal | None,
    ) -> Decimal | None:
        total = money(cash, own)
        for key, units in held.items():
            if not units:
                continue
            value = self._position(key, units, own, day)
            if value is None:
                return None
            total += value
        if own == currency:
            return total
        return None if rate is None else money(total * rate, currency)

    def _position(self, key: str, units: Decimal, own: str, day: date) -> Decimal | None:
        security, history = self.securities[key], self.prices.get(key)
        found = history.on(day) if history else None
        rate = self.rate(security["currency"], own, day)
        if found is None or rate is None:
            return None
        interest = money(units * (accrued_of(security, day) or Decimal(0)) * rate, own)
        return money(units * found[1] * Decimal(security["price_multiplier"] or "1") * rate, own) + interest

    def _note(self, found: Days, n: int, row: dict[str, str], own: str, day: date, currency: str) -> None:
        """What of a row crosses the boundary of its account; ``tag`` tells legs of one move."""
        kind, amount, rate = row["type"], Decimal(row["amount"]), self.rate(own, currency, day)
        if rate is None:
            raise NotComparable
        tag = ""
        if kind in FLOWS:
            flow = amount
        elif kind == "ADVISORY_FEE":
            fee = -amount if own == currency else money(-amount * rate, currency)
            found.fees[n] = found.fees.get(n, Decimal(0)) + fee
            return
        elif kind in LEGS:
            if row["security_key"]:
                if kind == "JOURNAL":  # the demo journals what splits and distributions bring
                    return
                units = Decimal(row["quantity"]) * (1 if kind == "TRANSFER_IN" else -1)
                value = self._position(row["security_key"], units, own, day)
                if value is None:
                    raise NotComparable
                flow, tag = value, f"{row['security_key']}:{abs(units)}"
            else:
                flow, tag = amount, f"cash:{abs(amount)}"
        else:
            return
        if own != currency:
            flow = money(flow * rate, currency)
        found.flows.setdefault(n, []).append((flow, tag))

    def growths(
        self, household: str, last: date, currency: str
    ) -> tuple[list[date], list[Fraction], list[Fraction]]:
        """The sessions from the first funded one on, and the net and gross growth of each."""
        members = self.members[household]
        firsts = [
            min(r["trade_date"] for r in self.transactions[a]) for a in members if a in self.transactions
        ]
        if not firsts:
            raise NotComparable
        sessions = self.sessions(date.fromisoformat(min(firsts)), last, members)
        accounts = {a: self.days_of(a, sessions, currency) for a in members if a in self.transactions}
        if any(value is None for days in accounts.values() for value in days.values):
            raise NotComparable
        net: list[Fraction] = []
        gross: list[Fraction] = []
        before, inside = Decimal(0), set[str]()
        for n, day in enumerate(sessions):
            now = set(self.accounts_of(household, day)) & set(accounts)
            if inside - now:
                raise NotComparable
            flows: list[tuple[Decimal, str]] = []
            fees = joined = Decimal(0)
            for a in now:
                days = accounts[a]
                own = days.flows.get(n, [])
                value = days.values[n] or Decimal(0)
                is_new = days.first == n and 2 * sum((f for f, _ in own), Decimal(0)) >= value
                flows += own
                if a in inside or is_new or days.first > n:
                    fees += days.fees.get(n, Decimal(0))
                else:
                    joined += value - sum((f for f, _ in own), Decimal(0))
            inside = now
            into, out = self._crossing(flows)
            closing = sum((accounts[a].values[n] or Decimal(0) for a in now), Decimal(0))
            start = Fraction(before + into + joined)
            net.append(self._grown(Fraction(closing + out), start))
            gross.append(self._grown(Fraction(closing + out + fees), start))
            before = closing
        return sessions, net, gross

    @staticmethod
    def _crossing(flows: list[tuple[Decimal, str]]) -> tuple[Decimal, Decimal]:
        """In and out of the day without moves between two accounts."""
        left = list(flows)
        for flow, tag in flows:
            if tag and flow < 0 and (-flow, tag) in left and (flow, tag) in left:
                left.remove((flow, tag))
                left.remove((-flow, tag))
        into = sum((f for f, _ in left if f > 0), Decimal(0))
        return into, -sum((f for f, _ in left if f < 0), Decimal(0))

    @staticmethod
    def _grown(end: Fraction, start: Fraction) -> Fraction:
        if start <= 0:
            if end == 0 and start == 0:
                return Fraction(1)
            raise NotComparable
        return end / start


def linked(sessions: Sequence[date], growths: Sequence[Fraction], begin: date) -> float:
    """The return from the close of ``begin`` on."""
    product = 1.0
    for day, growth in zip(sessions, growths, strict=True):
        if day > begin:
            product *= float(growth)
    return product - 1
