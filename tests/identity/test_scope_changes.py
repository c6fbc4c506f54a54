"""After random changes the expansion is that of a full rebuild and of a walk over the book, row for row."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, insert, select, text, update
from wealthnexus.domain.clients.models import (
    account_assignments,
    account_owners,
    accounts,
    household_accounts,
    household_members,
    liability_owners,
    party_ownerships,
)
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import scope_changes
from wealthnexus.domain.identity.models import access_grants, access_scope
from wealthnexus.domain.identity.scope_changes import Touched
from wealthnexus.domain.identity.service.grants import expand_grant, rebuild_scope, refresh_scope
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import TestUser, make_firm, make_user
from tests.oracle.access import DAY, EVERY_ROLE, LONG_AGO, Book, Tie, random_book
from tests.support.shared_book import write

pytestmark = pytest.mark.database
CHANGES = 25


@dataclass(frozen=True)
class Kind:
    """One table of ties: its ends, which list of the oracle's book it is, and what its rows need besides."""

    table: Table
    upper: str
    lower: str
    ties: Callable[[Book], list[Tie]]
    kinds: tuple[str, str]
    more: Callable[[Tie], dict[str, Any]] = lambda _tie: {}
    roles: tuple[str, ...] = ("",)
    is_ownership: bool = False


KINDS = (
    Kind(household_accounts, "household_id", "account_id", lambda b: b.memberships, ("household", "account")),
    Kind(household_members, "household_id", "party_id", lambda b: b.members, ("household", "party"),
         lambda tie: {"relationship": tie.role}, ("spouse",)),
    Kind(account_owners, "party_id", "account_id", lambda b: b.owners, ("party", "account"),
         lambda tie: {"role": tie.role}, tuple(EVERY_ROLE)),
    Kind(liability_owners, "party_id", "liability_id", lambda b: b.debtors, ("party", "liability")),
    Kind(party_ownerships, "owner_id", "owned_id", lambda b: b.holdings, ("party", "party"),
         lambda tie: {"share": tie.share}, is_ownership=True),
    Kind(account_assignments, "book_id", "account_id", lambda b: b.assignments, ("book", "account"),
         lambda _tie: {"split": Decimal(1)}),
)  # fmt: skip


