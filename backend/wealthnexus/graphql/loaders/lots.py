"""Reads of tax lots, realised gains and wash sales: computed from the books as the caller sees them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from wealthnexus.domain.feeds.custody.costs import reported_costs, told_cost
from wealthnexus.domain.feeds.custody.lots import ReportedLots, reported_lots
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.lot_books import LotBooks, load_apart, load_lot_books
from wealthnexus.domain.ledger.lot_books.figures import lot_order, lot_rows, position_cost, position_gain
from wealthnexus.domain.ledger.lot_books.findings import sentence
from wealthnexus.domain.ledger.lot_books.gains import (
    GainRow,
    gain_row,
    lines_of,
    totals_of,
    wash_row,
)
from wealthnexus.domain.ledger.lot_books.lot_totals import totals_of_lots
from wealthnexus.domain.ledger.lot_books.reach import accounts_of_households
from wealthnexus.domain.ledger.lot_books.wash_check import (
    CheckedTrade,
    ProposedTrade,
    check_figure,
    check_trade,
)
from wealthnexus.domain.ledger.lots import OpenLot, RealisedGain
from wealthnexus.domain.ledger.lots.custodian import LotDifference
from wealthnexus.domain.ledger.lots.vocabulary import Term
from wealthnexus.graphql import texts
from wealthnexus.graphql.ids import from_global, not_found
from wealthnexus.graphql.loaders.lot_types import (
    Names,
    beside_of,
    gain_of,
    gain_totals,
    judgement_of,
    lot_of,
    lot_totals,
    lots_beside,
    wash_match,
)
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import lots as types
from wealthnexus.graphql.types.book import Account, Household, Position
from wealthnexus.graphql.types.figures import MoneyFigure, figure_of
from wealthnexus.graphql.types.ledger import Transaction
from wealthnexus.graphql.types.markets import Security
from wealthnexus.kit.errors import LimitExceeded, ValidationFailed
from wealthnexus.kit.paging import Page, PageRequest, decode_cursor, encode_cursor

if TYPE_CHECKING:
    from strawberry.dataloader import DataLoader

    from wealthnexus.graphql.loaders import Loaders

ALL_POSITIONS: Final = PageRequest(1_000_000)
DIFFERENCES_MAX: Final = 200
FINDINGS_MAX: Final = 500
YEAR_MIN: Final = 1900
YEAR_MAX: Final = 2200


class LotReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    # -- books --------------------------------------------------------------------------------------------

    def books(self, view: BookView) -> DataLoader[UUID, LotBooks | LimitExceeded]:
        """The books of an account, loaded and played once for all accounts of a level."""

        async def load(keys: Sequence[UUID]) -> dict[UUID, LotBooks | LimitExceeded]:
            found = await load_apart(self._all.reader, view, keys)
            for books in {id(one): one for one in found.values() if isinstance(one, LotBooks)}.values():
                # Thousands of entries are played beside other requests, not instead of them.
                await asyncio.to_thread(_play, books)
            return found

        return self._all.batch(("lots.books", view), load)

    async def books_of(self, view: BookView, accounts: Sequence[UUID]) -> LotBooks:
        """One for all these accounts; LimitExceeded when there is too much of it."""
        if not accounts:
            return await load_lot_books(self._all.reader, view, ())
        found = await self.books(view).load_many(accounts)
        together = found[0]
        if isinstance(together, LimitExceeded):
            raise together
        if all(one is together for one in found):
            return together
        # The level was too much at once: these by themselves, or a refusal of theirs.
        together = await load_lot_books(self._all.reader, view, accounts)
        await asyncio.to_thread(_play, together)
        return together

    async def _positions(self, view: BookView, accounts: Sequence[UUID]) -> list[ledger.PositionRow]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[ledger.PositionRow]]:
            pages = await ledger.positions_by_account(self._all.reader, view, keys, ALL_POSITIONS)
            return {key: list(page.rows) for key, page in pages.items()}

        found = await self._all.batch(("lots.positions", view), load, list).load_many(accounts)
        return [row for rows in found for row in rows]

    async def _reported(self, view: BookView, accounts: Sequence[UUID]) -> dict[UUID, ReportedLots]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, ReportedLots]:
            return await reported_lots(self._all.reader, view, keys)

        found = await self._all.batch(("lots.reported", view), load).load_many(accounts)
        return {key: one for key, one in zip(accounts, found, strict=True) if one is not None}

    async def accounts_of(self, household: UUID, view: BookView) -> list[UUID]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[UUID]]:
            return await accounts_of_households(self._all.reader, view, keys)

        found: list[UUID] = await self._all.batch(("lots.accounts", view), load, list).load(household)
        return found

    # -- positions ----------------------------------------------------------------------------------------

    async def cost_of(self, position: Position) -> MoneyFigure:
        return figure_of(position_cost(*await self._paid(position)))

    async def gain_of(self, position: Position) -> MoneyFigure:
        return figure_of(position_gain(*await self._paid(position)))

    async def _paid(self, position: Position) -> tuple[LotBooks | None, ledger.PositionRow, str | None]:
        """The lots of a position and the custodian's cost of as many units."""
        view, row = position.moment, position.row
        books = await self.books(view).load(row.account_id)
        reader = self._all.reader
        costs = await self._all.batch(
            ("lots.costs", view), lambda keys: reported_costs(reader, view, keys), dict
        ).load(row.account_id)
        told = told_cost(costs.get(row.security_id))
        return (None if isinstance(books, LimitExceeded) else books), row, told

    # -- open lots ----------------------------------------------------------------------------------------

    async def of_account(
        self, account: Account, security_id: str | None, first: int | None, after: str | None
    ) -> types.OpenLotConnection:
        return await self._lots([account.key], account.moment, security_id, self._page(first, after))

    async def of_household(
        self, household: Household, security_id: str | None, first: int | None, after: str | None
    ) -> types.OpenLotConnection:
        accounts = await self.accounts_of(household.key, household.moment)
        return await self._lots(accounts, household.moment, security_id, self._page(first, after))

    def _page(self, first: int | None, after: str | None) -> PageRequest:
        return self._all.context.page(first, after)

    async def _lots(
        self, accounts: Sequence[UUID], view: BookView, security_id: str | None, page: PageRequest
    ) -> types.OpenLotConnection:
        security = None if security_id is None else str(from_global(security_id, "Security"))
        books = await self.books_of(view, accounts)
        positions = await self._positions(view, accounts)
        reported = await self._reported(view, accounts)
        its = frozenset(map(str, accounts))

        def wanted(lot: OpenLot) -> bool:
            return lot.account in its and security in (None, lot.security)

        rows = lot_rows(books, positions, wanted)
        compared = beside_of(rows, reported, security)
        keys = [lot_order(books, row) for row in rows]
        shown = _cut(rows, keys, page, "suuds", descending=False)
        differing = [one for one in compared.values() if one.difference is not LotDifference.AGREES]
        differing = differing[:DIFFERENCES_MAX]
        names = await self._names(
            books, view, (row.lot.security for row in shown.rows), (one.security for one in differing)
        )

        async def count() -> int:
            return len(rows)

        return types.OpenLotConnection(
            nodes=[lot_of(row, names, compared, reported) for row in shown.rows],
            cursors=shown.cursors, has_next=shown.has_next, has_previous=shown.has_previous, count=count,
            totals=[lot_totals(one) for one in totals_of_lots(books, rows)],
            differences=[lots_beside(one, names, reported) for one in differing],
        )  # fmt: skip

    async def _names(self, books: LotBooks, view: BookView, *securities: Iterable[str]) -> Names:
        keys = sorted({UUID(one) for its in securities for one in its})

        async def load(wanted: Sequence[UUID]) -> dict[UUID, Security]:
            return dict(await self._all.markets.securities(wanted, view))

        found = await self._all.batch(("lots.securities", view), load).load_many(keys)
        return Names(books, {key: one for key, one in zip(keys, found, strict=True) if one is not None})

    # -- findings -----------------------------------------------------------------------------------------

    async def findings(self, accounts: Sequence[UUID], view: BookView) -> list[types.LotFinding]:
        books = await self.books_of(view, accounts)
        its = frozenset(map(str, accounts))
        found = [one for book in books.books for one in book.played.findings() if one.account in its]
        found = sorted(found, key=lambda one: (one.day, one.reason, one.entry), reverse=True)[:FINDINGS_MAX]
        names = await self._names(books, view, (one.security for one in found if one.security))
        return [
            types.LotFinding(
                code=one.reason.value,
                message=sentence(books, one),
                account=names.account(one.account),
                security=names.securities.get(UUID(one.security)) if one.security else None,
                day=one.day,
                transaction_id=names.transaction(one.entry),
            )
            for one in found
        ]

    async def findings_of_household(self, household: Household) -> list[types.LotFinding]:
        accounts = await self.accounts_of(household.key, household.moment)
        return await self.findings(accounts, household.moment)

    # -- realised gains -----------------------------------------------------------------------------------

    async def realised(self, page: PageRequest, asked: GainsAsked) -> types.RealisedGainConnection:
        view = await self._all.view(asked.as_of, asked.known_at)
        accounts = await self._accounts_asked(asked.account_id, asked.household_id, view)
        security = None if asked.security_id is None else str(from_global(asked.security_id, "Security"))
        begin, end = _period(asked, view.as_of)
        books = await self.books_of(view, accounts)
        its = frozenset(map(str, accounts))

        def of_these(line: RealisedGain) -> bool:
            return line.account in its and security in (None, line.security)

        everything = lines_of(books, of_these)
        lines = [
            one
            for one in everything
            if (begin is None or begin <= one[0].disposed_on)
            and one[0].disposed_on <= end
            and asked.term in (None, one[0].economic.term)
        ]
        shown = _cut(lines, [(one[0].disposed_on, one[0].id) for one in lines], page, "ds", descending=True)
        rows = [gain_row(books, line, matches) for line, matches in shown.rows]
        names = await self._names_of_gains(books, view, rows)

        async def count() -> int:
            return len(lines)

        return types.RealisedGainConnection(
            nodes=[gain_of(row, names) for row in rows],
            cursors=shown.cursors,
            has_next=shown.has_next,
            has_previous=shown.has_previous,
            count=count,
            totals=[gain_totals(one) for one in totals_of(books, (line for line, _ in lines))],
            from_=begin,
            to=end,
            as_of=view.as_of,
            tax_years=sorted({line.disposed_on.year for line, _ in everything}, reverse=True),
        )

    async def _names_of_gains(self, books: LotBooks, view: BookView, rows: Sequence[GainRow]) -> Names:
        washed = [wash.match.security for row in rows for wash in row.washes]
        return await self._names(books, view, (row.line.security for row in rows), washed)

    async def _accounts_asked(
        self, account_id: str | None, household_id: str | None, view: BookView
    ) -> list[UUID]:
        if (account_id is None) == (household_id is None):
            said = texts.ONE_OF_TWO(first="accountId", second="householdId")
            raise ValidationFailed(said, path=("accountId",))
        if account_id is not None:
            key = from_global(account_id, "Account", path=("accountId",))
            if await self._all.book.account_rows(view).load(key) is None:
                raise not_found("Account", path=("accountId",))
            return [key]
        household = await self._all.book.household(household_id or "", view.as_of, view.known_at)
        return await self.accounts_of(household.key, view)

    # -- before a trade ---------------------------------------------------------------------------------

    async def check(self, trade: ProposedTrade) -> types.WashSaleCheck:
        view = await self._all.view()
        if await self._all.book.account_rows(view).load(trade.account_id) is None:
            raise not_found("Account", path=("accountId",))
        if trade.security_id not in await self._all.markets.securities([trade.security_id], view):
            raise not_found("Security", path=("securityId",))
        checked = await check_trade(self._all.reader, view, trade)
        return await self._checked(checked, trade)

    async def _checked(self, checked: CheckedTrade, trade: ProposedTrade) -> types.WashSaleCheck:
        books, found = checked.books, checked.check
        by_gain: dict[str, list[Any]] = {}
        for match in (*found.matches, *found.warnings):
            by_gain.setdefault(match.gain, []).append(match)
        rows = [gain_row(books, line, by_gain.get(line.id, [])) for line in found.gains]
        matches = [wash_row(books, match, checked.currency) for match in found.matches]
        warnings = [wash_row(books, match, checked.currency) for match in found.warnings]
        washed = [
            key for row in (*matches, *warnings) for key in (row.match.security, row.match.loss_security)
        ]
        names = await self._names(books, books.view, washed, (line.security for line in found.gains))
        return types.WashSaleCheck(
            type=types.WashCheckType(trade.type),
            trade_date=checked.trade_date,
            quantity=trade.quantity,
            price=checked.price,
            amount=checked.amount,
            currency=Currency(checked.currency),
            disallowed=figure_of(check_figure(checked, found.disallowed, "losses that would be disallowed")),
            lost=figure_of(check_figure(checked, found.lost, "losses that would be gone for good")),
            free_from=found.free_from,
            gains=[gain_of(row, names) for row in rows],
            matches=[wash_match(row, names) for row in matches],
            warnings=[wash_match(row, names) for row in warnings],
            is_partial=books.is_partial,
        )

    # -- identical securities ---------------------------------------------------------------------------

    async def identical(
        self, page: PageRequest, security_id: str | None, *, include_withdrawn: bool
    ) -> types.IdenticalSecuritiesConnection:
        reader = self._all.reader
        key = None if security_id is None else from_global(security_id, "Security", path=("securityId",))
        found = await ledger.identical_page(reader, page, key, include_withdrawn=include_withdrawn)
        return connection(
            types.IdenticalSecuritiesConnection,
            found,
            await self._judgements(found.rows),
            lambda: ledger.identical_count(reader, key, include_withdrawn=include_withdrawn),
        )

    async def judgement(self, key: UUID) -> types.IdenticalSecurities:
        row = await ledger.identical_by_id(self._all.reader, key)
        if row is None:
            raise not_found("IdenticalSecurities")
        return (await self._judgements([row]))[0]

    async def _judgements(self, rows: Sequence[Any]) -> list[types.IdenticalSecurities]:
        keys = [key for row in rows for key in (row.security_id, row.other_security_id)]
        securities = await self._all.markets.securities(keys, await self._all.view())
        return [judgement_of(row, securities) for row in rows]

    async def entry_of(self, key: UUID | None) -> Transaction | None:
        if key is None:
            return None
        return await self._all.batch("lots.entries", self._all.ledger.by_keys).load(key)


