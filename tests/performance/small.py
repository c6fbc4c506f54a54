"""Small books: a few rows imported, and the figures of their scopes by whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.performance import FeeBasis, PeriodKind, PeriodPerformance
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY, Book, Ids, ids_of, view_of


@dataclass(frozen=True)
class Small:
    """A firm with a small book."""

    platform: Platform
    firm: FirmInfo
    ids: Ids

    async def book(
        self,
        scope: Scope,
        *,
        by: Binding | None = None,
        as_of: date | None = None,
        currency: str | None = None,
        known_version: int | None = None,
    ) -> ScopeBook:
        """The scope as whoever asks sees it; the firm's own people unless told."""
        async with self.platform.db.reading(by or Binding(self.firm.id)) as reader:
            view = await view_of(reader, self.firm, as_of, known_version)
            found = await scope_book(reader, view, scope, currency=currency)
        assert found is not None
        return found

    def account(self, key: str) -> Scope:
        return Scope(ScopeKind.ACCOUNT, self.ids.accounts[key])

    def household(self, key: str = "H1") -> Scope:
        return Scope(ScopeKind.HOUSEHOLD, self.ids.households[key])


async def small(platform: Platform, book: Book, folder: Path, *, day: date = LAST_DAY) -> Small:
    firm = await make_firm(platform, pinned_business_date=day)
    report = await book.load(platform, firm, folder)
    assert report.ok, list(report.lines())
    return Small(platform, firm, await ids_of(platform, firm))


def of_period(
    book: ScopeBook, basis: FeeBasis = FeeBasis.NET, *, first: date | None = None
) -> PeriodPerformance:
    """Since inception, or from ``first`` on."""
    kind = PeriodKind.SINCE_INCEPTION if first is None else PeriodKind.CUSTOM
    period = book.period(kind, first)
    assert period is not None
    return book.figures(period, basis)


def value_of(book: ScopeBook, basis: FeeBasis = FeeBasis.NET, *, first: date | None = None) -> Decimal | None:
    return of_period(book, basis, first=first).time_weighted.published


__all__ = ["Small", "of_period", "small", "value_of"]
