"""The port to a source of quotes: what is asked of it, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a quote is wanted of. ``key`` is the asker's; ``last_close`` is raw, in ``currency``."""

    key: str
    symbol: str | None
    exchange: str | None
    currency: str
    last_close: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """The last price of an instrument at an instant, raw, in its currency."""

    key: str
    price: Decimal
    at: datetime


class MarketData(Protocol):
    """A source of quotes. ``name`` is shown beside every figure made of them."""

    @property
    def name(self) -> str: ...

    @property
    def is_simulation(self) -> bool: ...

    async def quotes(self, instruments: Sequence[Instrument], at: datetime) -> list[Quote]:
        """The latest quotes of those instruments that have one at ``at``; ConnectionError when away."""
        ...
