"""What an import did, or would have done, or why it did nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.bundle import Report
from wealthnexus.kit.db.session import UnitOfWork

RESULT_PROBLEMS_MAX: Final = 200
"""Problems kept in a job's result; the whole report has up to 1,000."""


@dataclass(slots=True)
class Counts:
    """Rows of one file by what became of them."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_dict(self) -> dict[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


@dataclass(slots=True)
class ImportReport:
    """``checked`` is the bundle's own report. With problems nothing was written.

    ``book_version`` and ``batch_id`` are None when nothing was new (or in a dry run). ``kept`` counts rows a
    source changed after a person had corrected them: the correction stands.
    """

    checked: Report
    dry_run: bool = False
    counts: dict[str, Counts] = field(default_factory=dict)
    memberships: Counts = field(default_factory=Counts)
    changes_scope: bool = False
    """Whether owners or memberships change, and with them what limited people see."""
    names_actions: bool = False
    """Whether transactions name their corporate actions."""
    kept: int = 0
    finding_count: int = 0
    batch_id: UUID | None = None
    book_version: int | None = None
    compared: Callable[[UnitOfWork, str], Awaitable[None]] | None = None
    """Called once rows and books are compared, with the table that holds the new transactions."""

    @property
    def ok(self) -> bool:
        return self.checked.ok

    @property
    def changed(self) -> bool:
        """Whether the books differ from before (in a dry run: would differ)."""
        every = (*self.counts.values(), self.memberships)
        return self.ok and any(count.created or count.changed for count in every)

    def as_result(self) -> dict[str, Any]:
        """For ``Job.result``: counts, problems with file, line, column, value and expectation."""
        checked = self.checked
        return {
            "ok": self.ok,
            "dryRun": self.dry_run,
            "changed": self.changed,
            "counts": {name: counts.as_dict() for name, counts in self.counts.items()},
            "memberships": self.memberships.as_dict(),
            "rows": dict(checked.row_counts),
            "keptCorrections": self.kept,
            "problems": checked.problem_count,
            "problemList": [problem.as_dict() for problem in checked.problems[:RESULT_PROBLEMS_MAX]],
            "warnings": checked.warning_count,
            "warningList": [warning.as_dict() for warning in checked.warnings[:RESULT_PROBLEMS_MAX]],
            "findings": self.finding_count,
            "batchId": None if self.batch_id is None else str(self.batch_id),
            "bookVersion": self.book_version,
        }

    def lines(self) -> Iterator[str]:
        """The report as text: what was found, then what was done."""
        yield from self.checked.lines()
        if not self.ok:
            yield "Nothing was imported."
            return
        for name, counts in self.counts.items():
            total = counts.created + counts.changed + counts.unchanged
            if total:
                yield (
                    f"{name.replace('_', ' ')}: {counts.created:,} new, {counts.changed:,} changed,"
                    f" {counts.unchanged:,} unchanged"
                )
        if self.kept:
            yield f"Corrected by hand and left as they are: {self.kept:,}"
        if self.finding_count:
            yield f"Findings to review: {self.finding_count:,}"
        if self.dry_run:
            yield "Dry run: nothing was written."
        elif self.changed:
            yield f"Book version {self.book_version}."
        else:
            yield "Nothing was new: the books are as they were."
