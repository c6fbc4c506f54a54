"""What of the files about people, ownership, debts and evidence is new or changed; the counts by file."""

# ruff: noqa: S608 -- every piece of SQL is a constant of this code, values are bound

from __future__ import annotations

from typing import Final

from sqlalchemy import text

from wealthnexus.domain.feeds.importer import dated, merge_book
from wealthnexus.domain.feeds.importer.merge import Batch, run
from wealthnexus.domain.feeds.importer.report import Counts, ImportReport
from wealthnexus.domain.feeds.importer.spool import Spool
from wealthnexus.kit.db.session import UnitOfWork

FILE_OF: Final = {
    "parties": "clients",
    "balances": "liabilities",
    "account_owners": "owners",
    "beneficiaries": "owners",
    "liability_owners": "owners",
    "ownerships": "relationships",
    "household_members": "relationships",
    "dated_identifiers": "identifiers",
}
"""The file of the bundle whose rows a stage holds, where the names differ."""
_OF_THE_SCOPE: Final = frozenset({"members", "account_owners", "household_members"})


async def compare_book(uow: UnitOfWork, batch: Batch, spool: Spool, report: ImportReport) -> None:
    """Make the deltas and fill in the report; nothing is written yet. Files without rows have no counts."""
    for name, sql in merge_book.DELTAS.items():
        await run(uow, sql, batch)
        if name == "parties" and spool.count("stage_parties"):
            await merge_book.forget_same_birth_dates(uow, batch, await uow.facts["keyring"].firm_key(uow))
        _add(report, name, await _counts(uow, name, spool.count(f"stage_{name}")))
    for one in dated.TABLES:
        staged = spool.count(one.stage)
        found = await dated.compare(uow, batch, one, staged)
        report.kept += found.kept
        if one.name == "members":
            report.memberships = found.counts
        else:
            _add(report, one.name, found.counts)
        if one.name in _OF_THE_SCOPE and (found.counts.created or found.counts.changed):
            report.changes_scope = True
    for name, statements in merge_book.EVIDENCE.items():
        for sql in statements:
            await run(uow, sql, batch)
        _add(report, name, await _evidence_counts(uow, name, spool.count(f"stage_{name}")))


def _add(report: ImportReport, name: str, counts: Counts) -> None:
    if not (counts.created or counts.changed or counts.unchanged):
        return
    file = FILE_OF.get(name, name)
    total = report.counts.setdefault(file, Counts())
    total.created += counts.created
    total.changed += counts.changed
    total.unchanged += counts.unchanged


async def _counts(uow: UnitOfWork, name: str, staged: int) -> Counts:
    rows = await uow.rows(text(f"select count(*) filter (where is_new), count(*) from delta_{name}"))
    created, differing = tuple(rows[0])
    return Counts(created, differing - created, staged - differing)


async def _evidence_counts(uow: UnitOfWork, name: str, staged: int) -> Counts:
    """Rows of days that are new, rows of days that are told again and differ, the others."""
    rows = await uow.rows(
        text(
            f"select count(*) filter (where d.is_new), count(*) from stage_{name} s"
            f" join delta_{name} d on d.account_id = s.account_id and d.day = s.day"
        )
    )
    created, written = tuple(rows[0])
    return Counts(created, written - created, staged - written)
