"""The calculation policy that holds for a scope: the firm's, changed by the household's, as it was known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.rules.choices import read_changes
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    EffectivePolicy,
    PolicyLayer,
    layered,
)
from wealthnexus.kit.db.session import Reader

_HOLDS: Final = """
select distinct on (p.household_id) p.household_id, p.number, p.changes from calculation_policies p
where p.tenant_id = :tenant and p.book_version <= :version
  and (p.household_id is null or p.household_id = :household_id)
order by p.household_id, p.number desc
"""
_HISTORY: Final = """
select p.number, p.changes, p.author_name, p.reason, p.recorded_at, p.book_version
from calculation_policies p
where p.tenant_id = :tenant and p.household_id is not distinct from :household_id
  and p.book_version <= :version
order by p.number desc limit :row_limit
"""
HISTORY_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a level: what it changes of the level above, who said so and why."""

    number: int
    changes: Mapping[str, Any]
    author_name: str
    reason: str
    recorded_at: datetime
    book_version: int


async def policy_of(reader: Reader, view: BookView, household_id: UUID | None) -> EffectivePolicy:
    """The firm's policy under what the household changes of it, as the view's book version knew them."""
    rows = await reader.rows(
        prepared(_HOLDS),
        {"tenant": reader.tenant_id, "version": view.book_version, "household_id": household_id},
    )
    layers = [
        PolicyLayer(
            "firm" if row.household_id is None else "household", str(row.number), read_changes(row.changes)
        )
        for row in sorted(rows, key=lambda row: row.household_id is not None)
    ]
    return layered(CalculationPolicy(), layers)


async def history_of(reader: Reader, view: BookView, household_id: UUID | None) -> list[PolicyVersion]:
    """Every version of a level, latest first."""
    rows = await reader.rows(
        prepared(_HISTORY),
        {
            "tenant": reader.tenant_id,
            "version": view.book_version,
            "household_id": household_id,
            "row_limit": HISTORY_MAX,
        },
    )
    return [PolicyVersion(*tuple(row)) for row in rows]
