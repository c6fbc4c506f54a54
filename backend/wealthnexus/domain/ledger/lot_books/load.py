"""From rows to books of tax lots: load what belongs together, play it once, answer by account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.lot_books import rows
from wealthnexus.domain.ledger.lot_books.reach import Reached, reach, terms_over_days
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.identical import IdenticalTable
from wealthnexus.domain.ledger.lots.inputs import (
    AccountTerms,
    CorporateAction,
    Entry,
    Facts,
    GivenLot,
    SecurityTerms,
    no_rate,
)
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY, LotPolicy
from wealthnexus.domain.ledger.lots.results import OpenLot
from wealthnexus.domain.ledger.lots.selection import parse_selection
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, EntryType, LotMethod
from wealthnexus.domain.ledger.rules import common_currencies
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import LimitExceeded

ASKED_MAX: Final = 1_000
ENTRIES_MAX: Final = 300_000
_PRICED: Final = frozenset({ActionType.SPIN_OFF, ActionType.MERGER})
_ZERO: Final = Decimal(0)
_LOTS: Final = "lots.csv"
_TYPES: Final = {kind.value: kind for kind in EntryType}


@dataclass(frozen=True, slots=True)
class EntrySource:
    """Where an entry or a given lot (``is_entry`` False) came from, as people know it. ``place``: file and
    line of what was imported."""

    source: str
    source_id: str
    is_entry: bool = True
    place: str | None = None

    @property
    def label(self) -> str:
        said = f"{self.source} {self.source_id}"
        return said if self.place is None else f"{said}, {self.place}"


@dataclass(frozen=True)
class TogetherBook:
    """Accounts that are played together, with all they need. Keys are ids as text.

    ``entries`` are those that stand, in the order in which they are played.
    """

    accounts: tuple[str, ...]
    facts: Facts
    entries: tuple[Entry, ...]
    policy: LotPolicy = DEFAULT_POLICY

    @cached_property
    def played(self) -> LotBook:
        """The book as it stands; copy it before playing on."""
        return self.play()

    def play(self, *, before: date | None = None, entries: Iterable[Entry] | None = None) -> LotBook:
        """A book of its own: of other ``entries`` (a correction that is tried), or only those of the days
        before a day (the eve of a corporate action or of a trade)."""
        book = LotBook(self.facts, self.policy)
        its = self.entries if entries is None else entries
        book.play(one for one in its if before is None or one.trade_date < before)
        return book

    def with_facts(self, **changed: Any) -> TogetherBook:
        """The same with other facts: a corporate action that is not in the books yet, another judgement."""
        return replace(self, facts=replace(self.facts, **changed))


@dataclass(frozen=True)
class LotBooks:
    """Everything that was loaded for the accounts asked for.

    ``accounts`` and ``securities`` by id as text: names, currencies and terms of all that occurs.
    ``is_partial``: the caller sees a part of the firm, so that accounts of the same taxpayer may be hidden.
    """

    view: BookView
    asked: tuple[str, ...]
    books: tuple[TogetherBook, ...]
    accounts: Mapping[str, Row[Any]]
    securities: Mapping[str, Row[Any]]
    sources: Mapping[str, EntrySource]
    is_partial: bool
    names: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @cached_property
    def _by_account(self) -> dict[str, TogetherBook]:
        return {account: book for book in self.books for account in book.accounts}

    def book_of(self, account_id: UUID | str) -> TogetherBook | None:
        """The book the account is played in; None when the caller may not see it."""
        return self._by_account.get(str(account_id))

    @cached_property
    def _by_position(self) -> dict[tuple[str, str, str], list[OpenLot]]:
        found: dict[tuple[str, str, str], list[OpenLot]] = {}
        for book in self.books:
            for lot in book.played.open_lots():
                found.setdefault((lot.account, lot.portfolio, lot.security), []).append(lot)
        return found

    def lots_of(self, position: tuple[str, str, str]) -> list[OpenLot]:
        """The open lots of an account, sleeve and security."""
        return self._by_position.get(position, [])

    def entry(self, row: Any, sequence: int, **changed: Any) -> Entry:
        """A row of the ledger (or a command with the same names) as the engine takes it."""
        return replace(entry_of(row, sequence, self.names), **changed)


async def load_lot_books(
    reader: Reader,
    view: BookView,
    account_ids: Sequence[UUID],
    *,
    also: Sequence[UUID] = (),
    days: Sequence[date] = (),
    policy: LotPolicy = DEFAULT_POLICY,
) -> LotBooks:
    """The books of these accounts up to the view's day, as known at its version, in at most 12 statements.

    ``also``: further securities that will be played (a trade that is tried). ``days``: further days on
    which prices of everything in the books will be asked for (an action that is announced). Accounts the
    caller may not see are in no book. LimitExceeded for more than 1,000 accounts that belong together or
    300,000 entries.
    """
    wanted = list(dict.fromkeys(account_ids))
    is_partial = reader.binding.scope != "firm"
    if not wanted:
        return LotBooks(view, (), (), {}, {}, {}, is_partial)
    if len(wanted) > ASKED_MAX:
        raise LimitExceeded(texts.TOO_MANY_TOGETHER(count=len(wanted), limit=ASKED_MAX))
    reached = await reach(reader, view, wanted, policy)
    together = [account for its in reached.sets for account in its]
    if not together:
        return LotBooks(view, (), (), {}, {}, {}, is_partial)
    entry_rows = await rows.entry_rows(reader, view, together, ENTRIES_MAX)
    if len(entry_rows) > ENTRIES_MAX:
        raise LimitExceeded(texts.TOO_MANY_ENTRIES(accounts=len(together), limit=ENTRIES_MAX))
    given_rows = await rows.given_rows(reader, view, together)
    names = _names(entry_rows, given_rows)
    entries = [entry_of(row, number, names) for number, row in enumerate(entry_rows)]
    given = [_given(row, names) for row in given_rows]
    actions, securities = await _securities(reader, view, entries, given, also)
    terms = {key: rows.terms_of(row) for key, row in securities.items()}
    facts = await _facts(reader, view, reached, _Rows(entries, given, actions, terms), days)
    place = {account: number for number, its in enumerate(reached.sets) for account in its}
    played: list[list[Entry]] = [[] for _its in reached.sets]
    for one in entries:
        played[place[one.account]].append(one)
    books = tuple(
        TogetherBook(its, _facts_of(facts, its), tuple(mine), policy)
        for its, mine in zip(reached.sets, played, strict=True)
    )
    sources = {
        row.id: EntrySource(row.source, row.source_id, place=_place(row.source_file, row.source_line))
        for row in entry_rows
    }
    sources |= {
        row.id: EntrySource(row.source, row.source_id, False, _place(_LOTS, row.source_line))
        for row in given_rows
    }
    asked = tuple(str(one) for one in wanted)
    return LotBooks(view, asked, books, reached.accounts, securities, sources, is_partial, names)


def _place(file: str | None, line: int | None) -> str | None:
    return None if file is None or line is None else f"{file}:{line}"


def _names(*of: Iterable[Row[Any]]) -> dict[tuple[str, str], str]:
    """(source, its own id) -> our id: what ``related`` and a person's selection of lots refer to."""
    return {(row.source, row.source_id): row.id for its in of for row in its}


