"""Who may see what, by walking: a firm's subjects, how they hang together, and what a grant on one reaches.

Plain Python over plain values, one thing at a time, importing nothing of the product: what the database's
expansion and its changes are held against.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

LONG_AGO, DAY = date(2015, 1, 1), date(2021, 3, 31)
OWNING = {"owner", "joint_survivorship", "joint_common", "trustee", "custodian", "minor"}
EVERY_ROLE = [*sorted(OWNING), "beneficiary", "grantor", "attorney"]

Dates = tuple[date, date | None]


@dataclass(frozen=True)
class Tie:
    """One row that ties ``upper`` (household, owner, book) to ``lower``, with its dates."""

    upper: UUID
    lower: UUID
    role: str
    dates: Dates
    is_superseded: bool = False
    share: Decimal = Decimal(1)

    @property
    def holds(self) -> bool:
        return live(*self.dates) and not self.is_superseded


@dataclass
class Book:
    """A firm's subjects and how they hang together; the naive expansion walks it."""

    kinds: dict[UUID, str] = field(default_factory=dict)
    parents: dict[UUID, UUID] = field(default_factory=dict)
    debts: dict[UUID, UUID] = field(default_factory=dict)
    memberships: list[Tie] = field(default_factory=list)
    members: list[Tie] = field(default_factory=list)
    owners: list[Tie] = field(default_factory=list)
    debtors: list[Tie] = field(default_factory=list)
    holdings: list[Tie] = field(default_factory=list)
    assignments: list[Tie] = field(default_factory=list)
    comes_of_age: dict[UUID, date] = field(default_factory=dict)

    def of(self, kind: str) -> list[UUID]:
        return [key for key, value in self.kinds.items() if value == kind]

    @staticmethod
    def below(ties: list[Tie], upper: set[UUID]) -> set[UUID]:
        return {tie.lower for tie in ties if tie.holds and tie.upper in upper}

    def expansion(self, subject: UUID, *, is_staff: bool, relationship: str) -> set[UUID]:
        """Everything a grant on ``subject`` reaches, by walking."""
        kind = self.kinds[subject]
        found = {subject}
        homes: set[UUID] = {subject} if kind == "household" else set()
        held: set[UUID] = {subject} if kind == "party" else set()
        theirs: dict[UUID, set[str]] = {subject: {""}} if kind == "account" else {}
        if kind == "book":
            while grown := {b for b, parent in self.parents.items() if parent in found} - found:
                found |= grown
            theirs = {key: {""} for key in self.below(self.assignments, found)}
            homes = {tie.upper for tie in self.memberships if tie.holds and tie.lower in theirs}
        elif kind == "household":
            theirs = {key: {""} for key in self.below(self.memberships, homes)}
        whole = [tie for tie in self.holdings if tie.share == 1]
        while grown := self.below(whole, held) - held:
            held |= grown
        for tie in self.owners:
            if tie.holds and tie.upper in held and tie.role in OWNING:
                theirs.setdefault(tie.lower, set()).add(tie.role)
        owed = {subject} if kind == "liability" else self.below(self.debtors, held)
        owed |= {debt for debt, home in self.debts.items() if home in homes}
        known = held | self.below(self.members, homes)
        if is_staff:
            known |= {tie.upper for tie in self.owners if tie.holds and tie.lower in theirs}
            known |= {tie.upper for tie in self.debtors if tie.holds and tie.lower in owed}
        kept = {
            account for account, roles in theirs.items()
            if is_staff or not self.is_of_age(account)
            or (relationship not in ("guardian", "parent") and roles != {"custodian"})
        }  # fmt: skip
        if kind == "account":
            found -= {subject}
        return found | homes | owed | known | kept

    def is_of_age(self, account: UUID) -> bool:
        return account in self.comes_of_age and self.comes_of_age[account] <= DAY


def live(start: date, end: date | None) -> bool:
    return start <= DAY and (end is None or end > DAY)


def random_book(chance: random.Random) -> Book:
    """A small firm in which nearly everything hangs together with something."""
    book = Book()
    for kind, most in (("account", 9), ("household", 5), ("party", 7), ("book", 6), ("liability", 4)):
        for _ in range(chance.randint(1, most)):
            book.kinds[uuid4()] = kind
    nodes = book.of("book")
    for place, node in enumerate(nodes[1:], 1):
        if chance.random() < 0.7:
            book.parents[node] = chance.choice(nodes[:place])

    def dates() -> Dates:
        start = chance.choice([LONG_AGO, DAY - timedelta(days=1), DAY, DAY + timedelta(days=1)])
        return start, chance.choice([None, None, start + timedelta(days=1), DAY, DAY + timedelta(days=1)])

    def some(ties: list[Tie], uppers: list[UUID], lower: UUID, roles: list[str], **more: Any) -> None:
        ties.extend(
            Tie(upper, lower, chance.choice(roles), dates(), chance.random() < 0.2, **more)
            for upper in chance.sample(uppers, chance.randint(0, min(3, len(uppers))))
        )

    people, homes = book.of("party"), book.of("household")
    for account in book.of("account"):
        some(book.memberships, homes, account, [""])
        some(book.owners, people, account, EVERY_ROLE)
        some(book.assignments, nodes, account, [""])
        if chance.random() < 0.4:
            book.comes_of_age[account] = chance.choice([DAY, DAY + timedelta(days=1), LONG_AGO])
    for person in people:
        for home in chance.sample(homes, chance.randint(0, len(homes))):
            book.members.append(Tie(home, person, "spouse", dates(), chance.random() < 0.2))
    for place, owned in enumerate(people[1:], 1):
        some(book.holdings, people[:place], owned, [""], share=chance.choice([Decimal(1), Decimal("0.6")]))
    for debt in book.of("liability"):
        book.debts[debt] = chance.choice(homes)
        some(book.debtors, people, debt, [""])
    return book
