"""Rows that hold over days: what a change from one day on does to those that were there.

An interval is half open, ``[first day, last day)``; no last day means until further notice. Nothing is
changed in place: a row that ends earlier than was believed is superseded by its shorter version.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar


class Dated(Protocol):
    @property
    def effective_from(self) -> date: ...

    @property
    def effective_to(self) -> date | None: ...


R = TypeVar("R", bound=Dated)


@dataclass(frozen=True, slots=True)
class Cut(Generic[R]):
    """``superseded``: no longer believed; ``closed``: of those, the ones kept with an end on ``day``."""

    day: date
    superseded: tuple[R, ...]
    closed: tuple[R, ...]


def ends_after(row: Dated, day: date) -> bool:
    """Whether the row holds on ``day`` or on a later one."""
    return row.effective_to is None or row.effective_to > day


def overlaps(row: Dated, first: date, end: date | None) -> bool:
    """Whether the row holds on some day of ``[first, end)``."""
    return ends_after(row, first) and (end is None or row.effective_from < end)


def cut_at(rows: Iterable[R], day: date) -> Cut[R]:
    """End every row on ``day``: those that began before are closed, those that begin later never were."""
    ending = tuple(row for row in rows if ends_after(row, day))
    return Cut(day, ending, tuple(row for row in ending if row.effective_from < day))
