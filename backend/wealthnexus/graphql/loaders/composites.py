"""Reads of composites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from wealthnexus.domain.ledger.figures import FigureReason
from wealthnexus.domain.performance.composites import CompositeBook, composite_book, root_at
from wealthnexus.domain.performance.figures import (
    PATH_BETWEEN,
    Told,
    explain,
    money_figure,
    part_at,
    reason_of,
    return_figure,
    told_of,
)
from wealthnexus.domain.performance.repository import composites as stored
from wealthnexus.domain.performance.rules.composite_years import CompositeMonth, CompositeYear
from wealthnexus.domain.performance.rules.figures import Figure, Reason
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.performance_shown import applied, benchmark_ref, growth
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import composites as types
from wealthnexus.graphql.types.figures import Explain, MoneyFigure, figure_of
from wealthnexus.graphql.types.performance import ReturnFigure, return_of
from wealthnexus.kit.threads import beside_the_loop

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

_BASIS = "value at the last close of the period"


class CompositeReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def every(self, as_of: date | None, known_at: datetime | None) -> list[types.CompositeRef]:
        view = await self._all.view(as_of, known_at)
        return [_ref(each) for each in await stored.every(self._all.reader, view)]

    async def reference(self, key: UUID) -> types.CompositeRef:
        found = await stored.composite(self._all.reader, await self._all.view(None, None), key)
        if found is None:
            raise not_found("Composite", path=("input", "compositeId"))
        return _ref(found)

    async def _book(self, given: str, as_of: date | None, known_at: datetime | None) -> CompositeBook:
        view = await self._all.view(as_of, known_at)
        key: UUID = from_global(given, "Composite", path=("id",))

        async def load(keys: Any) -> dict[UUID, CompositeBook | None]:
            return {key: await composite_book(self._all.reader, view, key) for key in keys}

        book = await self._all.batch(("composite", view), load).load(key)
        if book is None:
            raise not_found("Composite", path=("id",))
        return book

    async def composite(self, given: str, as_of: date | None, known_at: datetime | None) -> types.Composite:
        book = await self._book(given, as_of, known_at)
        of, view = book.composite, book.view
        return types.Composite(
            id=to_global("Composite", of.id),
            name=of.name,
            description=of.description,
            currency=Currency(of.currency),
            minimum_assets=of.minimum_assets,
            benchmark=None if book.benchmark is None else benchmark_ref(book.benchmark.on(view.as_of)),
            created_at=of.created_at,
            inception_date=book.inception,
            as_of=view.as_of,
            book_version=BigInt(view.book_version),
            policy=applied(book.policies, view.as_of),
            members=[
                types.CompositeMember(
                    account_id=to_global("Account", each.account_id),
                    account_name=each.account_name,
                    from_=each.first_day,
                    to=each.end,
                    author_name=each.author_name,
                    reason=each.reason,
                    recorded_at=each.recorded_at,
                    end_author_name=each.end_author_name,
                    end_reason=each.end_reason,
                )
                for each in book.members
            ],
            book=book,
        )

    def years(self, book: CompositeBook) -> list[types.CompositeYear]:
        return [self._year(book, each) for each in book.years]

    def _year(self, book: CompositeBook, of: CompositeYear) -> types.CompositeYear:
        beside, place = book.beside[of.year], str(of.year)
        shown = _Shown(book, place, of.months)
        return types.CompositeYear(
            year=of.year,
            begin=of.begin,
            end=of.end,
            month_count=len(of.months),
            net=shown.of(of.net, "TWR net", "net"),
            gross=shown.of(of.gross, "TWR gross", "gross"),
            benchmark=_or_none(book, beside.benchmark, place, "benchmark", "benchmark"),
            equal_weighted_dispersion=shown.of(
                of.equal_weighted, "annual TWR gross, equal-weighted", "equal-weighted"
            ),
            asset_weighted_dispersion=shown.of(
                of.asset_weighted, "annual TWR gross, asset-weighted", "asset-weighted"
            ),
            lowest=None if of.spread is None else growth(of.spread.lowest),
            highest=None if of.spread is None else growth(of.spread.highest),
            compared_count=of.compared,
            deviation=_Shown(book, place, book.months_of_deviation(of)).of(
                of.deviation, "36 months of TWR gross", "deviation"
            ),
            benchmark_deviation=_or_none(
                book, beside.deviation, place, "36 months of the benchmark", "benchmark-deviation"
            ),
            member_count=of.members,
            assets=_money(book, of.assets, told_of(book.flaws_at_end(of.months[-1]))),
            firm_assets=_money(book, beside.firm_assets, told_of(beside.firm_flaws)),
        )

    def months(self, book: CompositeBook, year: int | None) -> list[types.CompositeMonth]:
        return [self._month(book, each) for each in book.months if year is None or each.end.year == year]

    def _month(self, book: CompositeBook, of: CompositeMonth) -> types.CompositeMonth:
        place = f"{of.end:%Y-%m}"
        shown = _Shown(book, place, [of])
        names = {str(each.account_id): each.account_name for each in book.members}
        return types.CompositeMonth(
            begin=of.begin,
            end=of.end,
            net=shown.of(of.net, "TWR net", "net"),
            gross=shown.of(of.gross, "TWR gross", "gross"),
            benchmark=_or_none(book, book.benchmark_month(of), place, "benchmark", "benchmark"),
            member_count=len(of.members),
            left_out=[
                types.LeftOutMember(
                    account_id=to_global("Account", UUID(key)), account_name=names[key], reason=why
                )
                for key, why in of.left_out
            ],
        )

    async def explain(self, given: str, path: str, as_of: date | None, known_at: datetime | None) -> Explain:
        """The figure of a path: year or month, name, then steps down the tree. NotFound for any other."""
        book = await self._book(given, as_of, known_at)
        parts = path.split(PATH_BETWEEN)
        if len(path) <= 200 and len(parts) >= 2:
            root = await beside_the_loop(lambda: root_at(book, parts[0], parts[1]))
            shown = None if root is None else part_at(root, parts[2:])
            if shown is not None:
                return explain(book, shown, path)  # type: ignore[return-value]
        raise not_found("Figure", path=("path",))


def _ref(of: stored.Composite) -> types.CompositeRef:
    return types.CompositeRef(
        id=to_global("Composite", of.id),
        name=of.name,
        description=of.description,
        currency=Currency(of.currency),
        minimum_assets=of.minimum_assets,
        member_count=of.member_count,
    )


class _Shown:
    """Figures of some months, with what their members' returns lack."""

    def __init__(self, book: CompositeBook, place: str, months: Sequence[CompositeMonth]) -> None:
        self._book, self._place = book, place
        self._told: Told = told_of(book.flaws_of_months(months))
        self._is_approximate = any(month.is_approximate for month in months)

    def of(self, shown: Figure, basis: str, name: str) -> ReturnFigure:
        return return_of(
            return_figure(
                self._book,
                shown,
                path=f"{self._place}{PATH_BETWEEN}{name}",
                basis=basis,
                is_approximate=self._is_approximate,
                told=self._told,
            )
        )


def _or_none(
    book: CompositeBook, shown: Figure | None, place: str, basis: str, name: str
) -> ReturnFigure | None:
    return None if shown is None else _Shown(book, place, ()).of(shown, basis, name)


def _money(book: CompositeBook, amount: Decimal | None, told: Told) -> MoneyFigure:
    reasons: tuple[FigureReason, ...] = ()
    if amount is None:
        reasons = (reason_of(Reason.CLOSING_VALUE_MISSING),)
    return figure_of(
        money_figure(book, amount, basis="MARKET_VALUE", formula=_BASIS, reasons=reasons, told=told)
    )
