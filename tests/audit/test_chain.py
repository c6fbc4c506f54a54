"""The sealed chain: what the sealer links, and that verification names what somebody changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from wealthnexus.domain import audit
from wealthnexus.domain.audit import service
from wealthnexus.domain.audit.models import audit_chain, audit_events, audit_pending
from wealthnexus.domain.firms import Keyring
from wealthnexus.domain.work.models import findings, work_items
from wealthnexus.jobs.chores import Ground, seal_audit, verify_audit
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Database
from wealthnexus.runtime import Platform

from tests.support.engines import Firm, make_firm, superuser
from tests.support.servers import DatabaseAddresses

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_audit.py"


@dataclass
class Book:
    """A firm on a scratch database whose log may be ruined."""

    firm: Firm
    addresses: DatabaseAddresses

    async def write(self, count: int = 1) -> list[UUID]:
        dana = await self.firm.person("Dana Smith")
        ids = []
        for number in range(count):
            async with self.firm.writing(dana) as uow:
                ids.append(
                    await audit.append(
                        uow, "clients.household.renamed", summary=f"Dana Smith renamed household {number}",
                        details={"number": number, "text": 'ä "€" \\ \U0001f600'},
                    )
                )  # fmt: skip
        return ids

    async def seal(self, batch: int = 1_000) -> int:
        async with self.firm.database.unit_of_work(self.firm.system) as uow:
            return await audit.seal_firm(uow, batch=batch)

    async def verify(self) -> audit.ChainReport:
        async with self.firm.database.reading(self.firm.system) as reader:
            return await audit.verify(reader)

    def ruin(self, *statements: str) -> None:
        """As somebody with the superuser's password and the will to do it."""
        with superuser(self.addresses) as connection:
            for table in ("audit_events", "audit_chain"):
                connection.execute(f"alter table {table} disable trigger user")
            for (name,) in connection.execute(
                "select inhrelid::regclass::text from pg_inherits where inhparent = 'audit_events'::regclass"
            ).fetchall():
                connection.execute(f"alter table {name} disable trigger user")
            for statement in statements:
                assert connection.execute(statement).rowcount != 0, statement

    async def export(self, path: Path) -> Path:
        async with self.firm.database.reading(self.firm.system) as reader:
            lines = [line async for line in audit.export_lines(reader, slug="test")]
        return write_lines(path, lines)


