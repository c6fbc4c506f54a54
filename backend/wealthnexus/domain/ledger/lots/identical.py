"""Which securities count as substantially identical, and since when somebody says so (26 CFR 1.1091-1).

The law defines it for no pair of funds: a row is a judgement, with its author and reason. A security is
identical to itself without a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .vocabulary import Treatment

WASHING = frozenset({Treatment.IDENTICAL, Treatment.FIRM_TREATS_AS_IDENTICAL})


@dataclass(frozen=True, slots=True)
class IdenticalPair:
    """The judgement on two securities from the first day to the day before the last; None: no end."""

    one: str
    other: str
    treatment: Treatment
    author: str
    reason: str
    effective_from: date
    effective_to: date | None = None

    def is_effective(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


class IdenticalTable:
    """The effective-dated table; symmetric, not transitive. Of several rows of a day the last counts."""

    __slots__ = ("_by_security", "pairs")

    def __init__(self, pairs: tuple[IdenticalPair, ...] = ()) -> None:
        self.pairs = pairs
        self._by_security: dict[str, list[tuple[str, IdenticalPair]]] = {}
        for pair in pairs:
            self._by_security.setdefault(pair.one, []).append((pair.other, pair))
            self._by_security.setdefault(pair.other, []).append((pair.one, pair))

    def judgement(self, one: str, other: str, day: date) -> IdenticalPair | None:
        """The row that speaks of the two on the day, None when none does."""
        found = None
        for security, pair in self._by_security.get(one, ()):
            if security == other and pair.is_effective(day):
                found = pair
        return found

    def is_identical(self, one: str, other: str, day: date) -> bool:
        if one == other:
            return True
        pair = self.judgement(one, other, day)
        return pair is not None and pair.treatment in WASHING

    def named_with(self, security: str) -> tuple[str, ...]:
        """All securities any row names beside this one, in order."""
        named = self._by_security.get(security)
        return tuple(sorted({other for other, _pair in named})) if named else ()