@dataclass
class Firm:
    """A firm as the oracle and as the database have it; every change is made in both."""

    uow: UnitOfWork
    book: Book
    chance: random.Random
    people: list[TestUser]
    staff: set[UUID]
    today: date
    grants: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    undone: tuple[Kind, Tie, bool] | None = None

    def expected(self) -> set[tuple[UUID, UUID, UUID, str, bool]]:
        """By walking: principal, subject, grant, kind, whether it may be written."""
        found = set()
        for grant, facts in self.grants.items():
            ends = facts["effective_to"]
            if facts["revoked_at"] is not None or facts["effective_from"] > self.today:
                continue
            if ends is not None and ends <= self.today:
                continue
            person, may_write = facts["principal_id"], "write" in facts["permissions"]
            for key in self.book.expansion(
                facts["subject_id"], is_staff=person in self.staff, relationship=facts["relationship"]
            ):
                found.add((person, key, grant, self.book.kinds[key], may_write))
        return found

    async def rows(self) -> set[tuple[Any, ...]]:
        s = access_scope.c
        rows = await self.uow.rows(
            select(s.principal_id, s.subject_id, s.grant_id, s.kind, s.may_write, s.expires_at)
            .where(s.tenant_id == self.uow.tenant_id)
        )  # fmt: skip
        return {tuple(row) for row in rows}

    # -- changes ------------------------------------------------------------------------------------------

    async def change(self) -> None:
        """One of the changes that the product makes, and what follows from it."""
        made = self.chance.random()
        if made < 0.40:
            await self.tie(*self.some_tie())
        elif made < 0.62:
            await self.untie()
        elif made < 0.70:
            await self.undo()
        elif made < 0.78:
            await self.come_of_age()
        elif made < 0.92 or not self.grants:
            await self.grant()
        else:
            await self.revoke()

    def some_tie(self) -> tuple[Kind, Tie]:
        kind = self.chance.choice(KINDS)
        uppers, lowers = (self.book.of(each) for each in kind.kinds)
        upper, lower = self.chance.choice(uppers), self.chance.choice(lowers)
        if kind.is_ownership:
            # Nobody owns in a circle: the later owns nothing of the earlier.
            upper, lower = sorted((upper, lower), key=uppers.index)
        start = self.chance.choice([LONG_AGO, DAY, DAY + timedelta(days=1)])
        end = self.chance.choice([None, None, None, DAY, DAY + timedelta(days=1)])
        if end is not None and end <= start:
            end = start + timedelta(days=1)
        share = self.chance.choice([Decimal(1), Decimal(1), Decimal("0.4")])
        return kind, Tie(upper, lower, self.chance.choice(kind.roles), (start, end), False, share)

    async def tie(self, kind: Kind, tie: Tie) -> None:
        if tie.upper == tie.lower:
            return
        kind.ties(self.book).append(tie)
        await self.uow.execute(
            insert(kind.table).values(
                tenant_id=self.uow.tenant_id, id=new_id(), **{kind.upper: tie.upper, kind.lower: tie.lower},
                **kind.more(tie), effective_from=tie.dates[0], effective_to=tie.dates[1], book_version=3,
            )
        )  # fmt: skip
        self.undone = (kind, tie, False)
        await self.follow(kind, tie)

    async def untie(self, which: tuple[Kind, Tie] | None = None) -> None:
        """The row is superseded and, half of the time, written again with its end today."""
        if which is None:
            held = [(kind, tie) for kind in KINDS for tie in kind.ties(self.book) if not tie.is_superseded]
            if not held:
                return
            which = self.chance.choice(held)
        kind, tie = which
        ties, c = kind.ties(self.book), kind.table.c
        same = [each for each in ties if each == tie]
        for each in same:
            ties[ties.index(each)] = replace(each, is_superseded=True)
        more = [c[name] == value for name, value in kind.more(tie).items()]
        await self.uow.execute(
            update(kind.table)
            .where(c.tenant_id == self.uow.tenant_id, c[kind.upper] == tie.upper, c[kind.lower] == tie.lower,
                   c.effective_from == tie.dates[0], c.effective_to.is_not_distinct_from(tie.dates[1]),
                   c.superseded_version.is_(None), *more)
            .values(superseded_version=4)
        )  # fmt: skip
        self.undone = (kind, tie, True)
        if tie.dates[0] < DAY and self.chance.random() < 0.5:
            await self.tie(kind, replace(tie, dates=(tie.dates[0], DAY)))
            self.undone = None
        await self.follow(kind, tie)

    async def undo(self) -> None:
        """The latest tie goes, or the latest that went comes back."""
        if self.undone is None:
            return
        (kind, tie, was_ended), self.undone = self.undone, None
        if was_ended:
            await self.tie(kind, tie)
        elif tie in kind.ties(self.book):
            await self.untie((kind, tie))

    async def follow(self, kind: Kind, tie: Tie) -> None:
        if kind.is_ownership:
            await refresh_scope(self.uow, Touched((), (tie.lower,)))
        elif kind.kinds == ("household", "party") or kind.kinds == ("book", "account"):
            await refresh_scope(self.uow, Touched((tie.lower,)))
        else:
            await refresh_scope(self.uow, Touched((tie.upper, tie.lower)))

    async def come_of_age(self) -> None:
        account = self.chance.choice(self.book.of("account"))
        day = self.chance.choice([None, DAY, DAY + timedelta(days=30)])
        self.book.comes_of_age.pop(account, None)
        if day is not None:
            self.book.comes_of_age[account] = day
        await self.uow.execute(
            update(accounts)
            .where(accounts.c.tenant_id == self.uow.tenant_id, accounts.c.id == account)
            .values(custodianship_ends_on=day)
        )
        await refresh_scope(self.uow, Touched((account,)))

    async def grant(self) -> None:
        person, subject = self.chance.choice(self.people), self.chance.choice(list(self.book.kinds))
        begins = self.today + timedelta(days=self.chance.choice([-400, 0, 0, 1]))
        key = new_id()
        facts = {
            "principal_id": person.id,
            "subject_id": subject,
            "relationship": self.chance.choice(["self", "guardian", "parent", "staff", "trustee"]),
            "permissions": self.chance.choice([["read"], ["read", "write"]]),
            "effective_from": begins,
            "effective_to": self.chance.choice([None, begins + timedelta(days=1), date(2300, 1, 1)]),
            "revoked_at": None,
        }
        await self.uow.execute(
            insert(access_grants).values(
                tenant_id=self.uow.tenant_id, id=key, reason="test", created_at=clock.now(), **facts
            )
        )
        self.grants[key] = facts
        await expand_grant(self.uow, key)

    async def revoke(self) -> None:
        key = self.chance.choice(list(self.grants))
        self.grants[key]["revoked_at"] = clock.now()
        await self.uow.execute(
            update(access_grants)
            .where(access_grants.c.tenant_id == self.uow.tenant_id, access_grants.c.id == key)
            .values(revoked_at=clock.now())
        )
        await expand_grant(self.uow, key)


