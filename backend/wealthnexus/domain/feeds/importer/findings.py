"""A finding of an import before it is posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal
from uuid import UUID

from wealthnexus.domain import work

FINDINGS_PER_CODE_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Found:
    """One finding before it is posted. ``key`` makes it one with the open finding of the same fact."""

    code: str
    severity: Literal["INFO", "WARNING", "BREACH"]
    message: str
    subject_id: UUID
    key: str
    params: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[work.Evidence, ...] = ()
