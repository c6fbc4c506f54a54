"""The approvals engine: one decision after the other, and everything it refuses."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import update
from wealthnexus.domain import approvals, work
from wealthnexus.domain.approvals import registry
from wealthnexus.domain.approvals.models import approval_decisions, approval_requests
from wealthnexus.domain.approvals.repository import RequestFilter, requests_page
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.work.models import subjects, work_items
from wealthnexus.kit import clock
from wealthnexus.kit.db.platform_tables import outbox
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import (
    Conflict,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    PolicyBlocked,
    StepUpRequired,
    ValidationFailed,
)
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest

from tests.support.engines import Firm, Person, superuser
from tests.support.servers import DatabaseAddresses

KIND = "test.note"


async def write_note(uow: UnitOfWork, command: dict[str, Any], approved: approvals.ApprovedCommand) -> None:
    """The command of these tests: its effect is a subject labelled with the text."""
    if command["text"] == "refused":
        await work.register_subject(uow, new_id(), "note", "half done")
        raise Conflict("the account was closed meanwhile; no note was written")
    if command["text"] == "broken":
        raise RuntimeError("a bug")
    await work.register_subject(uow, new_id(), "note", f"{command['text']} for {approved.maker.name}")


@contextlib.contextmanager
def register_note(**policy: Any) -> Iterator[None]:
    registry._kinds.pop(KIND, None)
    approvals.register_command(KIND, write_note, approvals.Policy(owner_role="COMPLIANCE", **policy))
    try:
        yield
    finally:
        registry._kinds.pop(KIND, None)


@pytest.fixture(autouse=True)
def _registered() -> Iterator[None]:
    with register_note():
        yield


class Desk:
    """A firm with somebody who asks and others who decide."""

    def __init__(self, firm: Firm, maker: Person, second: Person, third: Person) -> None:
        self.firm, self.maker, self.second, self.third = firm, maker, second, third

    async def ask(self, text: str = "hello", *, subject_id: UUID | None = None, **facts: Any) -> Any:
        async with self.firm.writing(self.maker) as uow:
            return await approvals.request_approval(
                uow, self.maker, kind=KIND, command={"text": text}, title=f"Note: {text}",
                summary=f"Writes the note {text!r}", subject_id=subject_id, **facts,
            )  # fmt: skip

    async def decide(self, request: Any, who: Person | None = None, **facts: Any) -> Any:
        who = who or self.second
        facts = {
            "decision": "APPROVE",
            "command_hash": request.command_hash,
            "expected_version": request.version,
            **facts,
        }
        async with self.firm.writing(who) as uow:
            return await approvals.decide(uow, who, request.id, **facts)

    async def state(self, request: Any) -> tuple[str, int]:
        row = await self.firm.row(approval_requests, request.id)
        return row.state, row.version

    async def notes(self) -> list[str]:
        return [row.label for row in await self.firm.rows(subjects, subjects.c.kind == "note")]

    async def nothing_happened(self, request: Any) -> None:
        assert await self.state(request) == ("PENDING", 1)
        assert await self.notes() == []
        assert await self.firm.rows(approval_decisions) == []
        (item,) = await self.firm.rows(work_items)
        assert item.state == "OPEN"


@pytest.fixture
async def desk(firm: Firm) -> Desk:
    people = [await firm.person(name) for name in ("Mara Maker", "Sam Second", "Tia Third")]
    return Desk(firm, *people)


async def test_a_second_person_executes_exactly_the_stored_command(desk: Desk) -> None:
    request = await desk.ask("raise the limit", reason="agreed with the client")
    assert (request.state, request.quorum, request.version) == ("PENDING", 1, 1)
    done = await desk.decide(request, reason="checked")
    assert (done.state, done.version, done.outcome) == ("EXECUTED", 2, None)
    assert await desk.notes() == ["raise the limit for Mara Maker"]
    (decision,) = await desk.firm.rows(approval_decisions)
    assert (decision.decider_id, decision.decision, decision.reason, decision.command_hash) == (
        desk.second.user_id,
        "APPROVE",
        "checked",
        request.command_hash,
    )
    (item,) = await desk.firm.rows(work_items)
    assert (item.state, item.owner_role, item.action_path, item.due_at) == (
        "DONE",
        "COMPLIANCE",
        f"/approvals/{request.id}",
        request.expires_at,
    )
    actions = [row.action for row in sorted(await desk.firm.rows(audit_events), key=lambda row: row.id)]
    assert actions == [
        "approvals.request.made",
        "approvals.request.decided",
        "approvals.request.executed",
    ]
    told = [row.event_type for row in sorted(await desk.firm.rows(outbox), key=lambda row: row.id)]
    assert told == [
        "work.item.posted",
        "approvals.request.made",
        "work.item.changed",
        "approvals.request.closed",
        "approvals.request.decided",
    ]


async def test_a_rejection_needs_a_reason_and_ends_it(desk: Desk) -> None:
    request = await desk.ask()
    with pytest.raises(ValidationFailed, match="the reason has 0 characters, expected 1 to 1000"):
        await desk.decide(request, decision="REJECT", reason="  ")
    await desk.nothing_happened(request)
    done = await desk.decide(request, decision="REJECT", reason="not agreed")
    assert (done.state, await desk.notes()) == ("REJECTED", [])
    with pytest.raises(Conflict, match="Note: hello is REJECTED already; your decision was not recorded"):
        await desk.decide(request, desk.third)


async def test_a_quorum_of_two_needs_two_others(desk: Desk) -> None:
    with register_note(quorum=2):
        request = await desk.ask()
        first = await desk.decide(request)
        assert (first.state, first.version, await desk.notes()) == ("PENDING", 2, [])
        with pytest.raises(Conflict, match="you have decided on Note: hello already"):
            await desk.decide(first)
        assert (await desk.decide(first, desk.third)).state == "EXECUTED"
    assert len(await desk.notes()) == 1


async def test_the_policy_of_the_time_of_asking_holds(desk: Desk) -> None:
    with register_note(quorum=2):
        request = await desk.ask()
    with register_note(quorum=1):
        assert (await desk.decide(request)).state == "PENDING"


async def test_the_maker_never_decides(desk: Desk) -> None:
    request = await desk.ask()
    with pytest.raises(
        PolicyBlocked, match="you asked for Note: hello yourself: somebody else has to decide"
    ):
        await desk.decide(request, desk.maker)
    with pytest.raises(PolicyBlocked):
        await desk.decide(request, desk.maker, decision="REJECT", reason="changed my mind")
    await desk.nothing_happened(request)


async def test_without_the_permission_nothing_happens(desk: Desk) -> None:
    request = await desk.ask()
    outsider = Person(desk.second.user_id, "Sam Second", frozenset({"work.manage"}))
    with pytest.raises(PermissionDenied, match=r"approvals\.decide is not among what your roles allow"):
        await desk.decide(request, outsider)
    await desk.nothing_happened(request)


async def test_without_stepping_up_nothing_happens(desk: Desk) -> None:
    request = await desk.ask()
    tired = Person(desk.second.user_id, "Sam Second", stepped_up=False)
    with pytest.raises(StepUpRequired):
        await desk.decide(request, tired)
    await desk.nothing_happened(request)
    with register_note(needs_step_up=False):
        easy = await desk.ask("easy")
        assert (await desk.decide(easy, tired)).state == "EXECUTED"


async def test_another_hash_than_the_stored_one_is_refused(desk: Desk) -> None:
    request, other = await desk.ask("one"), await desk.ask("two")
    with pytest.raises(Conflict, match="what you decided on is not what Note: one would execute"):
        await desk.decide(request, command_hash=other.command_hash)
    assert await desk.state(request) == ("PENDING", 1)


async def test_a_command_changed_in_the_database_is_not_executed(desk: Desk) -> None:
    request = await desk.ask("small")
    async with desk.firm.writing() as uow:
        await uow.execute(
            update(approval_requests)
            .where(approval_requests.c.tenant_id == desk.firm.id, approval_requests.c.id == request.id)
            .values(command={"text": "large"})
        )
    with pytest.raises(PolicyBlocked, match="the stored command of Note: small no longer matches its hash"):
        await desk.decide(request)
    assert await desk.notes() == []


async def test_a_stale_version_is_a_conflict_that_tells_the_current_one(desk: Desk) -> None:
    request = await desk.ask()
    with pytest.raises(Conflict) as refused:
        await desk.decide(request, expected_version=7)
    assert refused.value.current_version == 1
    await desk.nothing_happened(request)


async def test_after_its_time_nobody_decides_and_the_scheduler_closes_it(desk: Desk) -> None:
    request = await desk.ask()
    with clock.frozen_at(request.expires_at):
        with pytest.raises(Expired, match="Note: hello expired on"):
            await desk.decide(request)
        await desk.nothing_happened(request)
        async with desk.firm.writing() as uow:
            assert await approvals.expire_due(uow) == 1
    assert await desk.state(request) == ("EXPIRED", 2)
    (item,) = await desk.firm.rows(work_items)
    assert item.state == "CANCELLED"


async def test_a_refusal_of_the_command_itself_is_kept_and_undoes_its_effect(desk: Desk) -> None:
    request = await desk.ask("refused")
    done = await desk.decide(request)
    assert (done.state, done.outcome) == (
        "FAILED",
        "the account was closed meanwhile; no note was written",
    )
    assert await desk.notes() == []
    assert len(await desk.firm.rows(approval_decisions)) == 1


async def test_a_bug_in_the_command_undoes_the_decision_too(desk: Desk) -> None:
    request = await desk.ask("broken")
    with pytest.raises(RuntimeError, match="a bug"):
        await desk.decide(request)
    await desk.nothing_happened(request)


async def test_only_the_maker_withdraws(desk: Desk) -> None:
    request = await desk.ask()
    async with desk.firm.writing(desk.second) as uow:
        with pytest.raises(PermissionDenied, match="only who asked for Note: hello may withdraw it"):
            await approvals.cancel(uow, desk.second, request.id, expected_version=1)
    async with desk.firm.writing(desk.maker) as uow:
        done = await approvals.cancel(uow, desk.maker, request.id, expected_version=1)
    assert done.state == "CANCELLED"
    with pytest.raises(Conflict):
        await desk.decide(request)


async def test_two_deciders_at_once_execute_once(desk: Desk) -> None:
    request = await desk.ask()
    outcomes = await asyncio.gather(
        desk.decide(request), desk.decide(request, desk.third), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "Row"]
    assert len(await desk.notes()) == 1


async def test_approving_and_withdrawing_at_once_ends_in_one_of_the_two(desk: Desk) -> None:
    async def withdraw(request: Any) -> Any:
        async with desk.firm.writing(desk.maker) as uow:
            return await approvals.cancel(uow, desk.maker, request.id, expected_version=1)

    for _ in range(5):
        request = await desk.ask()
        before = len(await desk.notes())
        await asyncio.gather(desk.decide(request), withdraw(request), return_exceptions=True)
        state, _ = await desk.state(request)
        assert (state, len(await desk.notes()) - before) in {("EXECUTED", 1), ("CANCELLED", 0)}


async def test_another_firms_request_is_not_there(desk: Desk, other_firm: Firm) -> None:
    request = await desk.ask()
    stranger = await other_firm.person("Stranger")
    for request_id in (request.id, new_id()):
        async with other_firm.writing(stranger) as uow:
            with pytest.raises(NotFound):
                await approvals.decide(
                    uow, stranger, request_id, decision="APPROVE", command_hash=request.command_hash,
                    expected_version=1,
                )  # fmt: skip
    await desk.nothing_happened(request)


async def test_the_number_of_open_requests_of_a_maker_is_limited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wealthnexus.domain.approvals.service.PENDING_PER_MAKER_MAX", 2)
    await desk.ask("1")
    await desk.ask("2")
    with pytest.raises(LimitExceeded, match="you have 2 requests waiting for approval, at most 2"):
        await desk.ask("3")


async def test_the_item_of_an_approval_cannot_be_ticked_off(desk: Desk) -> None:
    await desk.ask()
    (item,) = await desk.firm.rows(work_items)
    async with desk.firm.writing(desk.second) as uow:
        with pytest.raises(PolicyBlocked, match="ends with what it is about"):
            await work.complete_item(uow, desk.second, item.id, expected_version=1)


async def test_decisions_are_only_added(desk: Desk, database_addresses: DatabaseAddresses) -> None:
    await desk.decide(await desk.ask())
    (decision,) = await desk.firm.rows(approval_decisions)
    change = "update approval_decisions set decision = 'REJECT' where id = %s"
    with psycopg.connect(database_addresses.dsn("owner")) as connection:
        connection.execute("select set_config('app.tenant_id', %s, false)", [str(desk.firm.id)])
        assert connection.execute(change, [decision.id]).rowcount == 0, "the owner sees no firm's rows"
    with (
        superuser(database_addresses) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="its rows are only ever added"),
    ):
        connection.execute(change, [decision.id])


async def test_the_lists(desk: Desk) -> None:
    first, second = await desk.ask("1"), await desk.ask("2")
    await desk.decide(first)
    async with desk.firm.reading() as reader:
        mine = await requests_page(reader, RequestFilter(awaiting=desk.second.user_id), PageRequest())
        makers = await requests_page(reader, RequestFilter(awaiting=desk.maker.user_id), PageRequest())
        done = await requests_page(reader, RequestFilter(states=["EXECUTED"]), PageRequest())
    assert [row.id for row in mine.rows] == [second.id]
    assert list(makers.rows) == []
    assert [row.id for row in done.rows] == [first.id]


def test_the_hash_covers_firm_kind_subject_and_command() -> None:
    firm, subject = new_id(), new_id()
    base = approvals.command_hash(firm, KIND, subject, {"a": Decimal("1.50"), "b": [subject]})
    assert base == approvals.command_hash(firm, KIND, subject, {"b": [str(subject)], "a": "1.50"})
    others = [
        approvals.command_hash(new_id(), KIND, subject, {"a": "1.50", "b": [str(subject)]}),
        approvals.command_hash(firm, "test.other", subject, {"a": "1.50", "b": [str(subject)]}),
        approvals.command_hash(firm, KIND, None, {"a": "1.50", "b": [str(subject)]}),
        approvals.command_hash(firm, KIND, subject, {"a": "1.5", "b": [str(subject)]}),
    ]
    assert len({base, *others}) == 5
    with pytest.raises(ValueError, match=r"holds the float 1\.5"):
        approvals.command_hash(firm, KIND, subject, {"a": 1.5})


@pytest.mark.parametrize("policy", [{"quorum": 0}, {"quorum": 11}, {"expires_after": timedelta(0)}])
def test_a_policy_nobody_could_meet_is_refused(policy: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected 1 to 10|can never be given"):
        approvals.Policy(**policy)
