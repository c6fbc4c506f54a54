"""Reads of the firm itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import repository as identity
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.domain.ledger import BookView, current_book_version
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.scalars import BigInt, Currency
from wealthnexus.graphql.types.enums import ClockKind
from wealthnexus.graphql.types.figures import MoneyFigure, ValuePoint, figure_of
from wealthnexus.graphql.types.firm import Firm, FirmLimit

if TYPE_CHECKING:
    from strawberry.dataloader import DataLoader

    from wealthnexus.graphql.loaders import Loaders


def firm_of(firm: FirmInfo) -> Firm:
    return Firm(
        id=to_global("Firm", firm.id),
        slug=firm.slug,
        name=firm.name,
        currency=Currency(firm.currency),
        time_zone=firm.time_zone,
        locale=firm.locale,
        tier=firm.tier,
        features=list(firm.features),
        business_date=firm.business_date(),
        clock=ClockKind.DEMO if firm.pinned_business_date is not None else ClockKind.LIVE,
        key=firm.id,
    )


class FirmReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def firm_limits(self) -> list[FirmLimit]:
        """Use is counted only for who sees the whole firm: a part of it would say something wrong."""
        caller = self._all.context.caller
        used: dict[str, int] = {}
        if caller.scope == "firm":
            if caller.may(Permission.USERS_READ):
                used["users_max"] = await identity.count_people(self._all.reader)
            used["accounts_max"] = (await self._totals(None)).account_count
        return [
            FirmLimit(name=name, limit=BigInt(limit), used=BigInt(used[name]) if name in used else None)
            for name, limit in sorted(caller.firm.limits.items())
        ]

    async def book_version(self) -> BigInt:
        return BigInt(await current_book_version(self._all.reader))

    async def household_count(self) -> int:
        return (await self._totals(None)).household_count

    async def account_count(self) -> int:
        return (await self._totals(None)).account_count

    async def firm_value(self, as_of: date | None) -> MoneyFigure:
        return figure_of((await self._totals(as_of)).total_value)

    async def firm_accrued(self, as_of: date | None) -> MoneyFigure:
        return figure_of((await self._totals(as_of)).accrued_interest)

    async def value_history(self, points: int, *, by_month: bool, as_of: date | None) -> list[ValuePoint]:
        view = await self._all.view(as_of)

        async def load(keys: Any) -> dict[UUID, list[clients.ValuePoint]]:
            found = await clients.firm_value_history(self._all.reader, view, points, by_month=by_month)
            return {keys[0]: found}

        asked = ("firm.value_history", view, points, by_month)
        return cast(list[ValuePoint], await self._all.batch(asked, load).load(self._all.reader.tenant_id))

    async def _totals(self, as_of: date | None) -> clients.FirmTotals:
        """Counts and value in one statement, whichever of them are asked for."""
        view = await self._all.view(as_of)
        return await self._by_view(view).load(self._all.reader.tenant_id)

    def _by_view(self, view: BookView) -> DataLoader[UUID, clients.FirmTotals]:
        async def load(keys: Any) -> dict[UUID, clients.FirmTotals]:
            return {keys[0]: await clients.firm_totals(self._all.reader, view)}

        return self._all.batch(("firm", view), load)
