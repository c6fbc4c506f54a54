"""The same request twice has one effect and one answer: the nine cases that Zulip's page enumerates
(docs/subsystems/idempotency.md there), as this product settles each, and what its key must look like."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from wealthnexus.domain import work
from wealthnexus.domain.work.models import subjects
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import CryptoError
from wealthnexus.kit.db.platform_tables import idempotency_records
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import Conflict, ValidationFailed
from wealthnexus.kit.idempotency import KEPT, run_once
from wealthnexus.kit.ids import new_id

from tests.support.engines import Firm, Person

KEY = "4d7be28e-7c3c-4b8f-9f5e-0f3bb2a7a001"
BODY = {"accountId": "a", "amount": Decimal("10.50")}


class Server:
    """Answers one operation: registers a subject and says which."""

    def __init__(self, firm: Firm, person: Person) -> None:
        self.firm, self.person = firm, person

    async def answer(
        self,
        *,
        key: str | None = KEY,
        body: dict[str, Any] | None = None,
        operation: str = "postTransaction",
        person: Person | None = None,
        firm: Firm | None = None,
        before: Callable[[], Awaitable[None]] | None = None,
        after: Callable[[], None] | None = None,
    ) -> dict[str, Any]:
        """``before``: inside the work; ``after``: in the same unit of work, when the work is done."""
        firm, person = firm or self.firm, person or self.person
        async with firm.writing(person) as uow:
            answer = await run_once(
                uow,
                principal_id=person.user_id,
                operation=operation,
                key=key,
                request=body or BODY,
                do=lambda: self.work(uow, before),
            )
            if after is not None:
                after()
            return answer

    async def work(self, uow: UnitOfWork, before: Callable[[], Awaitable[None]] | None) -> dict[str, Any]:
        subject_id = await work.register_subject(uow, new_id(), "account", "made once")
        if before is not None:
            await before()
        return {"id": subject_id, "amount": Decimal("10.50")}

    async def effects(self, firm: Firm | None = None) -> int:
        return len(await (firm or self.firm).rows(subjects))


@pytest.fixture
async def server(firm: Firm) -> Server:
    return Server(firm, await firm.person("Dana Smith"))


async def refuse() -> None:
    raise ValidationFailed("amount is 10.50, expected at most 10.00; nothing was posted")


async def test_1_a_successful_request_is_answered_again_without_being_done_again(server: Server) -> None:
    first = await server.answer()
    assert first == {"id": first["id"], "amount": "10.50"}
    assert UUID(first["id"])
    assert [await server.answer() for _ in range(3)] == [first] * 3
    assert await server.effects() == 1


async def test_2_an_early_refusal_leaves_no_trace(server: Server) -> None:
    """Permissions and inputs are checked before ``run_once``: a retry is checked anew."""

    async def request(allowed: bool) -> dict[str, Any]:
        if not allowed:
            await refuse()
        return await server.answer()

    for _ in range(2):
        with pytest.raises(ValidationFailed):
            await request(False)
    assert await server.firm.rows(idempotency_records) == []
    assert (await request(True))["amount"] == "10.50"


async def test_3_a_refusal_during_the_work_undoes_it_and_is_not_remembered(server: Server) -> None:
    for _ in range(2):
        with pytest.raises(ValidationFailed, match="expected at most"):
            await server.answer(before=refuse)
    assert await server.effects() == 0
    assert await server.firm.rows(idempotency_records) == []
    assert (await server.answer())["amount"] == "10.50"
    assert await server.effects() == 1


async def test_4_a_refusal_after_the_work_undoes_the_work_too(server: Server) -> None:
    def fail() -> None:
        raise Conflict("somebody was faster")

    with pytest.raises(Conflict, match="faster"):
        await server.answer(after=fail)
    assert (await server.effects(), await server.firm.rows(idempotency_records)) == (0, [])


async def test_5_another_request_with_the_same_key_is_a_conflict(server: Server) -> None:
    first = await server.answer()
    with pytest.raises(Conflict) as refused:
        await server.answer(body={**BODY, "amount": Decimal("10.51")})
    assert refused.value.message == (
        f"idempotencyKey {KEY!r} was used for another postTransaction request; nothing was done,"
        " send a new request with a new key"
    )
    assert refused.value.path == ("input", "idempotencyKey")
    assert (await server.effects(), await server.answer()) == (1, first)


async def test_6a_what_was_refused_may_succeed_with_the_same_key_once_it_is_allowed(server: Server) -> None:
    with pytest.raises(ValidationFailed):
        await server.answer(before=refuse)
    assert UUID((await server.answer())["id"])


async def test_6b_what_succeeded_stays_answered_when_it_would_now_be_refused(server: Server) -> None:
    first = await server.answer()
    assert await server.answer(before=refuse) == first
    assert await server.effects() == 1


async def test_7_a_crash_before_the_commit_leaves_nothing(server: Server) -> None:
    class Crash(BaseException):
        pass

    def crash() -> None:
        raise Crash

    with pytest.raises(Crash):
        await server.answer(after=crash)
    assert (await server.effects(), await server.firm.rows(idempotency_records)) == (0, [])
    await server.answer()
    assert await server.effects() == 1


async def test_8_an_answer_that_never_arrived_is_given_on_the_retry(server: Server) -> None:
    """The commit went through, the connection did not: the retry reads the recorded answer."""
    lost = await server.answer()
    assert await server.answer() == lost
    assert await server.effects() == 1


async def test_9_concurrent_duplicates_have_one_effect_and_one_answer(server: Server) -> None:
    async def slowly() -> None:
        await asyncio.sleep(0.2)

    answers = await asyncio.gather(*(server.answer(before=slowly) for _ in range(6)))
    assert answers == [answers[0]] * 6
    assert await server.effects() == 1


async def test_9_a_duplicate_takes_over_when_the_first_one_fails(server: Server) -> None:
    started = asyncio.Event()

    async def fail_slowly() -> None:
        started.set()
        await asyncio.sleep(0.2)
        await refuse()

    first = asyncio.create_task(server.answer(before=fail_slowly))
    await started.wait()
    second = asyncio.create_task(server.answer())
    with pytest.raises(ValidationFailed):
        await first
    assert UUID((await second)["id"])
    assert await server.effects() == 1


async def test_9_a_duplicate_of_a_request_that_hangs_is_told_so(server: Server, firm: Firm) -> None:
    started, done = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        started.set()
        await done.wait()

    first = asyncio.create_task(server.answer(before=hang))
    await started.wait()
    with pytest.raises(Conflict, match="is still running; nothing was done by this one"):
        await server.answer()  # after the lock time-out
    done.set()
    assert await first == await server.answer()


async def test_keys_of_others_are_independent(server: Server, other_firm: Firm) -> None:
    colleague = await server.firm.person("Lee Brown")
    answers = [
        await server.answer(),
        await server.answer(person=colleague),
        await server.answer(operation="correctTransaction"),
        await server.answer(firm=other_firm),
    ]
    assert len({answer["id"] for answer in answers}) == 4
    assert (await server.effects(), await server.effects(other_firm)) == (3, 1)


async def test_an_expired_key_is_a_new_request(server: Server) -> None:
    first = await server.answer()
    with clock.frozen_at(clock.now() + KEPT - timedelta(seconds=1)):
        assert await server.answer() == first
    with clock.frozen_at(clock.now() + KEPT + timedelta(seconds=1)):
        later = await asyncio.gather(*(server.answer(body={"other": 1}) for _ in range(3)))
    assert later == [later[0]] * 3
    assert later[0] != first
    assert await server.effects() == 2


@pytest.mark.parametrize("key", [None, "", "short", "x" * 201, "with space", "ümläut-key-1", "line\nbreak1"])
async def test_an_unusable_key_is_refused(server: Server, key: str | None) -> None:
    with pytest.raises(ValidationFailed, match="expected 8 to 200 printable ASCII characters") as refused:
        await server.answer(key=key)
    assert refused.value.path == ("input", "idempotencyKey")
    assert await server.effects() == 0


async def test_answers_are_encrypted_under_the_principals_own_key(server: Server, firm: Firm) -> None:
    await server.answer()
    (record,) = await firm.rows(idempotency_records)
    assert b"10.50" not in bytes(record.response)
    async with firm.writing() as uow:  # moved to another row it does not open
        await uow.execute(
            update(idempotency_records)
            .where(idempotency_records.c.tenant_id == firm.id, idempotency_records.c.id == record.id)
            .values(id=new_id())
        )
    with pytest.raises(CryptoError, match="does not open with this key at this place"):
        await server.answer()


async def test_a_client_of_the_firm_may_use_it_too(server: Server, firm: Firm) -> None:
    async def answer(body: dict[str, Any]) -> dict[str, Any]:
        binding = Binding(firm.id, server.person.user_id, "limited", "portal")
        async with firm.database.unit_of_work(binding, actor=server.person.actor()) as uow:
            return await run_once(
                uow, principal_id=server.person.user_id, operation="o", key=KEY, request=body, do=do
            )

    async def do() -> dict[str, Any]:
        return {"n": str(new_id())}

    await server.answer()  # the firm's key exists: no client signs in before staff did
    assert await answer({"a": 1}) == await answer({"a": 1})
    with pytest.raises(Conflict):
        await answer({"a": 2})