def write_lines(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
async def book(scratch_database: DatabaseAddresses) -> AsyncIterator[Book]:
    database = Database(
        {"app": scratch_database.app, "system": scratch_database.system},
        pool_size=8,
        facts={"keyring": Keyring(b"k" * 32)},
    )
    yield Book(make_firm(database, scratch_database), scratch_database)
    await database.close()


# -- sealing -----------------------------------------------------------------------------------------


async def test_the_chain_is_what_the_page_says_it_is(book: Book) -> None:
    """Recomputed here by hand, from docs/domain/audit.md."""
    ids = await book.write(3)
    assert await book.seal() == 3
    links = sorted(await book.firm.rows(audit_chain), key=lambda link: link.seq)
    assert [(link.seq, link.audit_id) for link in links] == list(enumerate(ids, 1))
    previous = hashlib.sha256(b"wealthnexus-audit/1" + book.firm.id.bytes).digest()
    for link in links:
        event = await book.firm.row(audit_events, link.audit_id)
        content = {
            "format": 1,
            "tenant_id": str(book.firm.id),
            "id": str(event.id),
            "occurred_at": event.occurred_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "action": "clients.household.renamed",
            "actor_kind": "user",
            "actor_id": str(event.actor_id),
            "actor_name": event.actor_name,
            "subject_id": None,
            "subject_kind": None,
            "subject_label": None,
            "summary": "{actor} renamed household " + str(link.seq - 1),
            "details": {"number": link.seq - 1, "text": 'ä "€" \\ \U0001f600'},
            "ip_address": None,
            "user_agent": None,
            "request_id": event.request_id,
            "correlation_id": str(event.correlation_id),
        }
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        content_hash = hashlib.sha256(text.encode()).digest()
        assert content_hash == event.content_hash == link.content_hash
        assert link.previous_hash == previous
        previous = hashlib.sha256(
            previous + link.seq.to_bytes(8, "big") + link.audit_id.bytes + content_hash
        ).digest()
        assert link.chain_hash == previous
    report = await book.verify()
    assert (report.is_verified, report.sealed_count, report.head_seq, report.head_hash) == (
        True,
        3,
        3,
        previous,
    )
    assert report.message == "Chain verified: all 3 sealed events are unchanged and in order."
    assert await book.firm.rows(audit_pending) == []


async def test_an_empty_log_verifies(book: Book) -> None:
    report = await book.verify()
    assert (report.is_verified, report.head_seq, report.head_hash) == (True, None, None)


async def test_a_row_that_commits_late_is_sealed_later(book: Book) -> None:
    dana = await book.firm.person("Dana Smith")
    async with book.firm.writing(dana) as uow:  # the keys of firm and person exist from the sign-in on
        signed_in = await audit.append(uow, "identity.session.started", summary="Signed in")
    async with book.firm.writing(dana) as late:
        late_id = await audit.append(late, "test.row.late", summary="late")
        early = await book.write(2)
        assert await book.seal() == 3
    assert await book.seal() == 1
    links = sorted(await book.firm.rows(audit_chain), key=lambda link: link.seq)
    assert [link.audit_id for link in links] == [signed_in, *early, late_id]
    assert (await book.verify()).is_verified


async def test_many_sealers_at_once_make_one_chain(book: Book) -> None:
    await book.write(30)

    async def seal() -> int:
        sealed = 0
        while await book.firm.rows(audit_pending):
            sealed += await book.seal(batch=4)
        return sealed

    assert sum(await asyncio.gather(*(seal() for _ in range(4)))) == 30
    assert sorted(link.seq for link in await book.firm.rows(audit_chain)) == list(range(1, 31))
    assert (await book.verify()).is_verified


async def test_unsealed_rows_are_counted_with_their_age(book: Book) -> None:
    await book.write(2)
    with clock.frozen_at(clock.now() + timedelta(seconds=30)):
        report = await book.verify()
    assert (report.is_verified, report.sealed_count, report.unsealed_count) == (True, 0, 2)
    assert report.oldest_unsealed_at is not None
    assert report.message.endswith("; 2 newer wait for the seal.")


async def test_pages_of_links_are_verified_across_their_borders(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAGE", 4)
    monkeypatch.setattr(service, "STATUS_LINKS_MAX", 5)
    await book.write(10)
    await book.seal(batch=3)
    while await book.seal(batch=3):
        pass
    assert (await book.verify()).verified_count == 10
    async with book.firm.database.reading(book.firm.system) as reader:
        status = await audit.chain_status(reader)
    assert (status.verified_count, status.sealed_count, status.is_verified) == (5, 10, True)
    assert status.message == "Chain verified: the last 5 sealed events are unchanged and in order."


async def test_one_firms_chain_says_nothing_of_anothers(book: Book) -> None:
    await book.write(2)
    await book.seal()
    other = Book(make_firm(book.firm.database, book.addresses), book.addresses)
    await other.write(1)
    await other.seal()
    assert [link.seq for link in await other.firm.rows(audit_chain)] == [1]
    book.ruin(f"update audit_events set summary = 'x' where tenant_id = '{book.firm.id}'")
    assert not (await book.verify()).is_verified
    assert (await other.verify()).is_verified


# -- what verification finds -------------------------------------------------------------------------

HASH = "'\\x" + "00" * 32 + "'"
EVENT_3 = "(select audit_id from audit_chain where seq = 3)"
TAMPERING = {
    "summary altered": ([f"update audit_events set summary = 'x' where id = {EVENT_3}"], 3, "was altered"),
    "details altered": (
        ["update audit_events set details = jsonb_set(details, '{number}', '99') where id = " + EVENT_3],
        3,
        "was altered after it was sealed",
    ),
    "actor altered": (
        [f"update audit_events set actor_id = gen_random_uuid() where id = {EVENT_3}"],
        3,
        "was altered",
    ),
    "time altered": (
        [f"update audit_events set occurred_at = occurred_at - interval '1 ms' where id = {EVENT_3}"],
        3,
        "was altered",
    ),
    "altered with its hash": (
        [f"update audit_events set summary = 'x', content_hash = {HASH} where id = {EVENT_3}"],
        3,
        "was altered after it was sealed",
    ),
    "deleted": ([f"delete from audit_events where id = {EVENT_3}"], 3, "is gone"),
    "link deleted": (
        ["delete from audit_chain where seq = 3"],
        3,
        "link 3 is missing from the chain (the next one is 4)",
    ),
    "first link deleted": (["delete from audit_chain where seq = 1"], 1, "link 1 is missing"),
    "links swapped": (
        [
            "update audit_chain set seq = 30 where seq = 3",
            "update audit_chain set seq = 3 where seq = 4",
            "update audit_chain set seq = 4 where seq = 30",
        ],
        3,
        "link 3 does not follow the one before it",
    ),
    "link points elsewhere": (
        ["update audit_chain set audit_id = gen_random_uuid() where seq = 3"],
        3,
        "its chain hash does not match its contents",
    ),
    "link hash altered": (
        [f"update audit_chain set chain_hash = {HASH} where seq = 3"],
        3,
        "link 3 was altered",
    ),
    "event removed with its link": (
        [
            "delete from audit_events where id = " + EVENT_3,
            "delete from audit_chain where seq = 3",
            "update audit_chain set seq = seq - 1 where seq = 4",
            "update audit_chain set seq = seq - 1 where seq = 5",
        ],
        3,
        "link 3 does not follow the one before it",
    ),
}


@pytest.mark.parametrize("name", TAMPERING)
async def test_tampering_is_named(book: Book, name: str, tmp_path: Path) -> None:
    statements, seq, message = TAMPERING[name]
    await book.write(5)
    await book.seal()
    assert (await book.verify()).is_verified
    book.ruin(*statements)
    report = await book.verify()
    assert (report.is_verified, report.broken_at_seq) == (False, seq)
    assert message in report.message
    finished = run_script(await book.export(tmp_path / "log.jsonl"))
    assert finished.returncode == 1
    assert finished.stderr.startswith(f"BROKEN at seq {seq}:"), finished.stderr


async def test_an_unsealed_row_that_was_altered_is_named(book: Book, tmp_path: Path) -> None:
    (event_id,) = await book.write()
    book.ruin("update audit_events set summary = 'x'")
    report = await book.verify()
    assert (report.is_verified, report.broken_at_seq) == (False, None)
    assert report.message == f"the event {event_id}, not sealed yet, was altered after it was written"
    finished = run_script(await book.export(tmp_path / "log.jsonl"))
    assert finished.stderr == f"BROKEN at unsealed event {event_id}: the event {event_id} was altered\n"


async def test_a_row_slipped_in_beside_the_sealer_is_found(book: Book) -> None:
    await book.write(2)
    await book.seal()
    book.ruin(
        "insert into audit_events select (jsonb_populate_record(e, jsonb_build_object("
        "'id', gen_random_uuid(), 'occurred_at', now() - interval '1 hour'))).* from audit_events e limit 1"
    )
    report = await book.verify()
    assert not report.is_verified
    assert (
        report.message
        == "1 events are neither sealed nor waiting for the seal: they were added or unmarked by hand"
    )


async def test_a_chain_cut_off_at_its_end_is_found_by_its_noted_head(book: Book, tmp_path: Path) -> None:
    await book.write(4)
    await book.seal()
    noted = (await book.verify()).head_hash
    assert noted is not None
    path = await book.export(tmp_path / "log.jsonl")
    assert run_script(path, "--head", noted.hex()).returncode == 0
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert run_script(path).returncode == 0
    finished = run_script(path, "--head", noted.hex())
    assert (finished.returncode, finished.stderr) == (
        1,
        f"BROKEN at the head {noted.hex()} is not in this chain: events were removed from its end\n",
    )


# -- the script --------------------------------------------------------------------------------------


def run_script(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # Isolated and without site-packages: the standard library alone.
    return subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(path), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


async def test_a_stranger_verifies_an_export_with_the_standard_library(book: Book, tmp_path: Path) -> None:
    await book.write(5)
    await book.seal()
    await book.write(2)
    finished = run_script(await book.export(tmp_path / "log.jsonl"))
    head = (await book.verify()).head_hash
    assert head is not None
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == f"verified 5 sealed events and 2 unsealed ones\nhead: seq 5, {head.hex()}\n"


@pytest.mark.parametrize(
    ("change", "told", "status"),
    [
        (lambda lines: lines[1:], "this is not an export of the format", 1),
        (lambda lines: [lines[0], "{", *lines[2:]], "line 2: this is not JSON", 1),
        (lambda lines: [*lines, lines[-1]], "is there twice", 1),
        (lambda lines: [lines[0], lines[2], lines[1]], "seq 1: it is missing (the next one is 2)", 1),
        (lambda lines: [line.replace('"number":1', '"number":7') for line in lines], "seq 2: the event", 1),
        (lambda _lines: [], "this is not an export", 1),
    ],
)
async def test_the_script_names_what_is_wrong_with_a_file(
    book: Book, tmp_path: Path, change: Any, told: str, status: int
) -> None:
    await book.write(2)
    await book.seal()
    path = await book.export(tmp_path / "log.jsonl")
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").splitlines())), encoding="utf-8")
    finished = run_script(path)
    assert finished.returncode == status
    assert told in finished.stderr


def test_the_script_tells_a_file_it_cannot_read(tmp_path: Path) -> None:
    finished = run_script(tmp_path / "nothing.jsonl")
    assert finished.returncode == 2
    assert "cannot be read" in finished.stderr


# -- the daily verification --------------------------------------------------------------------------


async def test_a_broken_chain_becomes_a_finding_and_a_work_item_once(
    platform: Platform, firm: Firm, database_addresses: DatabaseAddresses
) -> None:
    ground = Ground(platform, None)  # type: ignore[arg-type]
    info = await platform.firms.by_id(firm.id)
    book = Book(firm, database_addresses)
    await book.write(3)
    assert await seal_audit(ground, info) == 3
    assert await verify_audit(ground, info) == 0
    with superuser(database_addresses) as connection:
        connection.execute("alter table audit_chain disable trigger user")
        try:
            connection.execute(
                "update audit_chain set content_hash = chain_hash where tenant_id = %s and seq = 2", [firm.id]
            )
        finally:
            connection.execute("alter table audit_chain enable always trigger append_only_rows")
            connection.execute("alter table audit_chain enable always trigger append_only_table")
    for _ in range(2):
        assert await verify_audit(ground, info) == 1
    (finding,) = await firm.rows(findings)
    assert (finding.code, finding.severity, finding.params) == ("audit.chain_broken", "BREACH", {"seq": 2})
    assert finding.message == "link 2 was altered: its chain hash does not match its contents"
    (item,) = await firm.rows(work_items)
    assert (item.kind, item.severity, item.owner_role) == ("audit.chain_broken", "BREACH", "COMPLIANCE")


async def test_the_triggers_stand_again(database_addresses: DatabaseAddresses) -> None:
    with psycopg.connect(database_addresses.dsn("owner")) as connection:
        states = connection.execute(
            "select tgenabled from pg_trigger where tgrelid = 'audit_chain'::regclass and not tgisinternal"
        ).fetchall()
    assert states == [("A",), ("A",)]
