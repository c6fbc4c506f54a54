"""One import from the opened bundle to the last finding, in one transaction."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import insert, text

from wealthnexus.domain import audit
from wealthnexus.domain.bundle import FILES, Bundle, BundleRefused, Report, RowProblem, open_bundle, validate
from wealthnexus.domain.bundle.format import HEADER_FILE
from wealthnexus.domain.feeds.custody.reconciling import ask
from wealthnexus.domain.feeds.importer import dated, journal, merge, merge_book, quality, terms
from wealthnexus.domain.feeds.importer.compare_book import compare_book
from wealthnexus.domain.feeds.importer.expirations import resolve_expirations
from wealthnexus.domain.feeds.importer.known import load_known
from wealthnexus.domain.feeds.importer.merge import Batch, run
from wealthnexus.domain.feeds.importer.references import resolve_actions, resolve_references
from wealthnexus.domain.feeds.importer.report import Counts, ImportReport
from wealthnexus.domain.feeds.importer.spool import Spool, SpooledBundle
from wealthnexus.domain.feeds.importer.tables import COPY_OPTIONS, STAGES, column_names, create_statements
from wealthnexus.domain.feeds.models import import_batches
from wealthnexus.domain.identity.service.grants import rebuild_scope
from wealthnexus.domain.ledger.service import next_book_version, revalue
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_both
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor, RequestInfo
from wealthnexus.kit.db.session import Binding, Database, UnitOfWork
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

Progress = Callable[[str, int, int | None], Awaitable[None]]
"""(stage, done, total); raising in it stops the import, and nothing is written."""
Finish = Callable[[UnitOfWork, ImportReport], Awaitable[None]]
"""Called last in the import's own transaction; not when nothing is committed."""

Compared = Callable[[UnitOfWork, str], Awaitable[None]]
"""Called when rows and books are compared, with the table of the new transactions; nothing is written yet."""

TRANSACTION_SECONDS_MAX: Final = 3_600
SORT_MEMORY: Final = "64MB"
"""For one import of a firm at a time; what does not fit is sorted on disk."""
CHANGES_AUDITED_MAX: Final = 200
_TICK_SECONDS: Final = 0.3

IMPORTED = message(
    "feeds.imported",
    "Imported from {source}: {transactions, number} new transactions, {households, number} new households",
    source=str, transactions=int, households=int,
)  # fmt: skip
RENAMED = message("feeds.renamed", "The source of the books changed the name of a {kind}", kind=str)
BUSY = message("feeds.busy", "another import of this firm is running; nothing was imported")

register(
    "feeds.batch.imported",
    description="A bundle was imported and changed the books.",
    fields={"batchId": "id", "bookVersion": "integer", "created": "integer", "changed": "integer"},
)


class FirmFacts(Protocol):
    """What an import needs to know of the firm."""

    @property
    def id(self) -> UUID: ...
    @property
    def currency(self) -> str: ...
    @property
    def is_demo(self) -> bool: ...
    def business_date(self) -> date: ...
    def limit(self, name: str) -> int: ...


class HasDatabase(Protocol):
    """A process's platform, or anything else with a database."""

    @property
    def db(self) -> Database: ...


class TakenBack(Exception):
    """Ends the transaction without a commit; the report says why."""


async def import_bundle(
    platform: HasDatabase,
    firm: FirmFacts,
    path: Path | str,
    *,
    actor: Actor,
    request: RequestInfo | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    job_id: UUID | None = None,
    finish: Finish | None = None,
    compared: Compared | None = None,
) -> ImportReport:
    """Import a bundle (folder or zip) into the firm; the report says what became of every row.

    All rows are validated before any is written, and everything is one transaction: with a problem, or in
    a dry run, it is taken back. The same bundle again changes nothing. BundleRefused when the bundle cannot
    be read at all; Conflict while another import of the firm runs.
    """
    report = ImportReport(Report(), dry_run=dry_run, compared=compared)
    with contextlib.suppress(TakenBack):
        async with platform.db.unit_of_work(Binding(firm.id), actor=actor, request=request) as uow:
            await prepare(uow)
            # Opening a large zip and reading its directory is work for a thread.
            bundle = await asyncio.to_thread(open_bundle, path)
            with bundle:
                await import_one(uow, firm, bundle, report, progress=progress or silent, job_id=job_id)
            if dry_run or not report.ok:
                report.batch_id = report.book_version = None
                raise TakenBack
            if finish is not None:
                await finish(uow, report)
    return report


