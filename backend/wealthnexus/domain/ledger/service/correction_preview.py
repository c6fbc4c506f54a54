"""Everything a correction changes, before it is saved: cash, units, lots, gains, wash sales, and from when.

Nothing is written: the books are played once as they stand and once as they would stand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.facts import AccountFacts
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.lot_books import LotBooks, TogetherBook, load_lot_books
from wealthnexus.domain.ledger.lot_books.rows import action_now, security_rows, terms_of
from wealthnexus.domain.ledger.lots import Changes, Entry, WashMatch, changes
from wealthnexus.domain.ledger.repository import writes
from wealthnexus.domain.ledger.service import checks
from wealthnexus.domain.ledger.service.commands import PostingWarning, TransactionCommand
from wealthnexus.domain.ledger.service.named import (
    has_its_dividend,
    has_rate,
    refuse_one_end,
    refuse_unless_there,
)
from wealthnexus.domain.ledger.service.posting import standing_row
from wealthnexus.domain.ledger.view import BookView, FirmBooks
from wealthnexus.kit.db.access import may_write
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import NotFound, PermissionDenied
from wealthnexus.kit.money import round_money

_MOVES_CASH_ALONE: Final = frozenset(
    {"DIVIDEND", "INTEREST", "DEPOSIT", "WITHDRAWAL", "ADVISORY_FEE", "EXPENSE", "TAX"}
)


@dataclass(frozen=True, slots=True)
class UnitsChange:
    """Units of one security in the account on the view's day."""

    security_id: UUID
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class WashChange:
    """A wash sale that appears (``before`` None), goes (``after`` None) or changes."""

    before: WashMatch | None
    after: WashMatch | None


@dataclass(frozen=True)
class CorrectionPreview:
    """``changed_from``: the first day whose figures change. Lots and gains of every account that is played
    with this one and that the caller may see; ``is_partial``: accounts of the taxpayer may be hidden."""

    account_id: UUID
    currency: str
    changed_from: date
    cash_before: Decimal
    cash_after: Decimal
    units: tuple[UnitsChange, ...]
    warnings: tuple[PostingWarning, ...]
    changes: Changes
    wash_sales: tuple[WashChange, ...]
    books: LotBooks
    is_partial: bool


async def preview_correction(
    reader: Reader,
    firm: FirmBooks,
    view: BookView,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
) -> CorrectionPreview:
    """``replacement`` None: the transaction is only reversed. NotFound, ValidationFailed, PermissionDenied
    and Conflict as correcting it would answer."""
    old = standing_row(await writes.transaction_with_reversal(reader, transaction_id), transaction_id)
    account = await writes.account_facts(reader, old.account_id)
    if account is None:
        raise NotFound(texts.NO_TRANSACTION(id=str(transaction_id)), path=("transactionId",))
    if not await may_write(reader, account.id):
        raise PermissionDenied(texts.READ_ONLY())
    await refuse_one_end(reader, old, ("transactionId",))
    units, warnings = await _units(reader, firm, account, old, replacement)
    cash, _ = await writes.cash_and_units(reader, account.id, None, view.as_of)
    days = [old.trade_date] if replacement is None else [old.trade_date, replacement.trade_date]
    books = await load_lot_books(reader, view, [account.id], days=days)
    book = books.book_of(account.id)
    moved = Changes((), (), {}, {})
    washes: tuple[WashChange, ...] = ()
    if book is not None:
        told = await _with_security(reader, view, book, replacement)
        named = None if replacement is None else replacement.corporate_action_id
        action = None if named is None else await action_now(reader, view, named)
        entries = _instead(books, told, old, replacement, account, action=action)
        moved, washes = await asyncio.to_thread(_tried, told, entries)
    after = cash - old.amount + (Decimal(0) if replacement is None else replacement.amount)
    return CorrectionPreview(
        account.id,
        account.currency,
        min(days),
        round_money(cash, account.currency),
        round_money(after, account.currency),
        units,
        warnings,
        moved,
        washes,
        books,
        books.is_partial,
    )


def _tried(book: TogetherBook, entries: Sequence[Entry]) -> tuple[Changes, tuple[WashChange, ...]]:
    """The book as it stands beside the book as it would stand."""
    tried = book.play(entries=entries)
    return changes(book.played, tried), _washes(book.played.wash_sales(), tried.wash_sales())


