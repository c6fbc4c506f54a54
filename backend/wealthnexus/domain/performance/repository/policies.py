"""The conventions that hold for a scope, as they were known: the firm's, changed by the household's, changed
by those of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.rules.choices import read_changes
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    PolicyCourse,
    PolicyLayer,
    layered,
)
from wealthnexus.kit.db.session import Reader

_HOLDS: Final = """
select p.household_id, p.report, p.number, p.effective_from, p.changes from calculation_policies p
where p.tenant_id = :tenant and p.book_version <= :version
  and (p.household_id is null or p.household_id = :household_id)
  and (p.report is null or p.report = :report)
"""
_HISTORY: Final = """
select p.number, p.effective_from, p.changes, p.author_name, p.reason, p.recorded_at, p.book_version
from calculation_policies p
where p.tenant_id = :tenant and p.household_id is not distinct from :household_id
  and p.report is not distinct from :report and p.book_version <= :version
order by p.number desc limit :row_limit
"""
_REPORTS: Final = """
select distinct p.report from calculation_policies p
where p.tenant_id = :tenant and p.book_version <= :version and p.report is not null
order by p.report limit :row_limit
"""
HISTORY_MAX: Final = 200
_LEVELS: Final = ("firm", "household", "report")


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a level: what it changes of the level above and from when, who said so and why."""

    number: int
    effective_from: date
    changes: Mapping[str, Any]
    author_name: str
    reason: str
    recorded_at: datetime
    book_version: int


async def policy_of(
    reader: Reader, view: BookView, household_id: UUID | None, report: str | None = None
) -> PolicyCourse:
    """The conventions from turn to turn, as the view's book version knew them.

    A version of a level holds from its day until the next begins; of two that begin on one day the later
    written one.
    """
    rows = await reader.rows(
        prepared(_HOLDS),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "household_id": household_id,
            "report": report,
        },
    )
    first = date.min
    begins = sorted({first, *(row.effective_from for row in rows)})
    return PolicyCourse(tuple((day, _on(rows, day)) for day in begins))


def _on(rows: Sequence[Any], day: date) -> EffectivePolicy:
    holds: dict[str, Any] = {}
    for row in sorted(rows, key=lambda each: (each.effective_from, each.number)):
        if row.effective_from <= day:
            level = "report" if row.report is not None else "household" if row.household_id else "firm"
            holds[level] = row
    layers = [
        PolicyLayer(level, str(holds[level].number), read_changes(holds[level].changes))
        for level in _LEVELS
        if level in holds
    ]
    return layered(CalculationPolicy(), layers)


async def history_of(
    reader: Reader, view: BookView, household_id: UUID | None, report: str | None = None
) -> list[PolicyVersion]:
    """Every version of a level, latest first."""
    rows = await reader.rows(
        prepared(_HISTORY),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "household_id": household_id,
            "report": report,
            "row_limit": HISTORY_MAX,
        },
    )
    return [PolicyVersion(*tuple(row)) for row in rows]


async def reports_of(reader: Reader, view: BookView) -> list[str]:
    """The names of the reports that have conventions of their own."""
    given = {"tenant": reader.tenant_id, "version": view.book_version, "row_limit": HISTORY_MAX}
    return [row.report for row in await reader.rows(prepared(_REPORTS), given)]
