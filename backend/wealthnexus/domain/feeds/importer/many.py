"""The bundles of several sources as one import: one transaction, all or nothing."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import text

from wealthnexus.domain.bundle import FILES, Report, RowProblem, open_bundle
from wealthnexus.domain.bundle.index import PartOfBundle, read_index
from wealthnexus.domain.feeds.importer.report import Counts, ImportReport
from wealthnexus.domain.feeds.importer.run import (
    Finish,
    FirmFacts,
    HasDatabase,
    Progress,
    TakenBack,
    import_bundle,
    import_one,
    prepare,
    silent,
)
from wealthnexus.domain.ledger.service.versions import close_book_version
from wealthnexus.kit.context import Actor, RequestInfo
from wealthnexus.kit.db.session import Binding, UnitOfWork

_NAMES: Final = frozenset({"households", "clients", "securities"})
PASSES: Final = (_NAMES, _NAMES | {"accounts", "liabilities", "corporate_actions"}, frozenset(FILES))
"""Bundles refer to one another in any direction: what is referred to comes first, of all of them."""

_OUR_TABLES: Final = """
select string_agg(quote_ident(c.relname), ', ') from pg_class c
where c.relnamespace = pg_my_temp_schema() and c.relkind = 'r'
  and c.relname ~ '^(stage|delta|live|gone|told|latest|ids_of)_'"""


async def import_books(
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
) -> ImportReport:
    """Import a bundle, or the bundles that ``index.json`` names; as ``import_bundle`` otherwise."""
    folders = await asyncio.to_thread(read_index, path)
    if folders is None:
        return await import_bundle(
            platform,
            firm,
            path,
            actor=actor,
            request=request,
            dry_run=dry_run,
            progress=progress,
            job_id=job_id,
            finish=finish,
        )
    total = ImportReport(Report(), dry_run=dry_run)
    with contextlib.suppress(TakenBack):
        async with platform.db.unit_of_work(Binding(firm.id), actor=actor, request=request) as uow:
            await prepare(uow)
            for place, names in enumerate(PASSES):
                for folder in folders:
                    one = await _one(uow, firm, path, folder, names, progress=progress, job_id=job_id)
                    _add(total, one, folder, is_last_pass=place == len(PASSES) - 1)
                    if not one.ok:
                        raise TakenBack
            _settle(total)
            if dry_run:
                total.batch_id = total.book_version = None
                raise TakenBack
            if finish is not None:
                await finish(uow, total)
    return total


async def _one(
    uow: UnitOfWork,
    firm: FirmFacts,
    path: Path | str,
    folder: str,
    names: frozenset[str],
    *,
    progress: Progress | None,
    job_id: UUID | None,
) -> ImportReport:
    report = ImportReport(Report())
    bundle = await asyncio.to_thread(open_bundle, path, folder)
    with bundle:
        part = PartOfBundle(bundle, names)
        await import_one(uow, firm, part, report, progress=progress or silent, job_id=job_id)
    ours = await uow.scalar(text(_OUR_TABLES))
    if ours:
        await uow.execute(text(f"drop table {ours}"))
    close_book_version(uow)
    return report


def _add(total: ImportReport, one: ImportReport, folder: str, *, is_last_pass: bool) -> None:
    """What one bundle did; its rows are counted once, in the last pass."""
    for problem in one.checked.problems:
        total.checked.refuse(_in_folder(problem, folder))
    total.checked.problem_count += one.checked.problem_count - len(one.checked.problems)
    if is_last_pass:
        for warning in one.checked.warnings:
            total.checked.warn(_in_folder(warning, folder))
        for name, count in one.checked.row_counts.items():
            total.checked.row_counts[name] = total.checked.row_counts.get(name, 0) + count
        total.kept += one.kept
    pairs = [(total.counts.setdefault(name, Counts()), counts) for name, counts in one.counts.items()]
    for sums, counts in (*pairs, (total.memberships, one.memberships)):
        sums.created += counts.created
        sums.changed += counts.changed
        # Until it is settled: all rows of the last pass.
        if is_last_pass:
            sums.unchanged += counts.created + counts.changed + counts.unchanged
    total.finding_count += one.finding_count
    total.batch_id = one.batch_id or total.batch_id
    total.book_version = one.book_version or total.book_version


def _settle(total: ImportReport) -> None:
    for sums in (*total.counts.values(), total.memberships):
        sums.unchanged = max(0, sums.unchanged - sums.created - sums.changed)


def _in_folder(problem: RowProblem, folder: str) -> RowProblem:
    return RowProblem(
        f"{folder}/{problem.file}",
        problem.line,
        problem.column,
        problem.value,
        problem.expectation,
        problem.row_key,
    )
