"""Who asks, at which firm, any node by its id, and the search box."""

from __future__ import annotations

import strawberry

from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.access import SIGNED_IN, field
from wealthnexus.graphql.context import Info
from wealthnexus.graphql.loaders.firm import firm_of
from wealthnexus.graphql.loaders.people import viewer_of
from wealthnexus.graphql.types.base import Node
from wealthnexus.graphql.types.enums import SearchKind
from wealthnexus.graphql.types.firm import Firm
from wealthnexus.graphql.types.people import Viewer
from wealthnexus.graphql.types.search import SearchResults


@strawberry.type
class FirmQueries:
    @field(SIGNED_IN, "Anything by its id. Null with NOT_FOUND when there is no such thing for you.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return await (await info.context.loaders()).node(id)

    @field(SIGNED_IN)
    async def viewer(self, info: Info) -> Viewer:
        return viewer_of(info.context)

    @field(Permission.FIRM_READ)
    async def firm(self, info: Info) -> Firm:
        return firm_of(info.context.caller.firm)

    @field(Permission.SEARCH_USE, "At most `first` hits of each kind (default 5, at most 20).")
    async def search(
        self,
        info: Info,
        query: str,
        kinds: list[SearchKind] | None = None,
        first: int | None = None,
    ) -> SearchResults:
        return await (await info.context.loaders()).search(query, kinds, first)
