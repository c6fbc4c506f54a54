"""A market that moves gently around each instrument's last close.

The price at an instant follows from seed, instrument and instant alone, so that every process, and the same
process after a restart, quotes the same. Between knots some seconds apart the price moves in a straight
line; a knot lies at most 0.8 % from the close.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from wealthnexus.integrations.market_data.protocol import Instrument, Quote

KNOT_MILLISECONDS: Final = 6_000
STEP_MILLISECONDS: Final = 250
SWING_MAX: Final = Decimal("0.008")
_SCALE: Final = 1_000_000
_CENT_FROM: Final = Decimal(1)


class SimulatedMarket:
    """``seed`` makes the course; another one is another market."""

    name = "SIMULATION"
    is_simulation = True

    def __init__(self, seed: str = "wealthnexus") -> None:
        self._seed = seed

    async def quotes(self, instruments: Sequence[Instrument], at: datetime) -> list[Quote]:
        """A quote of every instrument with a close above 0."""
        return [Quote(each.key, self.price(each, at), at) for each in instruments if each.last_close > 0]

    def price(self, instrument: Instrument, at: datetime) -> Decimal:
        """The price at the instant, in cents from 1 up, else to a hundredth of a cent."""
        moment = int(at.timestamp() * 1_000) // STEP_MILLISECONDS * STEP_MILLISECONDS
        # Instruments turn at their own times, or everything would move at once.
        moment += self._knot(instrument.key, -1) % KNOT_MILLISECONDS
        knot, into = divmod(moment, KNOT_MILLISECONDS)
        here, there = self._knot(instrument.key, knot), self._knot(instrument.key, knot + 1)
        swing = here * (KNOT_MILLISECONDS - into) + there * into
        share = SWING_MAX * swing / (_SCALE * KNOT_MILLISECONDS)
        price = instrument.last_close * (1 + share)
        unit = Decimal("0.01") if instrument.last_close >= _CENT_FROM else Decimal("0.0001")
        return max(price.quantize(unit, rounding=ROUND_HALF_UP), unit)

    def _knot(self, key: str, number: int) -> int:
        """Between -1,000,000 and 1,000,000."""
        return _draw(self._seed, key, number)


@lru_cache(maxsize=65_536)
def _draw(seed: str, key: str, number: int) -> int:
    digest = hashlib.blake2b(f"{seed}\x00{key}\x00{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % (2 * _SCALE + 1) - _SCALE
