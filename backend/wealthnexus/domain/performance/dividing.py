"""A return divided: what each part of a scope contributed to it."""

from __future__ import annotations

from dataclasses import dataclass

from wealthnexus.domain.performance.parts_by_day import part_days
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.rules import contribution as contributing
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, figure
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.threads import beside_the_loop


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part over a period. ``value``: its own linked return, None while it had no capital."""

    key: str
    label: str
    weight: float
    contribution: float
    value: Figure


@dataclass(frozen=True, slots=True)
class Divided:
    """The parts, largest contribution first, and their sum: the return of the whole, or the reason."""

    parts: tuple[PartShown, ...]
    total: Figure


async def divided(
    reader: Reader, book: ScopeBook, period: Period, kind: PartKind | None, basis: FeeBasis
) -> Divided:
    """The contribution of each part; ``kind`` None: of each account."""
    measured = book.figures(period, basis).measured
    if measured.value is None:
        return Divided((), figure(formulas.CONTRIBUTION, None, measured.reason))
    subs, days, labels = await part_days(reader, book, period, kind, basis)

    def work() -> Divided:
        found = contributing.contributions(subs, days)
        shown = [
            PartShown(
                part.key,
                labels.get(part.key, part.key),
                part.average_weight,
                part.value,
                contributing.part_return(part.key, subs, days),
            )
            for part in found.parts
        ]
        shown.sort(key=lambda part: (-part.contribution, part.key))
        return Divided(tuple(shown), contributing.figure_of(found, subs, days, labels))

    return await beside_the_loop(work)