def _named(names: Mapping[tuple[str, str], str], source: str, name: str | None) -> str | None:
    """A reference inside a source, or to what another gave the firm: ``[source]key``."""
    if name is None:
        return None
    if name.startswith("[") and "]" in name:
        source, _bracket, name = name[1:].partition("]")
    return names.get((source, name), name)


def entry_of(row: Any, sequence: int, names: Mapping[tuple[str, str], str]) -> Entry:
    """A row of ``rows.entry_rows`` as the engine takes it."""
    method: LotMethod | None = None
    lots: tuple[tuple[str, Decimal | None], ...] = ()
    if row.lot_selection is not None:
        try:
            method, chosen = parse_selection(row.lot_selection)
        except ValueError:  # names nothing that can be found: the engine says so
            method, chosen = LotMethod.SPECIFIC, ()
        lots = tuple((_named(names, row.source, name) or name, units) for name, units in chosen)
    return Entry(
        row.id,
        row.account,
        _TYPES[row.type],
        row.trade_date,
        row.security,
        row.quantity,
        row.amount,
        accrued_interest=row.accrued_interest or _ZERO,
        settlement_date=row.settlement_date,
        price=row.price,
        sequence=sequence,
        portfolio=row.portfolio,
        order=None if row.order_reference is None else f"{row.source} {row.order_reference}",
        related=None if row.related is None else _named(names, row.source, row.related),
        action=row.action,
        rate=row.exchange_rate,
        method=method,
        lots=lots,
        is_deep_in_the_money=row.is_deep_in_the_money,
    )