async def silent(_stage: str, _done: int, _total: int | None) -> None:
    return None


async def import_one(
    uow: UnitOfWork,
    firm: FirmFacts,
    bundle: Bundle,
    report: ImportReport,
    *,
    progress: Progress,
    job_id: UUID | None,
) -> None:
    """One bundle of the unit of work, which ``prepare`` has made ready; the report is filled in."""
    for statement in create_statements():
        await uow.execute(text(statement))
    header = bundle.header
    _refuse_a_day_to_come(header.as_of, firm)
    known = await load_known(uow, header.source)
    keyring = uow.facts["keyring"]
    spool = Spool(
        known,
        header.source,
        tenant_id=uow.tenant_id,
        firm_key=await keyring.firm_key(uow),
        lookup_key=await keyring.firm_lookup_key(uow),
    )
    batch = Batch(uow.tenant_id, header.source, header.as_of, new_id(), clock.now())
    with contextlib.closing(spool):
        report.checked = await _validated(SpooledBundle(bundle, spool), spool, progress)
        if not report.ok:
            return
        await _stage(uow, spool, progress)
        await resolve_references(uow, batch, known, report.checked)
        if spool.expirations:
            await resolve_expirations(uow, batch, report.checked)
        report.names_actions = bool(spool.carried_out)
        if spool.carried_out:
            await resolve_actions(uow, batch, report.checked)
        if not report.ok:
            return
        table = await _compare(uow, batch, spool, report)
        if report.compared is not None:
            await report.compared(uow, table)
        if not report.changed:
            return
    await _open_batch(uow, firm, bundle, batch, report)
    await _write(uow, firm, batch, report, table=table, progress=progress)
    await _record(uow, batch, report)
    await ask(uow, report.book_version or 0)
    await progress("findings", 0, None)
    view = BookView(
        firm.business_date(), report.book_version or 0, firm.currency, is_stored=True, computed_at=batch.now
    )
    await look_at_both(uow)
    found = await quality.look(uow, batch, view)
    report.finding_count = len(found)
    await quality.post(uow, batch, found, job_id=job_id)


def _refuse_a_day_to_come(as_of: date, firm: FirmFacts) -> None:
    """BundleRefused when ``as_of`` has not been: births, trades and prices to come would count as past."""
    latest = max(firm.business_date(), clock.now().date())
    if as_of > latest:
        expected = f"expected a day up to {latest}, nothing is known of later ones"
        raise BundleRefused([RowProblem(HEADER_FILE, 0, "as_of", as_of.isoformat(), expected)])