async def a_firm(platform: Platform, seed: int) -> tuple[FirmInfo, list[TestUser]]:
    firm = await make_firm(platform, pinned_business_date=DAY)
    people = [await make_user(platform, firm, limited=True) for _ in range(2)]
    people += [await make_user(platform, firm, roles=("CLIENT",), limited=True) for _ in range(2)]
    return firm, people


@pytest.mark.parametrize("seed", range(20))
async def test_changes_give_what_a_rebuild_and_a_walk_give(platform: Platform, seed: int) -> None:
    firm, people = await a_firm(platform, seed)
    chance = random.Random(1_000 + seed)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        today = clock.business_date(firm.time_zone, None)
        made = Firm(uow, random_book(chance), chance, people, {each.id for each in people[:2]}, today)
        await write(uow, made.book)
        for _ in range(6):
            await made.grant()
        for step in range(CHANGES):
            await made.change()
            incrementally = await made.rows()
            assert {row[:5] for row in incrementally} == made.expected(), f"seed {seed}, step {step}"
            if step % 5 == 4:
                await rebuild_scope(uow)
                assert await made.rows() == incrementally, f"seed {seed}, step {step}"


async def test_more_than_the_limit_is_a_rebuild(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scope_changes, "SUBJECTS_MAX", 0)
    firm, people = await a_firm(platform, 1)
    chance = random.Random(7)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        today = clock.business_date(firm.time_zone, None)
        made = Firm(uow, random_book(chance), chance, people, {each.id for each in people[:2]}, today)
        await write(uow, made.book)
        for _ in range(6):
            await made.grant()
        await made.tie(*made.some_tie())
        assert {row[:5] for row in await made.rows()} == made.expected()


async def test_a_change_writes_the_rows_of_what_it_touches_alone(platform: Platform) -> None:
    """Everything else keeps its very rows: a change costs by what it touches, not by the firm."""
    firm, people = await a_firm(platform, 2)
    chance = random.Random(11)
    versions = text("select subject_id, ctid::text from access_scope where tenant_id = :t")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        today = clock.business_date(firm.time_zone, None)
        made = Firm(uow, random_book(chance), chance, people, {each.id for each in people[:2]}, today)
        for _ in range(8):  # several small families that nothing ties together
            other = random_book(chance)
            made.book.kinds |= other.kinds
            made.book.parents |= other.parents
            made.book.debts |= other.debts
            for kind in KINDS:
                kind.ties(made.book).extend(kind.ties(other))
        await write(uow, made.book)
        for _ in range(40):
            await made.grant()
        before = {tuple(row) for row in await uow.rows(versions, {"t": firm.id})}
        account = made.book.of("account")[0]
        touched = Touched((account, made.book.of("party")[0]))
        near = set(await scope_changes.affected(uow, await _when(uow), touched))
        await refresh_scope(uow, touched)
        after = {tuple(row) for row in await uow.rows(versions, {"t": firm.id})}
    assert 0 < len(near) < len(made.book.kinds) / 3
    assert {subject for subject, _ in before - after} <= near
    assert len(before & after) > len(before) / 2


async def _when(uow: UnitOfWork) -> Any:
    from wealthnexus.domain.identity.service import grants

    return await grants._locked(uow)
