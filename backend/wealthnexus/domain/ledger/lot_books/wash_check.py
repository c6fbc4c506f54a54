"""A trade that is thought of, tried on the books: what it would wash, in both directions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from wealthnexus.domain.ledger import texts
from wealthnexus.domain.ledger.figures import Explain, ExplainInput, MoneyFigure, trimmed
from wealthnexus.domain.ledger.lot_books.figures import figure, sources_of
from wealthnexus.domain.ledger.lot_books.load import LotBooks, TogetherBook, load_lot_books
from wealthnexus.domain.ledger.lot_books.rows import terms_of
from wealthnexus.domain.ledger.lots.arithmetic import to_places
from wealthnexus.domain.ledger.lots.inputs import Entry
from wealthnexus.domain.ledger.lots.policy import DEFAULT_POLICY
from wealthnexus.domain.ledger.lots.prospective import WashCheck, check
from wealthnexus.domain.ledger.lots.vocabulary import EntryType
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.valuation import LATEST_PRICE
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import NotFound, ValidationFailed
from wealthnexus.kit.money import minor_units, plain

PROPOSED: Final = "proposed"
AHEAD_DAYS_MAX: Final = 366
_TOO_MUCH: Final = Decimal(10) ** 18
"""The books keep 18 digits before the point, of units, prices and amounts."""
_CLOSE: Final = LATEST_PRICE.format(security=":security_id", day=":day")
_PORTFOLIO: Final = (
    "select id::text from portfolios where tenant_id = :tenant and account_id = :account_id and is_default"
)


@dataclass(frozen=True, slots=True)
class ProposedTrade:
    """``price`` None: the latest close. ``trade_date`` None: the view's day; never before it."""

    account_id: UUID
    security_id: UUID
    type: Literal["BUY", "SELL"]
    quantity: Decimal
    price: Decimal | None = None
    trade_date: date | None = None


@dataclass(frozen=True, slots=True)
class CheckedTrade:
    """The answer with what was reckoned with. ``amount``: cash, positive, in the account's currency."""

    books: LotBooks
    check: WashCheck
    price: Decimal
    amount: Decimal
    currency: str
    trade_date: date


async def check_trade(reader: Reader, view: BookView, trade: ProposedTrade) -> CheckedTrade:
    """Play the trade after everything in the books of the account's taxpayer. Nothing is written.

    NotFound for an account or security the caller may not see; ValidationFailed for a quantity, price or day
    that cannot be, and where there is no price or rate to reckon with.
    """
    day = trade.trade_date or view.as_of
    if not trade.quantity.is_finite() or not 0 < trade.quantity < _TOO_MUCH:
        raise ValidationFailed(texts.CHECK_QUANTITY(quantity=str(trade.quantity)[:40]), path=("quantity",))
    if trade.price is not None and not (trade.price.is_finite() and 0 <= trade.price < _TOO_MUCH):
        raise ValidationFailed(texts.CHECK_PRICE(price=str(trade.price)[:40]), path=("price",))
    if day < view.as_of:
        raise ValidationFailed(texts.CHECK_PAST(day=day, today=view.as_of), path=("tradeDate",))
    if day > view.as_of + timedelta(days=AHEAD_DAYS_MAX):
        last = view.as_of + timedelta(days=AHEAD_DAYS_MAX)
        raise ValidationFailed(texts.CHECK_FAR(day=day, last=last), path=("tradeDate",))
    books = await load_lot_books(reader, view, [trade.account_id], also=[trade.security_id], days=[day])
    book = books.book_of(trade.account_id)
    if book is None:
        raise NotFound(texts.NO_ACCOUNT(id=str(trade.account_id)), path=("accountId",))
    security = str(trade.security_id)
    if security not in books.securities:
        raise NotFound(texts.NO_SUCH_SECURITY(id=security), path=("securityId",))
    price = trade.price
    if price is None:
        price = await _close(reader, view, books, trade.security_id)
    amount = _amount(book, books, trade, price, day)
    proposed = Entry(
        PROPOSED,
        str(trade.account_id),
        EntryType(trade.type),
        day,
        security,
        trade.quantity,
        amount if trade.type == "SELL" else -amount,
        price=price,
        sequence=len(book.entries) + 1,
        portfolio=str(
            await reader.scalar(
                prepared(_PORTFOLIO), {"tenant": reader.tenant_id, "account_id": trade.account_id}
            )
        ),
    )
    currency = books.accounts[str(trade.account_id)].currency
    found = await asyncio.to_thread(lambda: check(book.played, proposed))
    return CheckedTrade(books, found, price, amount, currency, day)


def check_figure(checked: CheckedTrade, value: Decimal, name: str) -> MoneyFigure:
    """A sum of the answer with what was reckoned with."""

    def explain() -> Explain:
        inputs = (
            ExplainInput("price", plain(checked.price)),
            ExplainInput("amount of the trade", f"{plain(checked.amount)} {checked.currency}"),
            ExplainInput("trade date", str(checked.trade_date)),
        )
        formula = f"sum of {name}: losses and replacements of 30 days before and after, each share once"
        return Explain(formula, DEFAULT_POLICY.version, inputs, sources_of(checked.books, ()))

    return figure(checked.books.view, value, checked.currency, name, (), explain)


async def _close(reader: Reader, view: BookView, books: LotBooks, security_id: UUID) -> Decimal:
    parameters = {
        "tenant": reader.tenant_id, "version": view.book_version, "security_id": security_id,
        "day": view.as_of,
    }  # fmt: skip
    rows = await reader.rows(prepared(_CLOSE), parameters)
    if not rows:
        name = books.securities[str(security_id)].name
        raise ValidationFailed(texts.CHECK_NO_PRICE(name=name, day=view.as_of), path=("price",))
    return trimmed(rows[0].close)


def _amount(book: TogetherBook, books: LotBooks, trade: ProposedTrade, price: Decimal, day: date) -> Decimal:
    row = books.securities[str(trade.security_id)]
    terms, currency = terms_of(row), books.accounts[str(trade.account_id)].currency
    rate = book.facts.rate(terms.currency, currency, day)
    if rate is None:
        said = texts.CHECK_NO_RATE(base=terms.currency, quote=currency, day=day)
        raise ValidationFailed(said, path=("price",))
    amount = trade.quantity * price * terms.price_multiplier * rate
    if amount >= _TOO_MUCH:
        raise ValidationFailed(texts.CHECK_AMOUNT(currency=currency), path=("quantity",))
    return to_places(amount, minor_units(currency))
