"""What the rooms' reads have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import strawberry

from wealthnexus.domain.work import repository as work_repository
from wealthnexus.graphql.ids import from_global, to_global
from wealthnexus.graphql.types.base import Connection
from wealthnexus.graphql.types.common import ActorRef, SubjectRef
from wealthnexus.kit.paging import Page

if TYPE_CHECKING:
    from wealthnexus.graphql.loaders import Loaders

C = TypeVar("C", bound=Connection[Any])
R = TypeVar("R")

# Subjects that are nodes have the node's id, so that a screen can open them; others have one of their own.
_NODE_OF_KIND: Final = {
    "household": "Household",
    "account": "Account",
    "party": "Party",
    "liability": "Liability",
    "security": "Security",
    "user": "User",
}
SUBJECT_TYPES: Final = (*_NODE_OF_KIND.values(), "Subject")


def connection(
    kind: type[C],
    page: Page[R],
    nodes: Iterable[Any],
    count: Callable[[], Awaitable[int | None]] | None = None,
) -> C:
    """A page of rows as a connection of ``nodes``, in the same order."""
    return kind(
        nodes=list(nodes),
        cursors=page.cursors,
        has_next=page.has_next,
        has_previous=page.has_previous,
        count=count,
    )


def subject_id(key: UUID, kind: str) -> strawberry.ID:
    return to_global(_NODE_OF_KIND.get(kind.lower(), "Subject"), key)


def subject_key(text: str | None, *, path: tuple[str, ...]) -> UUID | None:
    """The key of a subject's id; NotFound for an id of something that is no subject."""
    return None if text is None else from_global(text, SUBJECT_TYPES, path=path)


def user_ref(key: UUID, name: str) -> ActorRef:
    return ActorRef(kind="user", id=to_global("User", key), name=name)


def actor_ref(kind: str, key: UUID | None, name: str) -> ActorRef:
    return ActorRef(kind=kind, id=to_global("User", key) if key is not None else None, name=name)


async def subjects_of(loaders: Loaders, keys: Iterable[UUID | None]) -> Mapping[UUID, SubjectRef]:
    """References to the subjects the caller may see: one statement for a whole page."""
    wanted = list({key for key in keys if key is not None})
    if not wanted:
        return {}
    rows = await work_repository.subjects_by_ids(loaders.reader, wanted)
    return {
        key: SubjectRef(id=subject_id(key, row.kind), kind=row.kind, label=row.label)
        for key, row in rows.items()
    }
