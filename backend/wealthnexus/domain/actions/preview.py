"""What an action would post and do to lots, account by account, before it is posted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from wealthnexus.domain.actions import texts
from wealthnexus.domain.actions.repository import ActionRow, Holding, holdings_of
from wealthnexus.domain.ledger.lot_books import LotBooks, TogetherBook, load_lot_books
from wealthnexus.domain.ledger.lot_books.rows import rate_table
from wealthnexus.domain.ledger.lots import (
    CorporateAction,
    Finding,
    Fractions,
    OpenLot,
    RealisedGain,
    legs,
    preview,
)
from wealthnexus.domain.ledger.lots.preview import is_in_lieu
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, EntryType
from wealthnexus.domain.ledger.rules import common_currencies
from wealthnexus.domain.ledger.statements import prepared
from wealthnexus.domain.ledger.view import BookView
from wealthnexus.kit.db.session import Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.money import round_money
from wealthnexus.kit.threads import beside_the_loop

ACCOUNTS_AT_ONCE: Final = 50
"""Of a preview: lots of the first of them are shown, entries of all of them are counted."""
FRACTION_PLACES: Final = 12
PRICE_PLACES: Final = 10
_PRICE_BELOW: Final = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person tells of an action; None: as the action has it."""

    fractions: Fractions | None = None
    cash_per_unit: Decimal | None = None
    basis_fraction: Decimal | None = None
    is_taxable: bool | None = None


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One entry the action would post; ``amount`` in the account's currency."""

    account_id: UUID
    portfolio_id: UUID
    type: str
    security_id: UUID
    quantity: Decimal | None
    amount: Decimal
    currency: str
    exchange_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountEffect:
    """One account: its entries, and the lots of the action's securities on the eve and after."""

    account_id: UUID
    units: Decimal
    entries: tuple[PlannedEntry, ...]
    before: tuple[OpenLot, ...]
    after: tuple[OpenLot, ...]
    gains: tuple[RealisedGain, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What the entries that are there made of one security of an account, of its lots on the eve. Costs
    without wash sales; None: one of the lots has none that is known."""

    account_id: UUID
    security: str
    units_before: Decimal
    units_after: Decimal
    cost_before: Decimal | None
    cost_after: Decimal | None
    currency: str


@dataclass(frozen=True)
class ActionPreview:
    """Entries of every holding that lacks them; effects of the first accounts.

    ``moved``: of the first accounts that have their entries, of ``moved_count``.
    ``without_rate``: accounts whose cash cannot be valued, which are left out.
    """

    action: ActionRow
    terms: Terms
    holdings: tuple[Holding, ...]
    entries: tuple[PlannedEntry, ...]
    without_rate: tuple[UUID, ...]
    effects: tuple[AccountEffect, ...]
    moved: tuple[Moved, ...]
    moved_count: int
    books: LotBooks


def terms_told(action: ActionRow, given: Terms) -> Terms:
    """What holds: the person's word, else the action's own; ValidationFailed for words that do not fit."""
    if given.basis_fraction is not None and action.type != "SPIN_OFF":
        raise ValidationFailed(texts.NO_FRACTION_OF(type=action.type), path=("input", "basisFraction"))
    if given.is_taxable is not None and action.type != "MERGER":
        raise ValidationFailed(texts.NOT_TAXABLE(type=action.type), path=("input", "isTaxable"))
    if given.basis_fraction is not None and not (
        0 <= given.basis_fraction <= 1 and _fits(given.basis_fraction, FRACTION_PLACES)
    ):
        raise ValidationFailed(texts.NOT_A_FRACTION(), path=("input", "basisFraction"))
    if given.cash_per_unit is not None and not (
        0 < given.cash_per_unit < _PRICE_BELOW and _fits(given.cash_per_unit, PRICE_PLACES)
    ):
        raise ValidationFailed(texts.NOT_A_PRICE(), path=("input", "cashPerUnit"))
    rule = given.fractions
    if rule is None:
        rule = Fractions(action.fractions) if action.fractions is not None else Fractions.KEEP
    cash = given.cash_per_unit if given.cash_per_unit is not None else action.cash_in_lieu_price
    if rule is Fractions.CASH_IN_LIEU and cash is None:
        raise ValidationFailed(texts.NEEDS_PRICE(), path=("input", "cashPerUnit"))
    share = given.basis_fraction if given.basis_fraction is not None else action.basis_fraction
    taxable = given.is_taxable if given.is_taxable is not None else action.is_taxable
    return Terms(rule, cash, share, taxable)


def _fits(value: Decimal, places: int) -> bool:
    return value.is_finite() and value == round(value, places)


def as_engine(action: ActionRow, terms: Terms) -> CorporateAction:
    """The action as lots take it, under the terms."""
    other = action.other_security_id
    return CorporateAction(
        str(action.id),
        str(action.security_id),
        ActionType(action.type),
        action.ex_date,
        action.ratio_new,
        action.ratio_old,
        action.cash_amount,
        None if other is None else str(other),
        terms.basis_fraction,
        bool(terms.is_taxable),
        action.currency,
    )


_ACCOUNTS: Final = """
select a.id, a.name, a.currency from accounts a where a.tenant_id = :tenant and a.id = any(:account_ids)
"""

_CURRENCIES: Final = """
select s.id::text as id, s.currency from securities s where s.tenant_id = :tenant and s.id = any(:ids)
"""


@dataclass(frozen=True, slots=True)
class CashRates:
    """What one of a leg's cash is in an account's currency: what the issuer pays is in the action's currency,
    cash in lieu in that of the security received. ``rates``: by both currencies, those that are known."""

    action_currency: str | None
    currencies: Mapping[str, str]
    rates: Mapping[tuple[str, str], Decimal]

    def of(self, action: CorporateAction, kind: EntryType, security: str, currency: str) -> Decimal | None:
        base = None if is_in_lieu(action, kind, security) else self.action_currency
        base = base or self.currencies.get(security)
        if base is None:
            return None
        return Decimal(1) if base == currency else self.rates.get((base, currency))


async def accounts_of(reader: Reader, holdings: Iterable[Holding]) -> dict[UUID, Any]:
    ids = sorted({one.account_id for one in holdings})
    if not ids:
        return {}
    rows = await reader.rows(prepared(_ACCOUNTS), {"tenant": reader.tenant_id, "account_ids": ids})
    return {row.id: row for row in rows}


def planned(
    action: CorporateAction,
    terms: Terms,
    holdings: Sequence[Holding],
    accounts: Mapping[UUID, Any],
    rates: CashRates,
) -> tuple[list[PlannedEntry], list[UUID]]:
    """Entries of the holdings that lack them, and the accounts left out because a rate is missing.

    Cash is rounded half-up to the minor unit of the account's currency.
    """
    entries: list[PlannedEntry] = []
    without: list[UUID] = []
    rule, cash = terms.fractions or Fractions.KEEP, terms.cash_per_unit or Decimal(0)
    for one in holdings:
        account = accounts.get(one.account_id)
        if account is None or not one.is_missing:
            continue
        its = list(legs(action, one.units, rule, cash))
        rated = [rates.of(action, leg[0], leg[1], account.currency) for leg in its]
        if any(rate is None and leg[3] for rate, leg in zip(rated, its, strict=True)):
            without.append(one.account_id)
            continue
        for (kind, security, quantity, amount), rate in zip(its, rated, strict=True):
            entries.append(
                PlannedEntry(
                    one.account_id,
                    one.portfolio_id,
                    kind.value,
                    UUID(security),
                    quantity,
                    round_money(amount * (rate if rate is not None else 1), account.currency),
                    account.currency,
                    rate if rate is not None and rate != 1 and amount else None,
                )
            )
    return entries, list(dict.fromkeys(without))


async def preview_action(
    reader: Reader, view: BookView, action: ActionRow, given: Terms, *, first: int = ACCOUNTS_AT_ONCE
) -> ActionPreview:
    """Nothing is written. Lots of ``first`` accounts; for an action to come, of the view's day."""
    terms = terms_told(action, given)
    holdings = await holdings_of(reader, view, action.id)
    accounts = await accounts_of(reader, holdings)
    lacking = list(dict.fromkeys(one.account_id for one in holdings if one.is_missing))[:first]
    done = list(dict.fromkeys(one.account_id for one in holdings if not one.is_missing))
    shown = done[:first]
    books = await load_lot_books(reader, view, [*lacking, *shown], days=[min(action.ex_date, view.as_of)])
    engine = as_engine(action, terms)
    rates = await rates_into(reader, view, action, {row.currency for row in accounts.values()})
    entries, without = planned(engine, terms, holdings, accounts, rates)
    effects = await beside_the_loop(
        lambda: [one for book in books.books for one in _effects(book, engine, terms, lacking, entries)]
    )
    effects.sort(key=lambda one: lacking.index(one.account_id))
    theirs = {str(key) for one in holdings for key in one.entry_ids}
    moved = await beside_the_loop(
        lambda: [one for book in books.books for one in _moved(book, engine, shown, theirs)]
    )
    moved.sort(key=lambda one: shown.index(one.account_id))
    return ActionPreview(
        action, terms, tuple(holdings), tuple(entries), tuple(without), tuple(effects), tuple(moved),
        len(done), books,
    )  # fmt: skip


async def rates_into(
    reader: Reader, view: BookView, action: ActionRow, currencies: Iterable[str]
) -> CashRates:
    """Of the action's cash in each of these, on its ex-date."""
    wanted = set(currencies)
    ids = [key for key in (action.security_id, action.other_security_id) if key is not None]
    rows = await reader.rows(prepared(_CURRENCIES), {"tenant": reader.tenant_id, "ids": ids})
    own = {row.id: row.currency for row in rows}
    bases = {*own.values(), *([action.currency] if action.currency else [])}
    table = await rate_table(reader, view, {*bases, *wanted})
    day, across = min(action.ex_date, view.as_of), common_currencies(view.currency)
    found: dict[tuple[str, str], Decimal] = {}
    for base in bases if table is not None else ():
        for currency in wanted - {base}:
            rate = table.find(base, currency, day, across) if table is not None else None
            if rate is not None:
                found[base, currency] = rate.value
    return CashRates(action.currency, own, found)


def _effects(
    book: TogetherBook,
    action: CorporateAction,
    terms: Terms,
    lacking: Sequence[UUID],
    entries: Sequence[PlannedEntry],
) -> Iterable[AccountEffect]:
    others = tuple(one for one in book.facts.actions if one.id != action.id)
    told = book.with_facts(actions=(*others, action))
    rule, cash = terms.fractions or Fractions.KEEP, terms.cash_per_unit
    done = preview(told.play(before=action.ex_date), action, fractions=rule, cash_per_unit=cash)
    for account_id in lacking:
        key = str(account_id)
        if key not in book.accounts:
            continue
        before = tuple(lot for lot in done.before if lot.account == key)
        held = (lot.units for lot in before if lot.security == action.security)
        yield AccountEffect(
            account_id,
            sum(held, Decimal(0)),
            tuple(one for one in entries if one.account_id == account_id),
            before,
            tuple(lot for lot in done.after if lot.account == key),
            tuple(line for line in done.gains if line.account == key),
            tuple(one for one in done.findings if one.account == key),
        )


def _moved(
    book: TogetherBook, action: CorporateAction, shown: Sequence[UUID], theirs: set[str]
) -> Iterable[Moved]:
    """The security and what is received for it, before and after the entries that stand."""
    its = [key for key in map(str, shown) if key in book.accounts]
    if not its:
        return
    eve = book.play(before=action.ex_date)
    before = eve.open_lots()
    eve.play(one for one in book.entries if one.id in theirs)
    after = eve.open_lots()
    for account in its:
        for security in filter(None, (action.security, action.other_security)):
            held, holds = (
                [lot for lot in lots if (lot.account, lot.security) == (account, security)]
                for lots in (before, after)
            )
            if held or holds:
                yield Moved(
                    UUID(account), security,
                    sum((lot.units for lot in held), Decimal(0)),
                    sum((lot.units for lot in holds), Decimal(0)),
                    _cost(held), _cost(holds), book.facts.accounts[account].currency,
                )  # fmt: skip


def _cost(lots: Sequence[OpenLot]) -> Decimal | None:
    costs = [lot.cost for lot in lots]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if len(known) == len(costs) else None
