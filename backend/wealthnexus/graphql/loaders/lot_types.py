"""Tax lots and realised gains as the API's types: names and ids instead of keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import strawberry

from wealthnexus.domain.feeds.custody.lots import ReportedLots
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.lot_books import LotBooks
from wealthnexus.domain.ledger.lot_books.figures import LotRow, entry_label
from wealthnexus.domain.ledger.lot_books.gains import GainRow
from wealthnexus.domain.ledger.lots import beside
from wealthnexus.domain.ledger.lots.custodian import LotsBeside as Beside
from wealthnexus.domain.ledger.lots.vocabulary import Treatment
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.loaders.shared import actor_ref
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types import lots as types
from wealthnexus.graphql.types.figures import FigureReason, figure_of
from wealthnexus.graphql.types.ledger import AccountRef
from wealthnexus.graphql.types.markets import Security


@dataclass(slots=True)
class Names:
    """What the ids of a page are called."""

    books: LotBooks
    securities: Mapping[UUID, Security]

    def account(self, key: str) -> AccountRef:
        row = self.books.accounts[key]
        return AccountRef(id=to_global("Account", key), name=row.name, last4=row.account_number_last4)

    def transaction(self, entry: str) -> strawberry.ID | None:
        known = self.books.sources.get(entry)
        return to_global("Transaction", entry) if known is not None and known.is_entry else None


_Key = tuple[str, str, date | None]


def beside_of(
    rows: Sequence[LotRow], reported: Mapping[UUID, ReportedLots], security: str | None
) -> dict[_Key, Beside]:
    """Both sides of the accounts whose custodian tells lots."""
    ours = [row.lot for row in rows if row.account_id in reported]
    theirs = [lot for told in reported.values() for lot in told.lots if security in (None, lot.security)]
    return {(one.account, one.security, one.acquired_on): one for one in beside(ours, theirs)}


def lots_beside(one: Beside, names: Names, reported: Mapping[UUID, ReportedLots]) -> types.LotsBeside:
    return types.LotsBeside(
        account=names.account(one.account),
        security=names.securities[UUID(one.security)],
        acquired_on=one.acquired_on,
        our_quantity=None if one.our_units is None else trimmed(one.our_units),
        their_quantity=None if one.their_units is None else trimmed(one.their_units),
        our_basis=one.our_basis,
        their_basis=one.their_basis,
        currency=Currency(names.books.accounts[one.account].currency),
        difference=one.difference,
        reported_on=reported[UUID(one.account)].day,
    )


def lot_of(
    row: LotRow, names: Names, compared: Mapping[_Key, Beside], reported: Mapping[UUID, ReportedLots]
) -> types.OpenLot:
    lot = row.lot
    both = compared.get((lot.account, lot.security, lot.acquired_on))
    return types.OpenLot(
        id=to_global("TaxLot", lot.id),
        security=names.securities[row.security_id],
        account=names.account(lot.account),
        portfolio_name=row.portfolio_name,
        quantity=trimmed(lot.units),
        currency=Currency(lot.currency),
        acquired_on=lot.acquired_on,
        held_from=row.held_from,
        term=row.term,
        days_to_long_term=row.days_to_long_term,
        cost=figure_of(row.cost),
        custodian_basis=figure_of(row.custodian_basis),
        economic_basis=figure_of(row.economic_basis),
        market_value=figure_of(row.market_value),
        unrealised=figure_of(row.unrealised),
        origin=lot.origin,
        opened_by=entry_label(names.books, lot.opened_by),
        opened_by_id=names.transaction(lot.opened_by),
        reasons=_reasons(row.reasons),
        custodian_lot=None if both is None else lots_beside(both, names, reported),
    )


def _reasons(reasons: Iterable[Any]) -> list[FigureReason]:
    return [FigureReason(code=one.code, message=one.message) for one in reasons]


def lot_totals(one: Any) -> types.LotTotals:
    return types.LotTotals(
        currency=Currency(one.currency),
        term=one.term,
        lot_count=one.lot_count,
        missing_count=one.missing_count,
        cost=figure_of(one.cost),
        market_value=figure_of(one.market_value),
        unrealised=figure_of(one.unrealised),
    )


def gain_of(row: GainRow, names: Names) -> types.RealisedGain:
    line, fx = row.line, row.fx
    return types.RealisedGain(
        id=to_global("RealisedGain", line.id),
        entry_id=None if row.entry_id is None else to_global("Transaction", row.entry_id),
        kind=line.kind,
        security=names.securities[row.security_id],
        account=names.account(line.account),
        portfolio_name=row.portfolio_name,
        currency=Currency(line.currency),
        is_short=line.is_short,
        lot=to_global("TaxLot", line.lot),
        opened_by=entry_label(names.books, line.lot_root),
        opened_by_id=names.transaction(line.lot_root),
        acquired_on=line.acquired_on,
        disposed_on=line.disposed_on,
        settles_on=line.settles_on,
        quantity=trimmed(line.units),
        proceeds=figure_of(row.proceeds),
        cost=figure_of(row.cost),
        gain=figure_of(row.gain),
        term=line.economic.term,
        custodian=_tax_view(row.custodian),
        economic=_tax_view(row.economic),
        fx=types.FxSplit(
            local_currency=Currency(fx.local_currency),
            local_cost=fx.local_cost,
            local_proceeds=fx.local_proceeds,
            rate_acquired=fx.rate_acquired,
            rate_disposed=fx.rate_disposed,
            price_effect=figure_of(fx.price_effect),
            fx_effect=figure_of(fx.fx_effect),
        ),
        washes=[wash_match(wash, names) for wash in row.washes],
        reasons=_reasons(row.reasons),
        entry_key=row.entry_id,
    )


def _tax_view(one: Any) -> types.TaxView:
    return types.TaxView(
        basis=figure_of(one.basis),
        gain=figure_of(one.gain),
        disallowed=figure_of(one.disallowed),
        lost=figure_of(one.lost),
        recognised=figure_of(one.recognised),
        held_from=one.held_from,
        term=one.term,
    )


def wash_match(wash: Any, names: Names) -> types.WashMatch:
    match = wash.match
    return types.WashMatch(
        view=types.LotView(match.view.name),
        loss_account=names.account(match.loss_account),
        loss_security=names.securities[UUID(match.loss_security)],
        sold_on=match.sold_on,
        account=names.account(match.account),
        security=names.securities[wash.security_id],
        bought_on=match.bought_on,
        bought_by_id=None if wash.bought_by is None else to_global("Transaction", wash.bought_by),
        lot=to_global("TaxLot", match.lot),
        quantity=trimmed(match.units),
        disallowed=figure_of(wash.disallowed),
        effect=match.effect,
        treatment=match.treatment,
        judged_by=match.judged_by,
    )


def gain_totals(one: Any) -> types.GainTotals:
    return types.GainTotals(
        currency=Currency(one.currency),
        tax_status=one.tax_status,
        term=one.term,
        lot_count=one.lot_count,
        missing_count=one.missing_count,
        proceeds=figure_of(one.proceeds),
        cost=figure_of(one.cost),
        gain=figure_of(one.gain),
        custodian_disallowed=figure_of(one.custodian_disallowed),
        custodian_recognised=figure_of(one.custodian_recognised),
        economic_disallowed=figure_of(one.economic_disallowed),
        economic_lost=figure_of(one.economic_lost),
        economic_recognised=figure_of(one.economic_recognised),
    )


def judgement_of(row: Any, securities: Mapping[UUID, Security]) -> types.IdenticalSecurities:
    return types.IdenticalSecurities(
        id=to_global("IdenticalSecurities", row.id),
        security=securities[row.security_id],
        other_security=securities[row.other_security_id],
        treatment=Treatment(row.treatment),
        author=actor_ref("user" if row.author_id else "system", row.author_id, row.author_name),
        reason=row.reason,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        book_version=BigInt(row.book_version),
        recorded_at=row.recorded_at,
        is_withdrawn=row.superseded_version is not None,
    )
