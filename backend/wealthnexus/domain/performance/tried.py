"""What a correction would make of returns, before it is saved.

The rows of the correction are written into a unit of work that is always rolled back, under a version that is
none of the books: the returns after it are those of the one engine, not of a second one that imitates it.
No lock is taken and nobody waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.domain.ledger.service.posting import try_correction
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules.periods import PeriodKind
from wealthnexus.domain.performance.rules.policy import FeeBasis
from wealthnexus.domain.performance.rules.report import PeriodPerformance
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.errors import LimitExceeded

UnitsOfWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
PERIODS: Final = (PeriodKind.YEAR_TO_DATE, PeriodKind.ONE_YEAR, PeriodKind.SINCE_INCEPTION)
HOUSEHOLDS_MAX: Final = 3
_TRIED: Final = 2**62
"""Higher than any book version there will be."""

_HOUSEHOLDS: Final = """
select distinct x.household_id as id from household_accounts x
where x.tenant_id = :tenant and x.account_id = any(:account_ids) and x.book_version <= :version
  and (x.superseded_version is null or x.superseded_version > :version)
  and x.effective_from <= :as_of and (x.effective_to is null or x.effective_to > :as_of)
order by x.household_id limit :row_limit
"""


@dataclass(frozen=True, slots=True)
class ReturnBeside:
    """The net return of a scope over a period, and its value at the end, as they are and as they would be.

    None where it cannot be computed, as the performance of the scope says with its reason.
    """

    scope: Scope
    name: str
    currency: str
    period: PeriodKind
    before: Decimal | None
    after: Decimal | None
    value_before: Decimal | None
    value_after: Decimal | None


class _Over(Exception):
    """Ends the unit of work without a commit."""


async def returns_if_corrected(
    units: UnitsOfWork,
    view: BookView,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
    account_ids: Sequence[UUID],
) -> list[ReturnBeside]:
    """Of these accounts and the households they belong to; what is too large to be computed is left out.

    The correction was judged by ``ledger.service.preview_correction``.
    """
    found: list[ReturnBeside] = []
    try:
        async with units() as uow:
            scopes = [Scope(ScopeKind.ACCOUNT, key) for key in account_ids]
            scopes += [Scope(ScopeKind.HOUSEHOLD, key) for key in await _households(uow, view, account_ids)]
            before = {scope: await _book(uow, view, scope) for scope in scopes}
            await try_correction(uow, transaction_id, replacement, _TRIED)
            tried = replace(view, book_version=_TRIED, is_stored=False, has_summaries=False)
            for scope, then in before.items():
                found += _beside(scope, then, await _book(uow, tried, scope))
            raise _Over
    except _Over:
        return found


async def _households(reader: Reader, view: BookView, account_ids: Sequence[UUID]) -> list[UUID]:
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "as_of": view.as_of,
        "account_ids": list(account_ids), "row_limit": HOUSEHOLDS_MAX,
    }  # fmt: skip
    return [row.id for row in await reader.rows(prepared(_HOUSEHOLDS), parameters)]


async def _book(reader: Reader, view: BookView, scope: Scope) -> ScopeBook | None:
    try:
        return await scope_book(reader, view, scope)
    except LimitExceeded:
        return None


def _beside(scope: Scope, before: ScopeBook | None, after: ScopeBook | None) -> list[ReturnBeside]:
    if before is None or after is None:
        return []
    found = []
    for kind in PERIODS:
        then, now = _measured(before, kind), _measured(after, kind)
        if then is None and now is None:
            continue
        found.append(
            ReturnBeside(
                scope, before.members.name, before.currency, kind,
                None if then is None else then.time_weighted.published,
                None if now is None else now.time_weighted.published,
                None if then is None else then.closing,
                None if now is None else now.closing,
            )
        )  # fmt: skip
    return found


def _measured(book: ScopeBook, kind: PeriodKind) -> PeriodPerformance | None:
    period = book.period(kind)
    return None if period is None else book.figures(period, FeeBasis.NET)