@dataclass(frozen=True, slots=True)
class GainsAsked:
    """What ``realisedGains`` was asked for."""

    account_id: str | None
    household_id: str | None
    begin: date | None
    end: date | None
    tax_year: int | None
    term: Term | None
    security_id: str | None
    as_of: date | None
    known_at: datetime | None


def _play(books: LotBooks) -> None:
    for book in books.books:
        _played = book.played


def _period(asked: GainsAsked, as_of: date) -> tuple[date | None, date]:
    """The days of the disposals; a tax year is a calendar year."""
    if asked.tax_year is None:
        begin, end = asked.begin, min(asked.end or as_of, as_of)
        if begin is not None and asked.end is not None and begin > asked.end:
            raise ValidationFailed(texts.PERIOD_BACKWARDS(first=begin, last=asked.end), path=("from",))
        return begin, end
    if asked.begin is not None or asked.end is not None:
        raise ValidationFailed(texts.ONE_OF_TWO(first="taxYear", second="from"), path=("taxYear",))
    if not YEAR_MIN <= asked.tax_year <= YEAR_MAX:
        said = texts.NO_SUCH_YEAR(year=asked.tax_year, first=YEAR_MIN, last=YEAR_MAX)
        raise ValidationFailed(said, path=("taxYear",))
    return date(asked.tax_year, 1, 1), min(date(asked.tax_year, 12, 31), as_of)


def _cut(
    rows: Sequence[Any], keys: Sequence[tuple[Any, ...]], page: PageRequest, letters: str, *, descending: bool
) -> Page[Any]:
    """A page of rows that are all there, in the order of their keys."""
    start = 0
    if page.after is not None:
        after = tuple(decode_cursor(page.after, letters))
        is_before: Callable[[tuple[Any, ...]], bool] = (
            (lambda key: key >= after) if descending else (lambda key: key <= after)
        )
        start = next((n for n, key in enumerate(keys) if not is_before(key)), len(keys))
    end = start + page.first
    return Page(
        rows[start:end],
        [encode_cursor(list(key)) for key in keys[start:end]],
        has_next=end < len(rows),
        has_previous=start > 0,
    )
