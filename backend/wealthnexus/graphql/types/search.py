"""What the search box finds."""

from __future__ import annotations

import strawberry

from wealthnexus.graphql.types.enums import SearchKind


@strawberry.type
class SearchHit:
    id: strawberry.ID
    kind: SearchKind
    title: str
    subtitle: str | None


@strawberry.type
class SearchGroup:
    kind: SearchKind
    hits: list[SearchHit]


@strawberry.type
class SearchResults:
    groups: list[SearchGroup]
