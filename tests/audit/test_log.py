"""Writing the audit log: what a row holds, what is personal in it, and that nothing changes it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from wealthnexus.domain import audit
from wealthnexus.domain.audit import personal, repository
from wealthnexus.domain.audit.models import audit_chain, audit_events, audit_pending
from wealthnexus.domain.audit.repository import EventFilter
from wealthnexus.kit import clock
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import Binding, Database
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest, page_request
from wealthnexus.runtime import Platform

from tests.support.engines import Firm, Person, superuser
from tests.support.servers import DatabaseAddresses

REQUEST = RequestInfo("req-7", "192.0.2.7", "Firefox/150")


async def append(firm: Firm, who: Person | None = None, **facts: Any) -> UUID:
    facts = {"summary": "Something was done", **facts}
    async with firm.writing(who, request=REQUEST) as uow:
        return await audit.append(uow, facts.pop("action", "clients.household.renamed"), **facts)


async def shown(firm: Firm, filter_: EventFilter | None = None) -> list[personal.Shown]:
    async with firm.reading() as reader:
        page = await repository.events_page(reader, filter_ or EventFilter(), PageRequest())
        return await personal.shown_rows(reader, page.rows)


async def test_a_row_tells_who_what_and_from_where(firm: Firm) -> None:
    dana = await firm.person("Dana Smith")
    subject = await firm.subject("The Millers")
    event_id = await append(
        firm, dana,
        summary="Dana Smith renamed The Millers",
        subject=audit.SubjectRef(subject, "household", "The Millers"),
        details={"account_id": new_id(), "amount": Decimal("1.50"), "on": clock.now().date()},
    )  # fmt: skip
    row = await firm.row(audit_events, event_id)
    assert (row.action, row.actor_kind, row.actor_id, row.subject_id, row.subject_kind) == (
        "clients.household.renamed",
        "user",
        dana.user_id,
        subject,
        "household",
    )
    assert (row.ip_address, row.user_agent, row.request_id, row.correlation_id) == (
        "192.0.2.7",
        "Firefox/150",
        "req-7",
        REQUEST.correlation_id,
    )
    assert row.details["amount"] == "1.50"
    assert row.occurred_on == row.occurred_at.date()
    (read,) = await shown(firm)
    assert (read.actor_name, read.subject_label, read.summary) == (
        "Dana Smith",
        "The Millers",
        "Dana Smith renamed The Millers",
    )


async def test_no_name_is_stored_in_the_clear(firm: Firm, database_addresses: DatabaseAddresses) -> None:
    dana = await firm.person("Dana Smith")
    subject = await firm.subject("The Millers")
    await append(
        firm, dana,
        summary="Dana Smith renamed The Millers",
        subject=audit.SubjectRef(subject, "household", "The Millers"),
        personal={"old name": "The Muellers"},
    )  # fmt: skip
    with superuser(database_addresses) as connection:
        text = str(
            connection.execute("select * from audit_events where tenant_id = %s", [firm.id]).fetchall()
        )
    assert "{actor} renamed {subject}" in text
    for name in ("Dana", "Miller", "Mueller"):
        assert name not in text


async def test_erasing_a_person_takes_the_names_and_leaves_the_chain(firm: Firm, platform: Platform) -> None:
    dana = await firm.person("Dana Smith")
    client = await firm.subject("Old Client", kind="party")
    await append(
        firm, dana,
        summary="Dana Smith changed the address of Old Client",
        subject=audit.SubjectRef(client, "party", "Old Client"),
        details={"field": "address"},
        personal={"old": "1 Main Street"},
    )  # fmt: skip
    (before,) = await shown(firm)
    assert before.details == {"field": "address", "old": "1 Main Street"}
    async with platform.db.unit_of_work(firm.system) as uow:
        assert await audit.seal_firm(uow) == 1
    async with firm.writing() as uow:
        await platform.keyring.destroy_subject_key_erasing_its_values(uow, client)
    (after,) = await shown(firm)
    assert (after.actor_name, after.subject_label, after.summary, after.details) == (
        "Dana Smith",
        "(erased)",
        "Dana Smith changed the address of (erased)",
        {"field": "address", "personal": "(erased)"},
    )
    async with firm.reading() as reader:
        assert (await audit.verify(reader)).is_verified
    # What still happens around the erased person is recorded, without a name.
    await append(
        firm, dana, summary="Closed the file of Old Client",
        subject=audit.SubjectRef(client, "party", "Old Client"), personal={"old": "x"},
    )  # fmt: skip
    assert (await shown(firm))[0].summary == "Closed the file of (erased)"


async def test_what_is_rolled_back_leaves_no_row(firm: Firm) -> None:
    async def fail() -> None:
        async with firm.writing() as uow:
            await audit.append(uow, "clients.household.renamed", summary="Renamed")
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError):
        await fail()
    assert await firm.rows(audit_events) == []
    assert await firm.rows(audit_pending) == []


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"action": "renamed"}, r"is not named room\.subject\.past_verb"),
        ({"summary": ""}, "has 0 characters, expected 1 to 1000"),
        ({"summary": "x" * 1_001}, "has 1001 characters"),
        ({"details": {"a": {"b": [1.5]}}}, r"details\.a\.b\[0\] holds the float 1\.5"),
        ({"details": {"a": "x" * 33_000}}, "at most 32000 are kept"),
        ({"personal": {"a": "b"}}, "personal values but nobody they belong to"),
    ],
)
async def test_what_cannot_be_kept_is_refused(firm: Firm, facts: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        await append(firm, **facts)
    assert await firm.rows(audit_events) == []


async def test_without_a_keyring_nothing_personal_is_written(
    firm: Firm, database_addresses: DatabaseAddresses
) -> None:
    bare = Database({"app": database_addresses.app}, pool_size=1)
    try:
        async with bare.unit_of_work(firm.binding, actor=Person(new_id(), "Dana Smith").actor()) as uow:
            with pytest.raises(RuntimeError, match="was made without facts="):
                await audit.append(uow, "clients.household.renamed", summary="x")
    finally:
        await bare.close()


async def test_odd_text_survives_and_verifies(firm: Firm, platform: Platform) -> None:
    odd = 'Zoë \x00\x01\x1b\x7f \u2028 \U0001f600 "quoted" \\ back'
    async with firm.writing(request=RequestInfo("r", None, odd)) as uow:
        await audit.append(
            uow, "test.text.kept", summary=odd, details={odd: odd, "ä": 1, "z": None, "Z": True}
        )
    async with platform.db.unit_of_work(firm.system) as uow:
        await audit.seal_firm(uow)
    async with firm.reading() as reader:
        assert (await audit.verify(reader)).is_verified


async def test_the_app_cannot_change_or_remove_a_row(firm: Firm, platform: Platform) -> None:
    event_id = await append(firm)
    async with platform.db.unit_of_work(firm.system) as uow:
        await audit.seal_firm(uow)
    for table in (audit_events, audit_chain):
        for role in ("app", "system"):
            for statement in (update(table).values(content_hash=b""), delete(table)):
                with pytest.raises(DBAPIError, match="permission denied"):
                    async with platform.db.unit_of_work(Binding(firm.id, role=role)) as uow:
                        await uow.execute(statement.where(table.c.tenant_id == firm.id))
    with pytest.raises(DBAPIError, match="permission denied"):
        async with firm.writing() as uow:
            await uow.execute(delete(audit_pending).where(audit_pending.c.tenant_id == firm.id))
    assert (await firm.row(audit_events, event_id)) is not None


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_events set summary = 'x'",
        "delete from audit_events",
        "truncate audit_events",
        "truncate audit_events_default, audit_events_y2026",
        "update audit_chain set seq = seq + 1",
        "delete from audit_chain",
        "truncate audit_chain",
    ],
)
async def test_nor_can_owner_or_superuser_without_disabling_triggers(
    firm: Firm, platform: Platform, database_addresses: DatabaseAddresses, statement: str
) -> None:
    await append(firm)
    async with platform.db.unit_of_work(firm.system) as uow:
        await audit.seal_firm(uow)
    with (
        superuser(database_addresses) as connection,
        pytest.raises(psycopg.errors.RestrictViolation, match="its rows are only ever added"),
    ):
        connection.execute(statement)
    with psycopg.connect(database_addresses.dsn("owner")) as connection:
        connection.execute("select set_config('app.tenant_id', %s, false)", [str(firm.id)])
        if statement.startswith("truncate"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(statement)
        else:
            assert connection.execute(statement).rowcount == 0, "the owner sees no firm's rows"


async def test_the_list_is_newest_first_filtered_and_paged(firm: Firm) -> None:
    dana, lee = await firm.person("Dana Smith"), await firm.person("Lee Brown")
    subject = await firm.subject()
    start = clock.now() - timedelta(days=2)
    ids = []
    for hour in range(6):
        with clock.frozen_at(start + timedelta(hours=hour)):
            ids.append(
                await append(
                    firm,
                    dana if hour % 2 else lee,
                    action="clients.household.renamed" if hour < 3 else "ledger.transaction.posted",
                    subject=audit.SubjectRef(subject, "household", "H") if hour == 5 else None,
                )
            )
    async with firm.reading() as reader:

        async def found(**facts: Any) -> list[UUID]:
            page = await repository.events_page(reader, EventFilter(**facts), PageRequest())
            assert await repository.count_events(reader, EventFilter(**facts)) == len(page.rows)
            return [row.id for row in page.rows]

        assert await found() == ids[::-1]
        assert await found(actions=["clients.household.renamed"]) == ids[2::-1]
        assert await found(actor_id=dana.user_id) == [ids[5], ids[3], ids[1]]
        assert await found(subject_id=subject) == [ids[5]]
        assert await found(since=start + timedelta(hours=2), until=start + timedelta(hours=4)) == [
            ids[3],
            ids[2],
        ]
        first = await repository.events_page(reader, EventFilter(), PageRequest(4))
        rest = await repository.events_page(reader, EventFilter(), page_request(4, first.cursors[-1]))
        assert [row.id for row in [*first.rows, *rest.rows]] == ids[::-1]
        assert await repository.actions(reader) == ["clients.household.renamed", "ledger.transaction.posted"]


async def test_a_page_of_rows_of_many_people_takes_two_statements(firm: Firm) -> None:
    for number in range(12):
        person = await firm.person(f"Person {number}")
        subject = await firm.subject(f"Household {number}")
        await append(firm, person, subject=audit.SubjectRef(subject, "household", f"Household {number}"))
    async with firm.reading() as reader:
        page = await repository.events_page(reader, EventFilter(), PageRequest())
        rows = await personal.shown_rows(reader, page.rows)
        assert reader.statement_count == 2
    assert [row.actor_name for row in rows] == [f"Person {number}" for number in range(11, -1, -1)]


async def test_a_client_may_be_recorded_and_sees_nothing(firm: Firm) -> None:
    client = await firm.person("Clara Client")
    await append(firm, client)  # the firm's key exists
    binding = Binding(firm.id, client.user_id, "limited", "portal")
    async with firm.database.unit_of_work(binding, actor=client.actor()) as uow:
        await audit.append(uow, "identity.session.started", summary="Signed in")
    assert {row.action for row in await firm.rows(audit_events)} == {
        "identity.session.started",
        "clients.household.renamed",
    }
    with pytest.raises(DBAPIError, match="permission denied"):
        async with firm.database.reading(binding) as reader:
            await repository.count_events(reader, EventFilter())


async def test_concurrent_writers_do_not_wait_for_each_other(firm: Firm) -> None:
    """No lock is held from the row to the commit: a transaction that stays open stops nobody."""
    dana = await firm.person("Dana Smith")
    await append(firm, dana)
    async with firm.writing(dana) as slow:
        await audit.append(slow, "clients.household.renamed", summary="slow")
        await asyncio.wait_for(asyncio.gather(*(append(firm, dana) for _ in range(5))), 2)
    assert len(await firm.rows(audit_events)) == 7
