"""One undo, in one transaction: chosen, written, valued, on record."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, Uuid, bindparam, insert, text, update
from sqlalchemy.types import TypeEngine

from wealthnexus.domain import audit, work
from wealthnexus.domain.feeds.custody import records as custody_records
from wealthnexus.domain.feeds.custody.reconciling import ask, settle
from wealthnexus.domain.feeds.importer import quality
from wealthnexus.domain.feeds.importer.run import FirmFacts
from wealthnexus.domain.feeds.models import import_drafts, import_undos
from wealthnexus.domain.feeds.undo import statements as sql
from wealthnexus.domain.feeds.undo.batches import Group
from wealthnexus.domain.identity.service.grants import rebuild_scope
from wealthnexus.domain.ledger.service import next_book_version, revalue
from wealthnexus.domain.ledger.service.lot_upkeep import look_at_both
from wealthnexus.domain.work import repository as work_repository
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

Progress = Callable[[str, int, int | None], Awaitable[None]]

UNDONE: Final = message(
    "feeds.audit_import_undone", "{actor} took back the import from {source}", actor=str, source=str
)
FINDING_GONE: Final = message("feeds.undo_finding_gone", "the import it was found in was taken back")
register(
    "feeds.batch.undone",
    description="An import was taken back: what it wrote no longer stands, what it replaced stands again.",
    fields={"batchId": "id", "bookVersion": "integer", "removed": "integer", "restored": "integer"},
)

_TYPES: Final[dict[str, TypeEngine[Any]]] = {
    "tenant": Uuid(), "batches": ARRAY(Uuid()), "version": BigInteger(), "now": DateTime(timezone=True)
}  # fmt: skip


async def undo(
    uow: UnitOfWork,
    firm: FirmFacts,
    group: Group,
    *,
    reason: str,
    job_id: UUID | None,
    progress: Progress,
) -> dict[str, Any]:
    """Take the import out of the books; the caller has looked for blockers. Returns what was counted."""
    now = clock.now()
    given: dict[str, Any] = {"tenant": uow.tenant_id, "batches": list(group.batch_ids), "now": now}
    await progress("comparing", 0, len(sql.CHOOSE))
    for statement in sql.CHOOSE:
        await _run(uow, statement, given)
    for table in sql.IDS_WANTED:
        await _make_ids(uow, table)
    counts = await _counts(uow)
    accounts = [
        row[0] for row in map(tuple, await uow.rows(text("select distinct account_id from undo_evidence")))
    ]
    await custody_records.lock(uow)
    version = await next_book_version(uow, "undo", group.batch_ids[-1])
    given["version"] = version
    for done, statement in enumerate(sql.VERSIONED):
        await progress("writing", done, len(sql.VERSIONED))
        await _run(uow, statement, given)
    await _entities(uow, given)
    for statement in sql.OVERWRITTEN:
        await _run(uow, statement, given)
    await _mark(uow, group, given, reason=reason, job_id=job_id, counts=counts)
    await progress("valuing", 0, None)
    await rebuild_scope(uow)
    await revalue(uow, firm, firm.business_date())
    await _forget_evidence(uow, firm, accounts, given)
    await ask(uow, version)
    await look_at_both(uow)
    await _forget_findings(uow, group)
    await _record(uow, group, version, counts, reason)
    return {"bookVersion": version, "counts": counts}


async def _run(uow: UnitOfWork, statement: str, given: dict[str, Any]) -> None:
    names = [name for name in _TYPES if f":{name}" in statement]
    named = text(statement).bindparams(*(bindparam(name, type_=_TYPES[name]) for name in names))
    await uow.execute(named, {name: given[name] for name in names})


async def _make_ids(uow: UnitOfWork, table: str) -> None:
    """Ids are made here, never by the database."""
    keys = [row[0] for row in map(tuple, await uow.rows(text(f"select old_id from {table}")))]
    if not keys:
        return
    driver = await uow.driver()
    await uow.execute(text(f"create temporary table ids_of_{table} (key uuid, id uuid) on commit drop"))
    await driver.copy_records_to_table(f"ids_of_{table}", records=[(key, new_id()) for key in keys])
    await uow.execute(text(f"update {table} d set id = i.id from ids_of_{table} i where i.key = d.old_id"))


async def _counts(uow: UnitOfWork) -> dict[str, dict[str, int]]:
    """By table: rows that no longer stand, and rows that stand again."""
    counts: dict[str, dict[str, int]] = {}
    for table in sql.ENTITY:
        counts[table] = {
            "removed": await _count(uow, f"undo_created_{table}"),
            "restored": await _count(uow, f"undo_journal where table_name = '{table}'"),
        }
    for table in ("transactions", *sql.KNOWN):
        counts[table] = {
            "removed": await _count(uow, f"undo_gone_{table}"),
            "restored": await _count(uow, f"undo_back_{table}"),
        }
    counts["evidence"] = {"removed": await _count(uow, "undo_evidence"), "restored": 0}
    return {table: both for table, both in counts.items() if any(both.values())}


async def _count(uow: UnitOfWork, source: str) -> int:
    return int(await uow.scalar(text(f"select count(*) from {source}")))


async def _entities(uow: UnitOfWork, given: dict[str, Any]) -> None:
    """Removed rows are hidden from everybody; to write them this transaction reads as before its version."""
    await _know(uow, str(given["version"] - 1))
    for removed, restored in sql.ENTITY.values():
        await _run(uow, removed, given)
        await _run(uow, restored, given)
    await _know(uow, "")


async def _know(uow: UnitOfWork, version: str) -> None:
    await uow.execute(text("select set_config('app.known_version', :version, true)"), {"version": version})


async def _mark(
    uow: UnitOfWork,
    group: Group,
    given: dict[str, Any],
    *,
    reason: str,
    job_id: UUID | None,
    counts: dict[str, Any],
) -> None:
    """From here on the custodian's rows of the batches are hidden as well."""
    values = {
        "tenant_id": uow.tenant_id, "book_version": given["version"], "job_id": job_id, "reason": reason,
        "counts": counts, "undone_at": given["now"], "undone_by": uow.actor.id,
    }  # fmt: skip
    await uow.execute(
        insert(import_undos), [{**values, "batch_id": batch_id} for batch_id in group.batch_ids]
    )
    await uow.execute(
        update(import_drafts)
        .where(
            import_drafts.c.tenant_id == uow.tenant_id,
            import_drafts.c.batch_id.in_(group.batch_ids),
            import_drafts.c.state == "COMMITTED",
        )
        .values(state="UNDONE", version=import_drafts.c.version + 1)
    )


