"""The search box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.identity.permissions import Permission
from wealthnexus.graphql.ids import to_global
from wealthnexus.graphql.types.enums import SearchKind
from wealthnexus.graphql.types.search import SearchGroup, SearchHit, SearchResults
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.texts import OUT_OF_RANGE

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

FIRST_DEFAULT: Final = 5
FIRST_MAX: Final = 20
_NEEDS: Final = {
    SearchKind.HOUSEHOLD: Permission.HOUSEHOLDS_READ,
    SearchKind.PARTY: Permission.PARTIES_READ,
    SearchKind.ACCOUNT: Permission.ACCOUNTS_READ,
    SearchKind.SECURITY: Permission.SECURITIES_READ,
    SearchKind.USER: Permission.USERS_READ,
}
_NODES: Final = {
    SearchKind.HOUSEHOLD: "Household",
    SearchKind.PARTY: "Party",
    SearchKind.ACCOUNT: "Account",
    SearchKind.SECURITY: "Security",
    SearchKind.USER: "User",
}


async def search(
    loaders: Loaders, query: str, kinds: list[SearchKind] | None, first: int | None
) -> SearchResults:
    """Hits of each kind the caller's roles may read; what the caller may not see is not found."""
    count = FIRST_DEFAULT if first is None else first
    if not 1 <= count <= FIRST_MAX:
        raise ValidationFailed(OUT_OF_RANGE(name="first", count=count, limit=FIRST_MAX), path=("first",))
    caller = loaders.context.caller
    asked = [kind for kind in (kinds or list(SearchKind)) if caller.may(_NEEDS[kind])]
    groups = await clients.search(loaders.reader, query, [kind.value for kind in asked], count)
    return SearchResults(
        groups=[
            SearchGroup(
                kind=SearchKind(group.kind),
                hits=[
                    SearchHit(
                        id=to_global(_NODES[SearchKind(hit.kind)], hit.id),
                        kind=SearchKind(hit.kind),
                        title=hit.title,
                        subtitle=hit.subtitle,
                    )
                    for hit in group.hits
                ],
            )
            for group in groups
        ]
    )
