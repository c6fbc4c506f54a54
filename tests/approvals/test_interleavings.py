"""Many people act on the same few requests at once, in random orders; the invariants hold every time."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from wealthnexus.domain import approvals
from wealthnexus.domain.approvals.models import approval_decisions, approval_requests
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.work.models import subjects, work_items
from wealthnexus.kit import clock
from wealthnexus.kit.errors import DomainError

from tests.approvals.test_engine import register_note
from tests.support.engines import Firm, Person

ENDED = {"EXECUTED", "REJECTED", "CANCELLED", "EXPIRED", "FAILED"}


class Crowd:
    """Five people, three requests with quorum 1 to 3, and a clock that may run out."""

    def __init__(self, firm: Firm, people: list[Person], seed: int) -> None:
        self.firm, self.people = firm, people
        self.random = random.Random(seed)
        self.requests: list[Any] = []
        self.outcomes: Counter[str] = Counter()

    async def ask(self) -> None:
        for quorum in (1, 2, 3):
            maker = self.random.choice(self.people)
            text = self.random.choice(["note", "note", "refused"])
            with register_note(quorum=quorum):
                async with self.firm.writing(maker) as uow:
                    self.requests.append(
                        await approvals.request_approval(
                            uow, maker, kind="test.note", command={"text": text}, title=f"T{quorum}",
                            summary="S",
                        )
                    )  # fmt: skip

    async def act(self) -> None:
        """One random act, with a version that may be stale by the time it arrives."""
        request = self.random.choice(self.requests)
        who = self.random.choice(self.people)
        act = self.random.choices(["approve", "reject", "cancel", "expire", "tamper"], [70, 8, 6, 3, 5])[0]
        seen = await self.firm.row(approval_requests, request.id)
        await asyncio.sleep(self.random.random() * 0.01)
        try:
            async with self.firm.writing(who) as uow:
                if act == "cancel":
                    await approvals.cancel(uow, who, request.id, expected_version=seen.version)
                elif act == "expire":
                    await approvals.expire_due(uow)
                else:
                    await approvals.decide(
                        uow,
                        who,
                        request.id,
                        decision="REJECT" if act == "reject" else "APPROVE",
                        reason="because",
                        command_hash=b"\x00" * 32 if act == "tamper" else request.command_hash,
                        expected_version=seen.version,
                    )
            self.outcomes[f"{act} done"] += 1
        except DomainError as error:
            self.outcomes[f"{act} {error.code}"] += 1

    async def check(self) -> None:
        notes = Counter(row.label for row in await self.firm.rows(subjects, subjects.c.kind == "note"))
        decisions = await self.firm.rows(approval_decisions)
        items = {row.dedupe_key: row for row in await self.firm.rows(work_items)}
        executed = 0
        for request in self.requests:
            row = await self.firm.row(approval_requests, request.id)
            made = [d for d in decisions if d.request_id == request.id]
            deciders = [d.decider_id for d in made]
            assert len(set(deciders)) == len(deciders), "one decision a person"
            assert request.maker_id not in deciders, "never the maker"
            assert all(d.command_hash == request.command_hash for d in made), "what was decided on"
            approved = sum(d.decision == "APPROVE" for d in made)
            rejected = len(made) - approved
            assert row.version == 1 + len(made) + (row.state in {"CANCELLED", "EXPIRED"})
            assert (items[str(request.id)].state == "OPEN") == (row.state == "PENDING")
            if row.state == "PENDING":
                assert approved < row.quorum
                assert rejected == 0
            if row.state in {"EXECUTED", "FAILED"}:
                assert approved == row.quorum
                assert rejected == 0
                assert (row.state == "FAILED") == (request.command["text"] == "refused")
                executed += row.state == "EXECUTED"
            if row.state == "REJECTED":
                assert rejected == 1
        assert sum(notes.values()) == executed, "each executed command has its effect exactly once"
        audited = Counter(row.action for row in await self.firm.rows(audit_events))
        assert audited["approvals.request.decided"] == len(decisions)
        assert audited["approvals.request.executed"] == executed


@pytest.mark.parametrize("seed", range(6))
async def test_invariants_hold_under_random_interleavings(firm: Firm, seed: int) -> None:
    people = [await firm.person(f"Person {n}") for n in range(5)]
    crowd = Crowd(firm, people, seed)
    await crowd.ask()
    for _ in range(8):
        with register_note():
            await asyncio.gather(*(crowd.act() for _ in range(6)))
        await crowd.check()
    with clock.frozen_at(max(request.expires_at for request in crowd.requests)):
        async with firm.writing() as uow:
            await approvals.expire_due(uow)
    await crowd.check()
    states = {(await firm.row(approval_requests, request.id)).state for request in crowd.requests}
    assert states <= ENDED
    assert crowd.outcomes["approve done"] > 0
    assert crowd.outcomes["approve CONFLICT"] > 0, "the acts never met: the test shows nothing"