def _given(row: Row[Any], names: Mapping[tuple[str, str], str]) -> GivenLot:
    return GivenLot(
        row.id,
        row.account,
        row.security,
        row.as_of,
        row.quantity,
        row.acquired_on,
        row.cost,
        _named(names, row.source, row.related),
    )


async def _securities(
    reader: Reader,
    view: BookView,
    entries: Iterable[Entry],
    given: Iterable[GivenLot],
    also: Iterable[UUID],
) -> tuple[list[CorporateAction], dict[str, Row[Any]]]:
    held = {one.security for one in entries if one.security is not None}
    held |= {one.security for one in given} | {str(one) for one in also}
    if not held:
        return [], {}
    actions = await rows.actions_of(reader, view, held)
    named = held | {one.security for one in actions}
    named |= {one.other_security for one in actions if one.other_security is not None}
    return actions, await rows.security_rows(reader, view, named)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What of the books concerns lots."""

    entries: Sequence[Entry]
    given: Sequence[GivenLot]
    actions: Sequence[CorporateAction]
    terms: Mapping[str, SecurityTerms]


async def _facts(reader: Reader, view: BookView, reached: Reached, of: _Rows, days: Iterable[date]) -> Facts:
    accounts = {account: _account(reached.accounts[account]) for its in reached.sets for account in its}
    closes = await rows.closes(reader, view, _priced(of, days))
    currencies = {one.currency for one in of.terms.values()} | {one.currency for one in accounts.values()}
    rates = await rows.rate_table(reader, view, currencies)
    identical = IdenticalTable()
    if len(of.terms) > 1:
        identical = await rows.identical_table(reader, view, of.terms)
    return Facts(
        accounts,
        of.terms,
        tuple(of.given),
        tuple(of.actions),
        identical,
        reached.groups,
        price_on=lambda security, day: closes.get((security, day)),
        rate_on=no_rate if rates is None else _rate_on(rates, common_currencies(view.currency)),
    )


def _facts_of(facts: Facts, accounts: Sequence[str]) -> Facts:
    """Those of one set: what concerns other accounts says nothing in it."""
    its = frozenset(accounts)
    return replace(
        facts,
        accounts={account: facts.accounts[account] for account in accounts},
        given_lots=tuple(lot for lot in facts.given_lots if lot.account in its),
    )


def _rate_on(table: Any, across: Sequence[str]) -> Callable[[str, str, date], Decimal | None]:
    def rate_on(base: str, quote: str, day: date) -> Decimal | None:
        found = table.find(base, quote, day, across)
        return None if found is None else found.value

    return rate_on


def _account(row: Row[Any]) -> AccountTerms:
    """What the firm's people wrote of it over days, as known at the view's version."""
    terms = terms_over_days(row)
    methods = tuple((one.since, LotMethod(one.lot_method)) for one in terms if one.lot_method)
    taxable = tuple((one.since, one.tax_status == "TAXABLE") for one in terms)
    return AccountTerms(row.currency, taxable[0][1], methods, taxable)


def _priced(of: _Rows, days: Iterable[date]) -> set[tuple[str, date]]:
    """Days whose closes divide a basis or value what is received, and further days of everything."""
    wanted = {
        (security, one.ex_date)
        for one in of.actions
        if one.type in _PRICED
        for security in (one.security, one.other_security)
        if security is not None and security in of.terms
    }
    wanted |= {
        (one.security, one.trade_date)
        for one in of.entries
        if one.type is EntryType.MERGER and one.security is not None
    }
    return wanted | {(security, day) for day in days for security in of.terms}


async def load_apart(
    reader: Reader, view: BookView, account_ids: Sequence[UUID]
) -> dict[UUID, LotBooks | LimitExceeded]:
    """The books of many accounts: at once where that is not too much, else in halves, so that only what is
    too much by itself is refused, and what is asked for beside it makes no difference.
    """
    keys = list(dict.fromkeys(account_ids))
    if not keys:
        return {}
    try:
        return dict.fromkeys(keys, await load_lot_books(reader, view, keys))
    except LimitExceeded as error:
        if len(keys) == 1:
            return {keys[0]: error}
    half = len(keys) // 2
    return {
        **await load_apart(reader, view, keys[:half]),
        **await load_apart(reader, view, keys[half:]),
    }
