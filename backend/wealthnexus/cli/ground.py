"""What a command that works on the data stands on: running servers, a migrated database, the platform.

Commands load what they need when they run, not when the command line starts: help is there at once,
and a supervised process holds only its own part of the product.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from wealthnexus.kit.context import Actor, RequestInfo, internal_request
from wealthnexus.kit.settings import load_settings

if TYPE_CHECKING:
    from wealthnexus.domain.firms import FirmInfo
    from wealthnexus.kit.addresses import Addresses
    from wealthnexus.runtime import Platform

T = TypeVar("T")
OPERATOR = Actor("platform", None, "Operator")
"""Who a command acts as."""


def on_platform(work: Callable[[Platform], Awaitable[T]]) -> T:
    """Run ``work``; servers that had to be started for it end with it."""
    from wealthnexus.cli.migrations import require_migrated
    from wealthnexus.kit.servers import servers_running

    with servers_running(load_settings()) as addresses:
        require_migrated(addresses)
        return run_on(addresses, work)


def run_on(addresses: Addresses, work: Callable[[Platform], Awaitable[T]]) -> T:
    """Run ``work`` on servers that already run."""
    from wealthnexus.runtime import build_platform

    async def whole() -> T:
        platform = build_platform(addresses.settings, where=addresses)
        try:
            await platform.start()
            return await work(platform)
        finally:
            await platform.close()

    return asyncio.run(whole())


async def chosen_firms(platform: Platform, slug: str | None) -> Sequence[FirmInfo]:
    """The firm of that slug, or every firm; NotFound when there is no such firm."""
    return [await platform.firms.by_slug(slug)] if slug else await platform.firms.all()


def by_command_line() -> RequestInfo:
    """The origin that audit rows of a command carry."""
    return internal_request("cli")