async def _units(
    reader: Reader,
    firm: FirmBooks,
    account: AccountFacts,
    old: Row[Any],
    replacement: TransactionCommand | None,
) -> tuple[tuple[UnitsChange, ...], tuple[PostingWarning, ...]]:
    """Units by security, before and after, and what is unusual about the replacement."""
    today = firm.business_date()
    before: dict[UUID, Decimal] = {}
    moved: dict[UUID, Decimal] = {}
    if old.security_id is not None:
        before[old.security_id] = (await writes.cash_and_units(reader, account.id, old.security_id, today))[1]
        moved[old.security_id] = -old.units
    warnings: tuple[PostingWarning, ...] = ()
    if replacement is not None:
        checks.refuse_unless_valid(replacement, account, today)
        await refuse_unless_there(reader, replacement, old)
        security = None
        if replacement.security_id is not None:
            security = await writes.security_facts(reader, replacement.security_id)
            if security is None:
                said = texts.NO_SECURITY(id=str(replacement.security_id))
                raise NotFound(said, path=("replacement", "securityId"))
        held, quantity_after = Decimal(0), None
        if security is not None:
            key = security.id
            before.setdefault(key, (await writes.cash_and_units(reader, account.id, key, today))[1])
            held = (await writes.cash_and_units(reader, account.id, key, replacement.trade_date))[1]
            if old.security_id == key and old.trade_date <= replacement.trade_date:
                held -= old.units  # judged as the books will be, without the entry that goes
            moved[key] = moved.get(key, Decimal(0)) + checks.units_of(replacement, held)
            quantity_after = before[key] + moved[key]
        if replacement.type == "REINVEST" and not await has_its_dividend(reader, replacement):
            raise checks.refused(replacement, [("amount", texts.NO_DIVIDEND(day=replacement.trade_date))])
        cash, _ = await writes.cash_and_units(reader, account.id, None, today)
        warnings = checks.warnings_for(
            replacement,
            account,
            security,
            cash_after=cash - old.amount + replacement.amount,
            quantity_after=quantity_after,
            is_rated=security is None or await has_rate(reader, firm, replacement, account, security),
        )
    changed = (UnitsChange(key, trimmed(before[key]), trimmed(before[key] + moved[key])) for key in moved)
    return tuple(changed), warnings


async def _with_security(
    reader: Reader, view: BookView, book: TogetherBook, replacement: TransactionCommand | None
) -> TogetherBook:
    """The book with the terms of a security that nobody in it has held yet."""
    if replacement is None or replacement.security_id is None:
        return book
    key = str(replacement.security_id)
    if key in book.facts.securities:
        return book
    rows = await security_rows(reader, view, {key})
    return book.with_facts(
        securities={**book.facts.securities, **{name: terms_of(row) for name, row in rows.items()}}
    )


def _instead(
    books: LotBooks,
    book: TogetherBook,
    old: Row[Any],
    replacement: TransactionCommand | None,
    account: AccountFacts,
    *,
    action: str | None,
) -> Sequence[Entry]:
    """The entries as they would be: the replacement takes the place of what it replaces in its day."""
    key = str(old.id)
    place = next((one.sequence for one in book.entries if one.id == key), len(book.entries))
    entries = [one for one in book.entries if one.id != key]
    if replacement is None or replacement.security_id is None or replacement.type in _MOVES_CASH_ALONE:
        return entries
    row = SimpleNamespace(
        id=key,
        account=str(account.id),
        portfolio=str(replacement.portfolio_id or account.portfolio_id),
        type=replacement.type,
        trade_date=replacement.trade_date,
        settlement_date=checks.settled_on(replacement, account),
        security=str(replacement.security_id),
        quantity=replacement.quantity,
        price=replacement.price,
        amount=replacement.amount,
        accrued_interest=replacement.accrued_interest,
        lot_selection=replacement.lot_selection,
        related=replacement.related_external_id,
        source=old.source,
        source_id=old.source_id,
        order_reference=replacement.order_reference,
        exchange_rate=replacement.exchange_rate,
        is_deep_in_the_money=bool(replacement.is_deep_in_the_money),
        action=action,
    )
    entries.append(books.entry(row, place))
    return sorted(entries, key=lambda one: (one.trade_date, one.sequence))


def _washes(before: Sequence[WashMatch], after: Sequence[WashMatch]) -> tuple[WashChange, ...]:
    """What differs in the economic view, by loss and replacement."""

    def by_key(found: Sequence[WashMatch]) -> Mapping[tuple[str, str], WashMatch]:
        return {(one.gain, one.lot): one for one in found}

    old, new = by_key(before), by_key(after)
    return tuple(
        WashChange(old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    )