async def _forget_evidence(
    uow: UnitOfWork, firm: FirmFacts, accounts: Sequence[UUID], given: dict[str, Any]
) -> None:
    """Days of which nobody says anything any more are compared days no longer."""
    await _run(uow, sql.SILENT, given)
    for statement in sql.FORGET_COMPARED:
        await _run(uow, statement, given)
    if accounts:
        await settle(uow, firm, accounts, firm.business_date())
        # Accounts without any evidence left are not among those the comparison moves.
        await _run(
            uow,
            "update accounts a set reconciled_through = null from undo_silent s where a.tenant_id = :tenant"
            " and a.id = s.account_id and not exists (select 1 from reconciliations r"
            " where r.tenant_id = :tenant and r.account_id = a.id)",
            given,
        )


async def _forget_findings(uow: UnitOfWork, group: Group) -> None:
    """What its check found is no longer in the books; other checks find again what is still so."""
    batches = {str(batch_id) for batch_id in group.batch_ids}
    rows = await uow.rows(
        text(
            "select f.id, f.code, f.subject_id from findings f where f.tenant_id = :tenant"
            " and f.state = 'OPEN' and f.category = :category and f.params ->> 'batchId' = any (:batches)"
        ),
        {"tenant": uow.tenant_id, "category": quality.CATEGORY, "batches": sorted(batches)},
    )
    for row in rows:
        await work_repository.update_finding(
            uow, row.id, state="RESOLVED", resolved_at=clock.now(), resolution_reason=FINDING_GONE()
        )
        await emit(
            uow,
            "work.finding.closed",
            subject_id=row.subject_id,
            payload={"findingId": row.id, "code": row.code, "state": "RESOLVED"},
        )
    for batch_id in sorted(batches):
        await work.close_item_for(uow, quality.REVIEW_KIND, batch_id)


async def _record(
    uow: UnitOfWork, group: Group, version: int, counts: dict[str, dict[str, int]], reason: str
) -> None:
    source = ", ".join(group.sources)
    await audit.append(
        uow,
        "feeds.batch.undone",
        summary=UNDONE(actor=uow.actor.name, source=source),
        subject=audit.SubjectRef(group.batch_ids[-1], "import_batch", group.sources[-1]),
        details={
            "batch_ids": [str(batch_id) for batch_id in group.batch_ids],
            "book_version": version,
            "counts": counts,
            "reason": reason,
        },
    )
    await emit(
        uow,
        "feeds.batch.undone",
        subject_id=group.batch_ids[-1],
        payload={
            "batchId": group.batch_ids[-1],
            "bookVersion": version,
            "removed": sum(both["removed"] for both in counts.values()),
            "restored": sum(both["restored"] for both in counts.values()),
        },
        book_version=version,
    )
