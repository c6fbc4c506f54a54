"""What a correction would change, read for the eyes of whoever is about to save it."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.ledger.lots import WashMatch
from wealthnexus.domain.ledger.service import CorrectionPreview, TransactionCommand, preview_correction
from wealthnexus.domain.performance.tried import returns_if_corrected
from wealthnexus.graphql.commands import instead
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.lot_snapshots import Names
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import corrections as types
from wealthnexus.graphql.types.enums import PerformancePeriod
from wealthnexus.graphql.types.figures import FigureReason
from wealthnexus.graphql.types.inputs import TransactionDetails
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import DomainError
from wealthnexus.kit.money import round_money

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

LISTED_MAX = 200


async def correction_preview(
    loaders: Loaders, transaction_id: strawberry.ID, given: TransactionDetails | None
) -> types.TransactionCorrectionPreview:
    key = from_global(transaction_id, "Transaction", path=("transactionId",))
    old = await loaders.ledger.row(key)
    if old is None:
        raise not_found("Transaction", path=("transactionId",))
    view, firm = await loaders.view(), loaders.context.caller.firm
    replacement = None if given is None else instead(given, key, old)
    try:
        done = await preview_correction(loaders.reader, firm, view, key, replacement)
    except DomainError as refused:
        refused.path = tuple("replacement" if part == "input" else part for part in refused.path)
        raise
    names = await _names(loaders, done)
    lots = [one for one in done.changes.lots if _is_shown(names, one.before, one.after)]
    gains = [one for one in done.changes.gains if _is_shown(names, one.before, one.after)]
    return types.TransactionCorrectionPreview(
        transaction=await loaders.ledger.transaction(to_global("Transaction", key)),
        changed_from=done.changed_from,
        cash_before=done.cash_before,
        cash_after=done.cash_after,
        currency=Currency(done.currency),
        units=[
            types.UnitsChange(security=names.securities[one.security_id], before=one.before, after=one.after)
            for one in done.units
            if one.security_id in names.securities
        ],
        warnings=[FigureReason(code=one.code, message=one.message) for one in done.warnings],
        lots=[
            types.LotChange(
                before=None if one.before is None else names.lot(one.before),
                after=None if one.after is None else names.lot(one.after),
            )
            for one in lots[:LISTED_MAX]
        ],
        lot_count=len(lots),
        gains=[
            types.GainChange(
                before=None if one.before is None else names.gain(one.before),
                after=None if one.after is None else names.gain(one.after),
            )
            for one in gains[:LISTED_MAX]
        ],
        gain_count=len(gains),
        gain_sums=_sums(done, names),
        wash_sales=[
            types.WashSaleChange(before=_wash(one.before, names), after=_wash(one.after, names))
            for one in done.wash_sales
        ],
        is_partial=done.is_partial,
        returns_of=lambda: _returns(loaders, view, key, replacement, done.account_id),
    )


async def _returns(
    loaders: Loaders,
    view: BookView,
    transaction_id: UUID,
    replacement: TransactionCommand | None,
    account_id: UUID,
) -> list[types.ReturnChange]:
    context = loaders.context
    caller = context.caller

    def units() -> AbstractAsyncContextManager[UnitOfWork]:
        return context.platform.db.unit_of_work(
            caller.binding(), actor=caller.actor(), request=context.request
        )

    found = await returns_if_corrected(units, view, transaction_id, replacement, [account_id])
    return [
        types.ReturnChange(
            scope_id=to_global(one.scope.kind.value.title(), one.scope.id),
            name=one.name,
            currency=Currency(one.currency),
            period=PerformancePeriod(one.period),
            before=one.before,
            after=one.after,
            value_before=None if one.value_before is None else round_money(one.value_before, one.currency),
            value_after=None if one.value_after is None else round_money(one.value_after, one.currency),
        )
        for one in found
        if one.scope.id is not None
    ]


async def _names(loaders: Loaders, done: CorrectionPreview) -> Names:
    moved: list[Any] = [*done.changes.lots, *done.changes.gains]
    both = [side for one in moved for side in (one.before, one.after) if side is not None]
    washes = [side for one in done.wash_sales for side in (one.before, one.after) if side is not None]
    accounts = {done.account_id, *(UUID(one.account) for one in both)}
    accounts |= {UUID(key) for one in washes for key in (one.account, one.loss_account)}
    securities = {one.security_id for one in done.units} | {UUID(one.security) for one in both}
    securities |= {UUID(key) for one in washes for key in (one.security, one.loss_security)}
    view = await loaders.view()
    return await Names.load(loaders, view, accounts, securities, done.books.sources)


def _is_shown(names: Names, *sides: Any) -> bool:
    return all(names.knows(one) for one in sides if one is not None)


def _sums(done: CorrectionPreview, names: Names) -> list[types.GainSum]:
    accounts = done.books.accounts
    return [
        types.GainSum(
            account=names.accounts[UUID(key)],
            gain=gain,
            recognised=done.changes.recognised[key],
            currency=Currency(accounts[key].currency),
        )
        for key, gain in sorted(done.changes.gain.items())
        if UUID(key) in names.accounts
    ]


def _wash(one: WashMatch | None, names: Names) -> types.WashSnapshot | None:
    if one is None:
        return None
    return types.WashSnapshot(
        sold_on=one.sold_on,
        bought_on=one.bought_on,
        loss_account=names.accounts[UUID(one.loss_account)],
        account=names.accounts[UUID(one.account)],
        loss_security=names.securities[UUID(one.loss_security)],
        security=names.securities[UUID(one.security)],
        units=one.units,
        disallowed=one.disallowed,
        effect=one.effect.value,
    )