async def prepare(uow: UnitOfWork) -> None:
    """One import of a firm at a time, with time for a large one, and the staging tables."""
    for setting, value in (
        ("statement_timeout", f"{TRANSACTION_SECONDS_MAX}s"),
        ("idle_in_transaction_session_timeout", f"{TRANSACTION_SECONDS_MAX}s"),
        ("lock_timeout", "60s"),
        ("work_mem", SORT_MEMORY),
    ):
        await uow.execute(text(f"set local {setting} = '{value}'"))
    mine = await uow.scalar(
        text("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"feeds.import:{uow.tenant_id}"},
    )
    if not mine:
        raise Conflict(BUSY())


# -- reading and staging -------------------------------------------------------------------------------------


async def _validated(bundle: SpooledBundle, spool: Spool, progress: Progress) -> Report:
    """The validation in a thread, so that progress is told and a cancellation is heard meanwhile."""
    bytes_total = sum(bundle.size(name) for name in FILES)
    seen: dict[str, tuple[int, int]] = {}
    stop = False

    def told(name: str, rows: int, bytes_read: int, _bytes_total: int) -> None:
        seen[name] = (rows, bytes_read)
        if stop:
            raise TakenBack

    async def tell() -> None:
        """Rows; how many there will be is judged by the bytes read so far."""
        read = list(seen.values())
        rows, bytes_read = sum(each[0] for each in read), sum(each[1] for each in read)
        await progress("reading", rows, rows * bytes_total // bytes_read if bytes_read else None)

    task = asyncio.create_task(asyncio.to_thread(validate, bundle, spool.known.keys(), told))
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=_TICK_SECONDS)
            await tell()
    finally:
        stop = True
        if not task.done():
            # The thread still writes to the spool: wait for it before the spool is closed.
            await asyncio.gather(task, return_exceptions=True)
    report = task.result()
    for problem in spool.problems:
        report.refuse(problem)
    report.problem_count += spool.problem_count - len(spool.problems)
    return report


async def _stage(uow: UnitOfWork, spool: Spool, progress: Progress) -> None:
    driver = await uow.driver()
    total = sum(spool.count(table) for table in STAGES)
    done = 0
    for table in STAGES:
        if spool.count(table):
            await driver.copy_to_table(
                table,
                source=spool.file(table),
                columns=column_names(table),
                **COPY_OPTIONS.get(table, {}),
            )
            await uow.execute(text(f"analyze {table}"))
        done += spool.count(table)
        await progress("staging", done, total)


# -- comparing -----------------------------------------------------------------------------------------------


async def _compare(uow: UnitOfWork, batch: Batch, spool: Spool, report: ImportReport) -> str:
    """Fill in the report's counts; returns the table that holds the new transactions."""
    for name, sql in merge.DELTAS.items():
        await run(uow, sql, batch)
        row = (await uow.rows(text(f"select count(*) filter (where is_new), count(*) from delta_{name}")))[0]
        created, differing = tuple(row)
        staged = spool.count(f"stage_{name}")
        report.counts[name] = Counts(created, differing - created, staged - differing)
    await compare_book(uow, batch, spool, report)
    return await _compare_transactions(uow, batch, spool, report)


async def _compare_transactions(uow: UnitOfWork, batch: Batch, spool: Spool, report: ImportReport) -> str:
    staged = spool.count("stage_transactions")
    await run(uow, merge.CHANGED_TRANSACTIONS, batch)
    has_ledger = await uow.scalar(prepared(merge.HAS_LEDGER), batch.parameters())
    table, created = "stage_transactions", staged
    if has_ledger:
        table = "delta_transactions"
        await run(uow, merge.NEW_TRANSACTIONS, batch)
        created = await _count(uow, table)
    differing = await _count(uow, "delta_corrections")
    kept = await _count(uow, "delta_corrections where by_hand or is_reversed")
    # Taken back with its import and sent again: as good as new.
    again = await _count(uow, "delta_corrections where is_undone and not by_hand")
    report.kept += kept
    created += again
    changed = differing - kept - again
    report.counts["transactions"] = Counts(created, changed, staged - created - changed)
    return table


async def _count(uow: UnitOfWork, source: str) -> int:
    return int(await uow.scalar(text(f"select count(*) from {source}")))


async def _make_ids(uow: UnitOfWork, table: str, key: str, column: str) -> None:
    """Ids are made here, never by the database: for the few rows that were only found in it."""
    keys = [row[0] for row in map(tuple, await uow.rows(text(f"select {key} from {table}")))]
    if not keys:
        return
    driver = await uow.driver()
    await uow.execute(text(f"create temporary table ids_of_{table} (key uuid, id uuid) on commit drop"))
    await driver.copy_records_to_table(f"ids_of_{table}", records=[(one, new_id()) for one in keys])
    await uow.execute(
        text(f"update {table} d set {column} = i.id from ids_of_{table} i where i.key = d.{key}")
    )


# -- writing -------------------------------------------------------------------------------------------------


async def _write(
    uow: UnitOfWork,
    firm: FirmFacts,
    batch: Batch,
    report: ImportReport,
    *,
    table: str,
    progress: Progress,
) -> None:
    """Entities first, then, under the book version, what is known by it; the valuations last."""
    await _make_ids(uow, "delta_corrections", "id", "reversal_id")
    report.batch_id = batch.batch_id
    await progress("writing", 0, None)
    before = (*journal.STATEMENTS, *terms.CHOOSE, *merge.ENTITIES, *merge_book.ENTITIES)
    for sql in (*before, merge.GONE_IDENTIFIERS):
        await run(uow, sql, batch)
    await dated.make_ids(uow, "gone_identifiers")
    await dated.make_ids(uow, "gone_account_terms")
    await _make_ids(uow, "delta_account_terms", "account_id", "id")
    version = report.book_version = await next_book_version(uow, "import", batch.batch_id)
    under = {"version": version}
    for table_of_dates in dated.TABLES:
        await dated.write(uow, batch, table_of_dates, version)
    for sql in (*terms.UNDER_VERSION, *merge.IDENTIFIERS, *merge.MARKET, *merge_book.UNDER_VERSION):
        await run(uow, sql, batch, **under)
    await run(uow, merge.ACTION_KEYS, batch, carried_out=report.names_actions)
    for sql in merge.CORRECTIONS:
        await run(uow, sql, batch, **under)
    total = report.counts["transactions"].created
    await progress("writing", 0, total)
    await run(uow, merge.originals(table), batch, **under)
    await progress("writing", total, total)
    await run(uow, merge.seen_securities(table), batch)
    await run(uow, merge.SEEN_CORRECTED, batch)
    if report.changes_scope:
        await rebuild_scope(uow)
    await progress("valuing", 0, None)
    await revalue(uow, firm, firm.business_date())


async def _open_batch(
    uow: UnitOfWork, firm: FirmFacts, bundle: Bundle, batch: Batch, report: ImportReport
) -> None:
    """The row every imported row points at."""
    digest = await asyncio.to_thread(bundle.digest)
    await register_subject(uow, batch.batch_id, "import_batch", batch.source)
    await uow.execute(
        insert(import_batches).values(
            tenant_id=uow.tenant_id,
            id=batch.batch_id,
            source=batch.source,
            as_of=batch.as_of,
            format_version=str(bundle.header.format_version),
            digest=bytes.fromhex(digest),
            counts={name: counts.as_dict() for name, counts in report.counts.items()},
            created_at=batch.now,
            created_by=uow.actor.id,
            is_demo=firm.is_demo,
            undo_until=_undo_until(uow, firm, batch),
        )
    )


def _undo_until(uow: UnitOfWork, firm: FirmFacts, batch: Batch) -> datetime | None:
    """What the platform itself put into a demo firm stays."""
    if firm.is_demo and uow.actor.id is None:
        return None
    return batch.now + timedelta(hours=firm.limit("import_undo_hours"))


async def _record(uow: UnitOfWork, batch: Batch, report: ImportReport) -> None:
    """Audit: the batch, and every name a source changed (at most 200); the event."""
    version = report.book_version or 0
    await audit.append(
        uow,
        "feeds.batch.imported",
        summary=IMPORTED(
            source=batch.source,
            transactions=report.counts["transactions"].created,
            households=report.counts["households"].created,
        ),
        subject=audit.SubjectRef(batch.batch_id, "import_batch", batch.source),
        details={
            "book_version": version,
            "as_of": batch.as_of,
            "counts": {name: counts.as_dict() for name, counts in report.counts.items()},
            "kept_corrections": report.kept,
        },
    )
    for row in await uow.rows(prepared(merge.RENAMED), batch.parameters(row_limit=CHANGES_AUDITED_MAX)):
        await audit.append(
            uow,
            f"feeds.{row.kind}.renamed",
            summary=RENAMED(kind=row.kind),
            subject=audit.SubjectRef(row.id, row.kind, row.name),
            details={"batch_id": batch.batch_id},
            personal={"from": row.old_name, "to": row.name},
        )
    await emit(
        uow,
        "feeds.batch.imported",
        subject_id=batch.batch_id,
        payload={
            "batchId": batch.batch_id,
            "bookVersion": version,
            "created": sum(counts.created for counts in report.counts.values()),
            "changed": sum(counts.changed for counts in report.counts.values()),
        },
        book_version=version,
    )
