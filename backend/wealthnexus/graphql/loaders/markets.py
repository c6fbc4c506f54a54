"""Reads of securities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from strawberry.dataloader import DataLoader

from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.markets import repository
from wealthnexus.domain.markets.repository import SecurityRow
from wealthnexus.graphql.ids import from_global, not_found, to_global
from wealthnexus.graphql.scalars import Currency
from wealthnexus.graphql.types.markets import Identifier, Price, Security

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders


def security_of(row: SecurityRow, view: BookView) -> Security:
    return Security(
        id=to_global("Security", row.id),
        name=row.name,
        symbol=row.symbol,
        security_type=row.security_type,
        asset_class=row.asset_class,
        currency=Currency(row.currency),
        key=row.id,
        moment=view,
    )


class MarketReads:
    def __init__(self, loaders: Loaders) -> None:
        self._all = loaders

    async def securities(self, keys: Iterable[UUID | None], view: BookView) -> Mapping[UUID, Security]:
        """Each security once, however many positions or transactions name it."""
        wanted = list({key for key in keys if key is not None})
        if not wanted:
            return {}
        rows = await repository.securities_by_ids(self._all.reader, wanted)
        return {key: security_of(row, view) for key, row in rows.items()}

    async def security(self, global_id: str) -> Security:
        key = from_global(global_id, "Security")
        view = await self._all.view()
        found = await self.securities([key], view)
        if key not in found:
            raise not_found("Security")
        return found[key]

    @property
    def identifiers(self) -> DataLoader[UUID, list[Identifier]]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, list[Identifier]]:
            rows = await repository.identifiers_by_security_ids(self._all.reader, keys)
            return cast(dict[UUID, list[Identifier]], rows)

        return self._all.batch("identifiers", load, list)

    def latest_prices(self, view: BookView) -> DataLoader[UUID, Price | None]:
        async def load(keys: Sequence[UUID]) -> dict[UUID, Any]:
            return dict(await repository.latest_prices(self._all.reader, view, keys))

        return self._all.batch(("latest_prices", view.as_of, view.book_version), load)
