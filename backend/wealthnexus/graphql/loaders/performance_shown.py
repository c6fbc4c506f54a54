"""Figures of performance as the schema's types, and what is asked as the domain's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger import ExplainPart
from wealthnexus.domain.ledger.figures import BASIS, FigureReason, trimmed
from wealthnexus.domain.ledger.view import AS_OF_MIN
from wealthnexus.domain.performance import FeeBasis, Period, PeriodKind, answers, explaining, published
from wealthnexus.domain.performance.beside import Turn
from wealthnexus.domain.performance.charges import Charge
from wealthnexus.domain.performance.figures import (
    PATH_BETWEEN,
    SHORT_HISTORY,
    Told,
    money_figure,
    reason_of,
    return_figure,
    told_of,
)
from wealthnexus.domain.performance.parts_by_day import CASH, FEES, REST
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.repository.benchmarks import Definition
from wealthnexus.domain.performance.repository.policies import PolicyVersion
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.figures import Figure, Reason
from wealthnexus.domain.performance.rules.periods import DAYS_OF_A_YEAR
from wealthnexus.domain.performance.rules.policy import EffectivePolicy, PolicyCourse
from wealthnexus.domain.performance.rules.report import PeriodPerformance as Figures
from wealthnexus.domain.performance.walking import close_part
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import performance as types
from wealthnexus.graphql.types.enums import ContributionBy, PerformancePeriod, TransactionType
from wealthnexus.graphql.types.figures import FigureReason as Shown
from wealthnexus.graphql.types.figures import MoneyFigure, figure_of
from wealthnexus.kit.errors import ValidationFailed

WORDS: Final = {FeeBasis.NET: "net", FeeBasis.GROSS: "gross"}


class Amounts:
    """Money of a period."""

    def __init__(
        self, book: ScopeBook, net: Figures | None, period: Period | None, place: str | None = None
    ) -> None:
        self._book, self._net, self._period = book, net, period
        self._above = None if place is None else f"{place}{PATH_BETWEEN}{WORDS[FeeBasis.NET]}"

    def of(self, amount: Decimal | None, formula: str) -> MoneyFigure:
        """Over the whole period."""
        end = self._book.view.as_of if self._period is None else self._period.end
        return self._made(amount, formula, end if self._period is None else self._period.begin, end)

    def on(self, day: date, amount: Decimal | None, formula: str) -> MoneyFigure:
        parts: list[ExplainPart] = []
        if self._above is not None and self._period is not None:
            begin, end = self._period.begin, self._period.end
            parts = close_part(self._book, self._above, begin, end, is_last=day == end)
        return self._made(amount, formula, day, day, parts)

    def flows(self, amount: Decimal | None) -> MoneyFigure:
        """With the step to the movements behind them."""
        below = () if self._net is None else self._net.time_weighted.parts
        parts = [
            ExplainPart(f"{self._above}{PATH_BETWEEN}{at}", each.formula.id, None)
            for at, each in enumerate(below)
            if each.formula is formulas.SCOPE_FLOWS
        ]
        end = self._book.view.as_of if self._period is None else self._period.end
        begin = end if self._period is None else self._period.begin
        return self._made(amount, formulas.SCOPE_FLOWS.statement, begin, end, parts)

    def _made(
        self,
        amount: Decimal | None,
        formula: str,
        begin: date,
        end: date,
        parts: Sequence[ExplainPart] = (),
    ) -> MoneyFigure:
        reasons: tuple[FigureReason, ...] = ()
        if amount is None:
            reasons = (reason_of(Reason.BOUNDARY_VALUE_MISSING),)
        told = told_over(self._book, begin, end)
        return figure_of(
            money_figure(
                self._book, amount, basis=BASIS, formula=formula, reasons=reasons, parts=parts, told=told
            )
        )

    def missing(self) -> MoneyFigure:
        reasons = (reason_of(Reason.NEVER_FUNDED),)
        return figure_of(money_figure(self._book, None, basis=BASIS, formula=formulas.GAIN, reasons=reasons))


def told_over(book: ScopeBook, begin: date, end: date) -> Told:
    return told_of(book.flaws_within(begin, end), is_partial=book.is_partial)


def linked(book: ScopeBook, found: Figures, place: str) -> types.ReturnFigure:
    measured, word = found.measured, WORDS[found.basis]
    return types.return_of(
        return_figure(
            book,
            found.time_weighted,
            path=f"{place}{PATH_BETWEEN}{word}",
            basis=f"TWR {word}",
            told=told_over(book, found.period.begin, found.period.end),
            measured_from=measured.measured_from if measured.measured_from != measured.begin else None,
            is_approximate=measured.uses_modified_dietz,
        )
    )


def shown_as(
    book: ScopeBook, shown: Figure, place: str, basis: str, name: str, *, is_approximate: bool = False
) -> types.ReturnFigure:
    """``is_approximate``: what it stands on is, by Modified Dietz in place of missing daily values."""
    path = f"{place}{PATH_BETWEEN}{name}"
    period = explaining.period_of_path(book, path)
    end = book.view.as_of if period is None else period.end
    told = told_over(book, end if period is None else period.begin, end)
    if name in answers.STATISTICS and period is not None and period.days < DAYS_OF_A_YEAR:
        told = (told[0], (*told[1], SHORT_HISTORY))
    return types.return_of(
        return_figure(book, shown, path=path, basis=basis, told=told, is_approximate=is_approximate)
    )


def shown_or_none(
    book: ScopeBook,
    shown: Figure | None,
    place: str,
    basis: str,
    name: str,
    *,
    is_approximate: bool = False,
) -> types.ReturnFigure | None:
    if shown is None:
        return None
    return shown_as(book, shown, place, basis, name, is_approximate=is_approximate)


def place_of(kind: PerformancePeriod, period: Period | None) -> str:
    """Of a figure's path."""
    return explaining.place_of(PeriodKind(kind.value), period)


