"""Which permission a field needs: declared where the field is, checked before it is resolved.

`tests/graphql/test_permissions.py` fails when a root field, a mutation or an edge has none.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import strawberry

from wealthnexus.domain.identity.permissions import Permission

REQUIRES: Final = "requires"
SIGNED_IN: Final = "signed-in"
Requirement = Permission | Literal["signed-in"]


def check(context: Any, requirement: Requirement) -> None:
    """Unauthenticated without a caller, PermissionDenied without the permission."""
    caller = context.caller
    if requirement != SIGNED_IN:
        caller.require(requirement)


def field(
    requires: Requirement, description: str = "", *, also: Permission | None = None
) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """A field with an async resolver that only callers with ``requires``, and with ``also``, may select."""

    def declare(resolver: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(resolver)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            check(kwargs["info"].context, requires)
            if also is not None:
                check(kwargs["info"].context, also)
            return await resolver(*args, **kwargs)

        said = _described(description, requires)
        if also is not None:
            said = f"{said.removesuffix('.')} and `{also}`."
        return strawberry.field(resolver=guarded, description=said, metadata={REQUIRES: requires})

    return declare


def described(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A resolved field that needs nothing beyond its parent."""
    return lambda resolver: strawberry.field(resolver=resolver, description=description)


def subscription(requires: Permission, description: str) -> Callable[[Callable[..., Any]], Any]:
    """A subscription for callers with ``requires``; checked before it starts (``Engine.admit``)."""
    return lambda resolver: strawberry.subscription(
        resolver=resolver, description=_described(description, requires), metadata={REQUIRES: requires}
    )


def mutation(requires: Requirement, description: str) -> Callable[[Callable[..., Awaitable[Any]]], Any]:
    """A mutation that only callers with ``requires`` may run; the refusal is part of its payload."""

    def declare(resolver: Callable[..., Awaitable[Any]]) -> Any:
        @functools.wraps(resolver)
        async def guarded(*args: Any, **kwargs: Any) -> Any:
            context = kwargs["info"].context
            check(context, requires)
            async with context.changing():
                return await resolver(*args, **kwargs)

        return strawberry.mutation(
            resolver=guarded, description=_described(description, requires), metadata={REQUIRES: requires}
        )

    return declare


def _described(description: str, requires: Requirement) -> str:
    needs = "Needs a session." if requires == SIGNED_IN else f"Needs `{requires}`."
    return f"{description} {needs}".strip()
