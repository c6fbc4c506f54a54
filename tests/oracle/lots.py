"""An independent reckoning of tax lots and wash sales: share by share, by plain Python and nothing of ours.

Every share is an object of its own with its own cost as a fraction; a sale takes shares, a loss looks through
all shares of the family for one that replaces it. Two passes: the first settles which shares each event takes
(that needs no wash sale), the second goes through the disposals from the earliest and gives each lost share
the earliest share nobody used. It is slow and plain, so that it can be checked by eye.

Shares are counted in units after all splits of the history, so that a split is nothing here: what was bought
before a 2-for-1 split is two shares from the beginning, each of half the cost.

An event is a dict: day, kind (BUY, REINVEST, SELL, MOVE, SPLIT, CAPITAL, SPIN), account, security, units,
amount, and to (of a MOVE) or order. Amounts are in cents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

WINDOW = timedelta(days=30)


class Share:
    def __init__(self, security: str, account: str, event: dict[str, Any], index: int, number: int) -> None:
        self.security = security
        self.acquired: date = event["day"]
        self.order = event.get("order") or f"event {index}"
        self.came = index
        """The event that brought it into being as an acquisition."""
        self.number = number
        self.where = [(index, account)]
        self.cost = Fraction(0)
        self.changes: list[tuple[int, str, Fraction]] = []
        """(event, what, how much): returns of capital and spin-offs, in order."""
        self.gone: int | None = None
        self.price = Fraction(0)
        self.is_purchase = True
        self.since = index
        """The event since which this very share exists: a spun-off share comes after it was acquired."""

    def account(self, index: int) -> str:
        return [account for came, account in self.where if came <= index][-1]

    def is_held(self, index: int) -> bool:
        """After the event."""
        return self.since <= index and (self.gone is None or self.gone > index)

    def age(self) -> tuple[date, int, int]:
        return (self.acquired, self.came, self.number)


class Reckoning:
    """``methods`` by account; ``taxable`` accounts; ``identical`` pairs; the part that a spin-off takes."""

    def __init__(
        self,
        events: Sequence[dict[str, Any]],
        methods: dict[str, str],
        taxable: set[str],
        identical: set[frozenset[str]],
        spin_share: Fraction,
    ) -> None:
        self.events = list(events)
        self.methods = methods
        self.taxable = taxable
        self.identical = identical
        self.spin_share = spin_share
        self.shares: list[Share] = []
        self.sold: list[list[Share]] = [[] for _event in self.events]
        self.capital: list[list[Share]] = [[] for _event in self.events]
        for index, event in enumerate(self.events):
            self._happen(index, event)

    def factor(self, security: str, index: int) -> int:
        """Shares at the end for one share at the event."""
        result = 1
        for event in self.events[index + 1 :]:
            if event["kind"] == "SPLIT" and event["security"] == security:
                result *= event["ratio"]
        return result

    # -- first pass: who takes which shares --------------------------------------------------------------

    def held(self, account: str, security: str, index: int) -> list[Share]:
        return [
            share
            for share in self.shares
            if share.security == security and share.is_held(index) and share.account(index) == account
        ]

    def _happen(self, index: int, event: dict[str, Any]) -> None:
        kind, account, security = event["kind"], event.get("account"), event["security"]
        if kind in ("BUY", "REINVEST"):
            count = event["units"] * self.factor(security, index)
            for number in range(count):
                share = Share(security, account, event, index, number)
                share.cost = Fraction(event["amount"], count)
                self.shares.append(share)
        elif kind == "SELL":
            count = event["units"] * self.factor(security, index)
            for share in self._chosen(account, security, index)[:count]:
                share.gone = index
                share.price = Fraction(event["amount"], count)
                self.sold[index].append(share)
        elif kind == "MOVE":
            count = event["units"] * self.factor(security, index)
            for share in self._chosen(account, security, index)[:count]:
                share.where.append((index, event["to"]))
        elif kind == "CAPITAL":
            its = self.held(account, security, index)
            self.capital[index] = its
            for share in its:
                share.changes.append((index, "capital", Fraction(event["amount"], len(its))))
        elif kind == "SPIN":
            for share in self.held(account, security, index):
                share.changes.append((index, "spin", self.spin_share))
                child = Share(event["to"], account, event, index, share.number)
                child.acquired, child.came, child.is_purchase = share.acquired, share.came, False
                child.order = f"spin {index} of {share.order}"
                child.parent = share  # type: ignore[attr-defined]
                self.shares.append(child)

    def _chosen(self, account: str, security: str, index: int) -> list[Share]:
        its = self.held(account, security, index)
        method = self.methods[account]
        if method == "LIFO":
            return sorted(its, key=lambda share: (-share.acquired.toordinal(), -share.came, share.number))
        if method == "HIFO":
            return sorted(its, key=lambda share: (-self.basis(share, index), share.age()))
        return sorted(its, key=Share.age)

    # -- basis and gains of one share --------------------------------------------------------------------

    def basis(self, share: Share, index: int, added: Sequence[tuple[int, Fraction]] = ()) -> Fraction:
        """What the share stands at before the event ``index``; ``added``: (event, loss deferred into it)."""
        return self._walk(share, index, added)[0]

    def capital_gain(self, share: Share, at: int, added: Sequence[tuple[int, Fraction]] = ()) -> Fraction:
        """The gain of a return of capital at the event: what is more than the basis."""
        before = self.basis(share, at, added)
        amount = next(much for index, what, much in share.changes if index == at and what == "capital")
        return max(Fraction(0), amount - before)

    def _walk(
        self, share: Share, until: int, added: Sequence[tuple[int, Fraction]]
    ) -> tuple[Fraction, Fraction]:
        parent = getattr(share, "parent", None)
        amount = (
            share.cost
            if parent is None
            else self.basis(parent, share.since, self.added_of(parent)) * self.spin_share
        )
        steps = [(index, 0, what, much) for index, what, much in share.changes if index < until]
        steps += [(index, 1, "added", much) for index, much in added if index < until]
        for _index, _order, what, much in sorted(steps, key=lambda step: step[:2]):
            if what == "capital":
                amount = max(Fraction(0), amount - much)
            elif what == "spin":
                amount -= amount * much
            else:
                amount += much
        return amount, Fraction(0)

    def added_of(self, share: Share) -> list[tuple[int, Fraction]]:
        return self._added.get(id(share), []) if self._view else []

    _added: dict[int, list[tuple[int, Fraction]]] = {}  # noqa: RUF012
    _view = ""

    # -- second pass: losses from the earliest -----------------------------------------------------------

    def wash(self, view: str) -> dict[str, Any]:
        """``view``: book (no wash sales), custodian (same account and security) or economic (the family)."""
        self._view = "" if view == "book" else view
        self._added = {}
        used: set[int] = set()
        held_since = {id(share): share.acquired for share in self.shares}
        totals: dict[int, dict[str, Fraction]] = {}
        terms: dict[int, dict[str, Fraction]] = {}
        for index, event in enumerate(self.events):
            for share in sorted(self.capital[index], key=Share.age):
                gain = self.capital_gain(share, index, self.added_of(share))
                self._count(totals, terms, index, gain, self._is_long(held_since[id(share)], event["day"]))
            for share in sorted(self.sold[index], key=Share.age):
                gain = share.price - self.basis(share, index, self.added_of(share))
                since = held_since[id(share)]
                self._count(totals, terms, index, gain, self._is_long(since, event["day"]))
                if gain >= 0 or view == "book" or event["account"] not in self.taxable:
                    continue
                other = self._replacement(share, index, view, used)
                if other is None:
                    continue
                used.add(id(other))
                totals[index]["disallowed"] += -gain
                if other.account(max(index, other.came)) in self.taxable:
                    when = max(index, other.came)
                    self._added.setdefault(id(other), []).append((when, -gain))
                    held_since[id(other)] -= event["day"] - since
                else:
                    totals[index]["lost"] += -gain
        basis: dict[tuple[str, str], Fraction] = {}
        last = len(self.events)
        for share in self.shares:
            if share.gone is None:
                key = (share.account(last), share.security)
                basis[key] = basis.get(key, Fraction(0)) + self.basis(share, last, self.added_of(share))
        return {"totals": totals, "terms": terms, "basis": {k: v for k, v in basis.items() if v}}

    def _count(
        self, totals: dict[int, Any], terms: dict[int, Any], index: int, gain: Fraction, is_long: bool
    ) -> None:
        mine = totals.setdefault(index, {"gain": Fraction(0), "disallowed": Fraction(0), "lost": Fraction(0)})
        mine["gain"] += gain
        its = terms.setdefault(index, {"LONG": Fraction(0), "SHORT": Fraction(0)})
        its["LONG" if is_long else "SHORT"] += gain

    @staticmethod
    def _is_long(since: date, until: date) -> bool:
        """More than a year, the first day after the acquisition counted as the first: day by day."""
        first = since + timedelta(days=1)
        day, months = first, 0
        while months < 12:
            day += timedelta(days=1)
            if day.day == first.day or (
                first.day > 28 and day.day == 1 and (day - timedelta(days=1)).day < first.day
            ):
                months += 1
        return until >= day

    def _replacement(self, sold: Share, index: int, view: str, used: set[int]) -> Share | None:
        """The earliest share nobody used, bought within the window and still held (or not yet bought)."""
        event = self.events[index]
        found = []
        for share in self.shares:
            if id(share) in used or not share.is_purchase or share.order == sold.order or share is sold:
                continue
            pair = frozenset((sold.security, share.security))
            if len(pair) == 2 and (view == "custodian" or pair not in self.identical):
                continue
            if abs(share.acquired - event["day"]) > WINDOW:
                continue
            if share.came <= index and not share.is_held(index):
                continue
            if view == "custodian" and share.account(max(index, share.came)) != event["account"]:
                continue
            found.append(share)
        return min(found, key=Share.age, default=None)

    def units(self) -> dict[tuple[str, str], int]:
        """Shares held at the end."""
        count: dict[tuple[str, str], int] = {}
        for share in self.shares:
            if share.gone is None:
                key = (share.account(len(self.events)), share.security)
                count[key] = count.get(key, 0) + 1
        return count