def applied(course: PolicyCourse, day: date) -> types.AppliedPolicy:
    """The conventions of a day."""
    at = [first for first, _ in course.turns if first <= day]
    return _applied(at[-1] if at else date.min, course.effective_on(day))


def applied_turns(course: PolicyCourse) -> list[types.AppliedPolicy]:
    return [_applied(first, policy) for first, policy in course.turns]


def _applied(first: date, policy: EffectivePolicy) -> types.AppliedPolicy:
    return types.AppliedPolicy(
        since=None if first == date.min else first,
        version=policy.policy.version,
        digest=policy.policy.digest(),
        choices=[
            types.PolicyChoice(name=name, value=value, origin=policy.origins.get(name, "default"))
            for name, value in policy.policy.printed()
        ],
    )


def policy_version(of: PolicyVersion, level: str) -> types.PolicyVersion:
    """A version of the level's conventions."""
    return types.PolicyVersion(
        number=of.number,
        effective_from=of.effective_from,
        changes=[
            types.PolicyChoice(name=name, value=value, origin=level) for name, value in of.changes.items()
        ],
        author_name=of.author_name,
        reason=of.reason,
        recorded_at=of.recorded_at,
        book_version=BigInt(of.book_version),
    )


def charge(of: Charge) -> types.Charge:
    return types.Charge(
        day=of.day,
        account_id=to_global("Account", of.account_id),
        account_name=of.account_name,
        type=TransactionType(of.type),
        amount=trimmed(of.amount),
        currency=Currency(of.currency),
        is_paid_elsewhere=of.is_paid_elsewhere,
        share=trimmed(of.share),
        borne=of.borne,
        borne_reason=None if of.borne is not None else cast(Shown, reason_of(Reason.RATE_MISSING)),
        counts_as=of.counts_as,
    )


def benchmark_ref(made: Definition | None) -> types.BenchmarkRef | None:
    return None if made is None else types.BenchmarkRef(id=to_global("Benchmark", made.id), name=made.name)


def turn(of: Turn) -> types.BenchmarkTurn:
    first = None if of.first_day == date.min else of.first_day
    return types.BenchmarkTurn(from_=first, benchmark=benchmark_ref(of.definition))


def part_id(by: ContributionBy, key: str) -> strawberry.ID:
    """Securities and accounts have their own ids, other parts their word."""
    node = {ContributionBy.SECURITY: "Security", ContributionBy.ACCOUNT: "Account"}.get(by)
    return strawberry.ID(key) if node is None or key in {CASH, FEES, REST} else to_global(node, key)


def said(reason: Reason) -> Any:
    return reason_of(reason)


def growth(value: float | None) -> Decimal | None:
    return None if value is None else published(value)


def period_of(book: ScopeBook, kind: PerformancePeriod, from_: date | None) -> Period | None:
    last = book.view.as_of
    if kind is PerformancePeriod.CUSTOM and (from_ is None or not AS_OF_MIN <= from_ <= last):
        raise ValidationFailed(texts.CUSTOM_PERIOD(first=AS_OF_MIN, last=last), path=("from",))
    return book.period(PeriodKind(kind.value), from_)


_SCOPES: Final = (
    ("household_id", ScopeKind.HOUSEHOLD, "Household"),
    ("account_id", ScopeKind.ACCOUNT, "Account"),
    ("sleeve_id", ScopeKind.SLEEVE, "Sleeve"),
    ("party_id", ScopeKind.PARTY, "Party"),
    ("group_id", ScopeKind.GROUP, "AccountGroup"),
)


def scope_of(given: types.PerformanceScope) -> Scope:
    for name, kind, type_name in _SCOPES:
        value = getattr(given, name)
        if isinstance(value, str):
            key: UUID = from_global(value, type_name, path=("scope",))
            return Scope(kind, key)
    if given.firm is not True:
        raise ValidationFailed(texts.FIRM_IS_TRUE(), path=("scope", "firm"))
    return Scope(ScopeKind.FIRM)
