"""What a command that works on the data stands on: running servers, a migrated database, the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from wealthnexus.cli.migrations import require_migrated
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.context import RequestInfo, internal_request
from wealthnexus.kit.servers import servers_running
from wealthnexus.kit.settings import load_settings
from wealthnexus.runtime import Platform, build_platform

T = TypeVar("T")


def on_platform(work: Callable[[Platform], Awaitable[T]]) -> T:
    """Run ``work``; servers that had to be started for it end with it."""
    with servers_running(load_settings()) as addresses:
        require_migrated(addresses)
        return run_on(addresses, work)


def run_on(addresses: Addresses, work: Callable[[Platform], Awaitable[T]]) -> T:
    """Run ``work`` on servers that already run."""

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
