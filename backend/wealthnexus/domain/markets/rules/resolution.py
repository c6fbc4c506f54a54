"""Which security an identifier meant on a day: names change hands, and the ledger must not follow them.

A symbol belongs to a security from a day until another: [effective_from, effective_to), an open side being
"always". On one exchange a value names one security at a time (``overlaps`` finds where it does not).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Naming:
    """A security was called ``value`` in ``scheme`` on ``exchange`` (None: everywhere) for a time."""

    security_id: UUID
    scheme: str
    value: str
    exchange: str | None
    effective_from: date | None
    effective_to: date | None

    def holds_on(self, day: date) -> bool:
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day < self.effective_to
        )


@dataclass(frozen=True, slots=True)
class Resolution:
    """``found``: the one security. ``ambiguous``: several, one per exchange. ``elsewhen``: the value is
    known, of other days (``namings`` say which). ``unknown``: of no day."""

    outcome: Literal["found", "ambiguous", "elsewhen", "unknown"]
    security_id: UUID | None
    namings: tuple[Naming, ...]


def resolve_on(namings: Sequence[Naming], day: date, exchange: str | None = None) -> Resolution:
    """The security that ``namings`` (all of one identifier, in any notation) meant on ``day``.

    With an exchange, what is named there wins over what is named without one; names of other exchanges
    do not count. Without, securities on several exchanges are ambiguous.
    """
    there = [naming for naming in namings if exchange is None or naming.exchange in (exchange, None)]
    if not there:
        return Resolution("unknown", None, ())
    valid = [naming for naming in there if naming.holds_on(day)]
    if exchange is not None:
        exact = [naming for naming in valid if naming.exchange == exchange]
        valid = exact or valid
    securities = {naming.security_id for naming in valid}
    if len(securities) == 1:
        return Resolution("found", next(iter(securities)), tuple(valid))
    if securities:
        return Resolution("ambiguous", None, tuple(valid))
    return Resolution("elsewhen", None, tuple(sorted(there, key=_by_time)))


def overlaps(namings: Iterable[Naming]) -> list[tuple[Naming, Naming]]:
    """Pairs in which one value names two securities on one exchange at one time; each value's in order."""
    groups: dict[tuple[str, str, str | None], list[Naming]] = {}
    for naming in namings:
        groups.setdefault((naming.scheme, naming.value, naming.exchange), []).append(naming)
    found: list[tuple[Naming, Naming]] = []
    for group in groups.values():
        latest: list[Naming] = []
        for naming in sorted(group, key=_by_time):
            latest = [
                earlier
                for earlier in latest
                if earlier.effective_to is None or earlier.effective_to > (naming.effective_from or date.min)
            ]
            found += [(each, naming) for each in latest if each.security_id != naming.security_id]
            latest.append(naming)
    return found


def _by_time(naming: Naming) -> tuple[date, date, UUID]:
    return (naming.effective_from or date.min, naming.effective_to or date.max, naming.security_id)


def names_in_order(namings: Iterable[Naming]) -> list[Naming]:
    """The names of one security and scheme by time, joined where a source cut one name into pieces."""
    joined: list[Naming] = []
    for naming in sorted(namings, key=_by_time):
        before = joined[-1] if joined else None
        if (
            before is not None
            and (before.scheme, before.value, before.exchange)
            == (naming.scheme, naming.value, naming.exchange)
            and before.effective_to is not None
            and before.effective_to >= (naming.effective_from or date.min)
        ):
            end = None if naming.effective_to is None else max(before.effective_to, naming.effective_to)
            joined[-1] = Naming(
                before.security_id, before.scheme, before.value, before.exchange, before.effective_from, end
            )
        else:
            joined.append(naming)
    return joined


__all__ = ["Naming", "Resolution", "names_in_order", "overlaps", "resolve_on"]
