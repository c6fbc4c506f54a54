"""The scheduler's part in live values: while it leads, quotes of what is watched flow into the streams."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

from wealthnexus.domain.firms import FirmInfo, list_firms
from wealthnexus.domain.markets.live import Feeder
from wealthnexus.integrations.market_data import MarketData
from wealthnexus.integrations.market_data.simulator import SimulatedMarket
from wealthnexus.kit import telemetry
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform

FLUSH_SECONDS: Final = 0.25
FIRMS_SECONDS: Final = 30.0

log = telemetry.logger("quotes")


def market_of(settings: Settings) -> MarketData | None:
    """The source of quotes of this deployment; None: there is none, and nothing is made up."""
    return SimulatedMarket() if settings.has_simulated_quotes else None


class QuoteFeed:
    """One turn per flush; does nothing unless ``is_leader``."""

    def __init__(self, platform: Platform, market: MarketData, is_leader: Callable[[], bool]) -> None:
        self._platform = platform
        self._feeder = Feeder(platform.db, platform.redis, market)
        self._is_leader = is_leader
        self._firms: dict[UUID, FirmInfo] = {}
        self._read_at = float("-inf")

    async def turn(self) -> int:
        if not self._is_leader():
            return 0
        now = asyncio.get_running_loop().time()
        if now - self._read_at > FIRMS_SECONDS:
            async with self._platform.db.reading(None, role="system") as reader:
                self._firms = {firm.id: firm for firm in await list_firms(reader)}
            self._read_at = now
        return await self._feeder.turn(self._firms)
