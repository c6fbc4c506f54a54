"""Reads of the desk of corporate actions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from wealthnexus.domain import actions
from wealthnexus.domain.actions.preview import PlannedEntry
from wealthnexus.domain.ledger.figures import trimmed
from wealthnexus.domain.ledger.lots import Fractions
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.loaders.lot_snapshots import Names
from wealthnexus.graphql.loaders.shared import connection
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types import actions as types
from wealthnexus.graphql.types.enums import TransactionType
from wealthnexus.graphql.types.markets import CorporateAction
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.money import round_money
from wealthnexus.kit.paging import PageRequest

if TYPE_CHECKING:
    import strawberry

    from wealthnexus.graphql.loaders import Loaders


class ActionReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def page(
        self, page: PageRequest, filter_: types.CorporateActionFilter | None
    ) -> types.DeskActionConnection:
        view = await self._all.view()
        wanted = _filter(filter_)
        found = await actions.actions_page(self._all.reader, view, page, wanted)
        nodes = await self.made(found.rows)
        return connection(
            types.DeskActionConnection,
            found,
            nodes,
            lambda: actions.actions_count(self._all.reader, view, wanted),
        )

    async def counts(self, filter_: types.CorporateActionFilter | None) -> types.CorporateActionCounts:
        found = await actions.action_counts(self._all.reader, await self._all.view(), _filter(filter_))
        return types.CorporateActionCounts(
            all=found.total, **{state.name.lower(): count for state, count in found.by_state.items()}
        )

    async def made(self, rows: Sequence[actions.ActionRow]) -> list[types.DeskAction]:
        """Securities of a whole page, one statement."""
        view = await self._all.view()
        keys = {row.security_id for row in rows} | {row.other_security_id for row in rows}
        securities = await self._all.markets.securities(keys, view)
        return [
            types.DeskAction(
                id=to_global("CorporateAction", row.id),
                action=CorporateAction(
                    id=to_global("CorporateAction", row.id),
                    type=row.type,
                    ex_date=row.ex_date,
                    record_date=row.record_date,
                    pay_date=row.pay_date,
                    ratio_new=row.ratio_new,
                    ratio_old=row.ratio_old,
                    cash_amount=row.cash_amount,
                    currency=Currency(row.currency) if row.currency else None,
                    other_security=securities.get(row.other_security_id) if row.other_security_id else None,
                    new_value=row.new_value,
                    description=row.description,
                    source=row.source,
                ),
                security=securities[row.security_id],
                state=row.state,
                holding_count=row.holding_count,
                missing_count=row.missing_count,
                contradicted_count=row.contradicted_count,
                is_posted_here=row.is_posted_here,
            )
            for row in rows
            if row.security_id in securities
        ]

    async def _row(self, global_id: str) -> actions.ActionRow:
        key = from_global(global_id, "CorporateAction")
        row = await actions.action_by_id(self._all.reader, await self._all.view(), key)
        if row is None:
            raise not_found("CorporateAction")
        return row

    async def one(self, global_id: str) -> types.DeskAction:
        made = await self.made([await self._row(global_id)])
        if not made:
            raise not_found("CorporateAction")
        return made[0]

    async def preview(
        self,
        id: strawberry.ID,
        fractions: Fractions | None,
        cash_per_unit: Decimal | None,
        basis_fraction: Decimal | None,
        is_taxable: bool | None,
    ) -> types.CorporateActionPreview:
        row, view = await self._row(id), await self._all.view()
        given = actions.Terms(fractions, cash_per_unit, basis_fraction, is_taxable)
        try:
            done = await actions.preview_action(self._all.reader, view, row, given)
        except ValidationFailed as refused:
            raise ValidationFailed(str(refused), path=refused.path[1:]) from None
        lots = [lot for effect in done.effects for lot in (*effect.before, *effect.after)]
        names = await Names.load(
            self._all,
            view,
            {
                *done.without_rate,
                *(effect.account_id for effect in done.effects),
                *(one.account_id for one in done.moved),
            },
            {
                row.security_id,
                *(one.security for one in done.moved),
                *(lot.security for lot in lots),
                *(e.security_id for e in done.entries),
            },
            done.books.sources,
        )
        terms = done.terms
        return types.CorporateActionPreview(
            desk_action=(await self.made([row]))[0],
            terms=types.CorporateActionTerms(
                fractions=terms.fractions or Fractions.KEEP,
                cash_per_unit=terms.cash_per_unit,
                basis_fraction=terms.basis_fraction,
                is_taxable=terms.is_taxable,
            ),
            account_count=len({entry.account_id for entry in done.entries}),
            entry_count=len(done.entries),
            without_rate=[names.accounts[key] for key in done.without_rate if key in names.accounts],
            effects=[
                _effect(effect, names) for effect in done.effects if effect.account_id in names.accounts
            ],
            moved_account_count=done.moved_count,
            moved=[_move(one, names) for one in done.moved if one.account_id in names.accounts],
        )


def _filter(given: types.CorporateActionFilter | None) -> actions.ActionFilter:
    if given is None:
        return actions.ActionFilter()
    security = given.security_id
    return actions.ActionFilter(
        states=tuple(given.states or ()),
        types=tuple(given.types or ()),
        security_id=(
            from_global(security, "Security", path=("filter", "securityId")) if security is not None else None
        ),
        ex_from=given.ex_from,
        ex_to=given.ex_to,
    )


def _effect(effect: actions.AccountEffect, names: Names) -> types.CorporateActionEffect:
    return types.CorporateActionEffect(
        account=names.accounts[effect.account_id],
        units=effect.units,
        entries=[_entry(entry, names) for entry in effect.entries],
        lots_before=[names.lot(lot) for lot in effect.before],
        lots_after=[names.lot(lot) for lot in effect.after],
        gains=[names.gain(line) for line in effect.gains],
        reasons=[names.reason(one.reason, one.security, one.entry, one.values) for one in effect.findings],
    )


def _move(one: actions.Moved, names: Names) -> types.CorporateActionMove:
    before, after = one.cost_before, one.cost_after
    return types.CorporateActionMove(
        account=names.accounts[one.account_id],
        security=names.securities.get(UUID(one.security)),
        units_before=trimmed(one.units_before),
        units_after=trimmed(one.units_after),
        cost_before=None if before is None else round_money(before, one.currency),
        cost_after=None if after is None else round_money(after, one.currency),
        currency=Currency(one.currency),
    )


def _entry(entry: PlannedEntry, names: Names) -> types.PlannedEntry:
    return types.PlannedEntry(
        type=TransactionType(entry.type),
        security=names.securities.get(entry.security_id),
        quantity=None if entry.quantity is None else trimmed(entry.quantity),
        amount=entry.amount,
        currency=Currency(entry.currency),
        exchange_rate=entry.exchange_rate,
    )
