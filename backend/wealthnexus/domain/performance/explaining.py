"""Every figure by its path: the place of its period or month, its name, then steps down its tree.

A path is given out beside a figure and finds the same figure again, for whoever may see it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote, unquote

from wealthnexus.domain.ledger import Explain
from wealthnexus.domain.ledger.view import AS_OF_MIN
from wealthnexus.domain.performance import answers
from wealthnexus.domain.performance.attributing import Attributed, attributed
from wealthnexus.domain.performance.dividing import Divided, divided
from wealthnexus.domain.performance.figures import PATH_BETWEEN, Shown, part_at
from wealthnexus.domain.performance.gains import gain_figure
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Reason, figure
from wealthnexus.domain.performance.rules.periods import Period, PeriodKind
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.walking import apart, walked
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.threads import beside_the_loop

PATH_CHARACTERS_MAX: Final = 300
ATTRIBUTION: Final = "attribution"
GAIN: Final = "gain"
DRAWDOWN: Final = "drawdown"
ACCOUNT: Final = "account"
_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})")
_CONTRIBUTION: Final = re.compile(r"contribution-([a-z_]+)-(net|gross)(?:-(.+))?")
_CUSTOM: Final = "from-"
_OF_PERIOD: Final = {
    "net": "time_weighted",
    "gross": "time_weighted",
    "net-annualised": "annualised",
    "gross-annualised": "annualised",
    "money-weighted": "money_weighted",
}
_OF_BENCHMARK: Final = {"benchmark": "value", "benchmark-annualised": "annualised", "excess": "excess"}


def contribution_name(kind: str, basis: FeeBasis, key: str | None = None) -> str:
    """The name of a contribution in a path, and of one of its parts; keys may hold any character."""
    name = f"contribution-{kind.lower()}-{basis.value.lower()}"
    return name if key is None else f"{name}-{quote(key, safe='')}"


def place_of(kind: PeriodKind, period: Period | None) -> str:
    """The kind of the period, of CUSTOM its first day."""
    if kind is PeriodKind.CUSTOM and period is not None:
        return f"{_CUSTOM}{period.first_day.isoformat()}"
    return kind.value


@dataclass(slots=True)
class Explaining:
    """The figures of one scope by their paths; what several paths stand on is computed once."""

    reader: Reader
    book: ScopeBook
    is_client: bool
    _divided: dict[tuple[Period, PartKind | None, FeeBasis], Divided] = field(default_factory=dict)
    _attributed: dict[Period, Attributed] = field(default_factory=dict)
    _months: dict[tuple[int, int], answers.Month] = field(default_factory=dict)
    _risk: dict[Period, answers.Risk] = field(default_factory=dict)

    async def at(self, path: str) -> Shown | None:
        """The figure of a path; None for what there is not, and for gross to a client."""
        steps = path.split(PATH_BETWEEN)
        if len(path) > PATH_CHARACTERS_MAX or len(steps) < 2:
            return None
        root = await self._root_at(steps[0], steps[1])
        return None if root is None else part_at(root, steps[2:])

    async def told(self, path: str) -> Explain | None:
        """The explanation of a figure by its path, or of a step below it, down to positions and entries."""
        above, _ = apart(path)
        shown = await self.at(above)
        if shown is None or len(path) > PATH_CHARACTERS_MAX:
            return None
        period = period_of_path(self.book, above)
        return await walked(self.reader, self.book, shown, path, period, is_client=self.is_client)

    async def _root_at(self, place: str, name: str) -> Shown | None:
        month = _MONTH.fullmatch(place)
        if month is not None:
            key = int(month[1]), int(month[2])
            return await beside_the_loop(lambda: self._of_month(key, name))
        found, period = _period_at(self.book, place)
        divides = _CONTRIBUTION.fullmatch(name)
        is_gross = name.startswith("gross") or (divides is not None and divides[2] == "gross")
        if not found or (self.is_client and is_gross):
            return None
        if period is None or not self.book.series.days:
            return _without(name)
        if divides is not None:
            return await self._of_contribution(period, divides)
        if name == ATTRIBUTION:
            if period not in self._attributed:
                self._attributed[period] = await attributed(self.reader, self.book, period)
            return self._attributed[period].total
        if name == GAIN:
            return await gain_figure(self.reader, self.book, period)
        return await beside_the_loop(lambda: self._of_period(period, name))

    def _of_period(self, period: Period, name: str) -> Figure | None:
        net = self.book.figures(period, FeeBasis.NET)
        if name in _OF_PERIOD:
            of = self.book.figures(period, FeeBasis.GROSS) if name.startswith("gross") else net
            shown: Figure = getattr(of, _OF_PERIOD[name])
            return shown
        if name in _OF_BENCHMARK:
            found: Figure | None = getattr(answers.beside(self.book, period, net), _OF_BENCHMARK[name])
            return found
        if name != DRAWDOWN and name not in answers.STATISTICS:
            return None
        if period not in self._risk:
            self._risk[period] = answers.risk(self.book, period)
        risk = self._risk[period]
        return risk.fall.figure if name == DRAWDOWN else risk.figures[name]

    async def _of_contribution(self, period: Period, said: re.Match[str]) -> Figure | None:
        try:
            kind = None if said[1] == ACCOUNT else PartKind(said[1].upper())
        except ValueError:
            return None
        key = period, kind, FeeBasis(said[2].upper())
        if key not in self._divided:
            self._divided[key] = await divided(self.reader, self.book, *key)
        whole = self._divided[key]
        if said[3] is None:
            return whole.total
        return next((each.value for each in whole.parts if each.key == unquote(said[3])), None)

    def _of_month(self, key: tuple[int, int], name: str) -> Figure | None:
        if not self._months:
            self._months = {(each.year, each.month): each for each in answers.calendar(self.book)}
        found = self._months.get(key)
        if found is None or (self.is_client and name == "gross"):
            return None
        return {"net": found.net, "gross": found.gross, "benchmark": found.benchmark}.get(name)


def period_of_path(book: ScopeBook, path: str) -> Period | None:
    """The period a figure is of; a month's too."""
    place = path.split(PATH_BETWEEN, maxsplit=1)[0]
    month = _MONTH.fullmatch(place)
    if month is None:
        return _period_at(book, place)[1]
    first = date(int(month[1]), int(month[2]), 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(PeriodKind.CUSTOM, first - timedelta(days=1), min(last, book.view.as_of))


def _without(name: str) -> Figure | None:
    """What a scope without a funded day gives out: every figure says so."""
    formula = formulas.LINKED
    if name in answers.STATISTICS or name == DRAWDOWN:
        formula = formulas.VOLATILITY
    elif _CONTRIBUTION.fullmatch(name):
        formula = formulas.CONTRIBUTION
    elif name == ATTRIBUTION:
        formula = formulas.ATTRIBUTION
    elif name not in _OF_PERIOD:
        return None
    return figure(formula, None, Reason.NEVER_FUNDED)


def _period_at(book: ScopeBook, place: str) -> tuple[bool, Period | None]:
    """Whether there is such a place, and its period; None for a scope without one."""
    try:
        if place.startswith(_CUSTOM):
            first = date.fromisoformat(place.removeprefix(_CUSTOM))
            is_past = AS_OF_MIN <= first <= book.view.as_of
            return is_past, book.period(PeriodKind.CUSTOM, first) if is_past else None
        kind = PeriodKind(place)
    except ValueError:
        return False, None
    return (False, None) if kind is PeriodKind.CUSTOM else (True, book.period(kind))
