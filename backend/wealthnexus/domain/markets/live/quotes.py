"""Quotes on their way from the feed to the watchers: one Redis stream per firm, and who is watched.

``wn:<firm>:quotes`` holds one entry per flush, its id the sequence number; ``wn:<firm>:quoted`` the latest
quote of each security; ``wn:quotes:watched`` the securities somebody looks at, each until a moment soon.
Redis may lose all of it: watchers register again within seconds and numbers come from the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

import orjson
from redis.asyncio import Redis

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.rules import APPRAISED_TYPES
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.domain.markets import repository
from wealthnexus.domain.markets.rules.prices import SYNTHETIC
from wealthnexus.integrations.market_data import Instrument, MarketData
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Binding, Database

WATCHED: Final = "wn:quotes:watched"
WATCHED_SECONDS: Final = 10
KEPT_TICKS: Final = 1_200
KEPT_SECONDS: Final = 86_400
SECURITIES_MAX: Final = 20_000
CLOSES_KEPT: Final = timedelta(seconds=60)


def stream_of(tenant_id: UUID) -> str:
    return f"wn:{tenant_id}:quotes"


def board_of(tenant_id: UUID) -> str:
    return f"wn:{tenant_id}:quoted"


@dataclass(frozen=True, slots=True)
class Tick:
    """What changed in one flush. ``seq`` is the firm's quote sequence."""

    seq: int
    at: datetime
    source: str
    is_simulation: bool
    quotes: Mapping[UUID, Decimal]


def _packed(tick: Tick) -> bytes:
    return orjson.dumps(
        {
            "at": tick.at.isoformat(),
            "source": tick.source,
            "simulation": tick.is_simulation,
            "quotes": {str(key): format(price, "f") for key, price in tick.quotes.items()},
        }
    )


def _unpacked(seq: int, raw: bytes) -> Tick | None:
    """None for an entry that is not ours to read: a stream is no place to trust."""
    try:
        found = orjson.loads(raw)
        return Tick(
            seq,
            datetime.fromisoformat(found["at"]),
            str(found["source"]),
            bool(found["simulation"]),
            {UUID(key): Decimal(price) for key, price in found["quotes"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        return None


class QuoteBoard:
    """The readers' side of one firm's quotes."""

    def __init__(self, redis: Redis, tenant_id: UUID) -> None:
        self._redis: Any = redis  # its answers are typed for every protocol and option at once
        self._tenant_id = tenant_id

    async def register(self, securities: Iterable[UUID]) -> None:
        """These are looked at for the next ten seconds."""
        until = clock.now().timestamp() + WATCHED_SECONDS
        members = {f"{self._tenant_id}:{security}": until for security in securities}
        if members:
            await self._redis.zadd(WATCHED, members)

    async def head(self) -> int:
        """The number of the latest tick; 0 before there is one."""
        rows = await self._redis.xrevrange(stream_of(self._tenant_id), count=1)
        return _seq(rows[0][0]) if rows else 0

    async def holds(self, seq: int) -> bool:
        """Whether nothing after ``seq`` has been dropped from the stream yet."""
        rows = await self._redis.xrange(stream_of(self._tenant_id), count=1)
        return bool(rows) and _seq(rows[0][0]) <= seq <= await self.head()

    async def latest(self, securities: Sequence[UUID]) -> dict[UUID, Decimal]:
        """The last quote of each security that has one."""
        if not securities:
            return {}
        raw = await self._redis.hmget(board_of(self._tenant_id), [str(key) for key in securities])
        return {
            key: Decimal(price.decode())
            for key, price in zip(securities, raw, strict=True)
            if price is not None
        }

    async def ticks_after(self, seq: int, *, count: int = 100) -> list[Tick]:
        """What came after ``seq``, oldest first; does not wait."""
        rows = await self._redis.xrange(stream_of(self._tenant_id), min=f"({seq}-0", count=count)
        ticks = [_unpacked(_seq(key), fields[b"t"]) for key, fields in rows if b"t" in fields]
        return [tick for tick in ticks if tick is not None]


def _seq(entry_id: bytes) -> int:
    return int(entry_id.split(b"-")[0])


@dataclass(slots=True)
class _Closes:
    """The instruments of one firm that are quoted, and what was last said of each."""

    loaded_at: datetime
    wanted: frozenset[UUID]
    instruments: list[Instrument] = field(default_factory=list)
    said: dict[str, Decimal] = field(default_factory=dict)


class Feeder:
    """The feed's side: asks the market for what is watched, writes what changed. One per deployment acts."""

    def __init__(self, database: Database, redis: Redis, market: MarketData) -> None:
        self._db = database
        self._redis: Any = redis
        self._market = market
        self._closes: dict[UUID, _Closes] = {}

    async def watched(self) -> dict[UUID, set[UUID]]:
        """Per firm the securities somebody looks at now, at most 20,000 in all."""
        now = clock.now().timestamp()
        await self._redis.zremrangebyscore(WATCHED, 0, now)
        members = await self._redis.zrangebyscore(WATCHED, now, "+inf", start=0, num=SECURITIES_MAX)
        found: dict[UUID, set[UUID]] = {}
        for member in members:
            tenant, _, security = member.decode().partition(":")
            found.setdefault(UUID(tenant), set()).add(UUID(security))
        return found

    async def turn(self, firms: Mapping[UUID, FirmInfo]) -> int:
        """One flush for every firm that is watched; returns how many quotes were written."""
        watched = await self.watched()
        for gone in set(self._closes) - set(watched):
            del self._closes[gone]
        written = 0
        for tenant_id, securities in watched.items():
            if (firm := firms.get(tenant_id)) is not None:
                written += await self._flush(firm, frozenset(securities))
        return written

    async def _flush(self, firm: FirmInfo, securities: frozenset[UUID]) -> int:
        now = clock.now()
        closes = self._closes.get(firm.id)
        if closes is None or closes.wanted != securities or now - closes.loaded_at > CLOSES_KEPT:
            said = closes.said if closes is not None else {}
            closes = _Closes(now, securities, await self._instruments(firm, securities), said)
            self._closes[firm.id] = closes
        found = await self._market.quotes(closes.instruments, now)
        changed = {quote.key: quote.price for quote in found if closes.said.get(quote.key) != quote.price}
        if not changed:
            return 0
        closes.said.update(changed)
        await self._write(firm.id, now, {UUID(key): price for key, price in changed.items()})
        return len(changed)

    async def _instruments(self, firm: FirmInfo, securities: frozenset[UUID]) -> list[Instrument]:
        """Those with a market and a real close; what was generated or appraised is not quoted."""
        ids = sorted(securities)
        async with self._db.reading(Binding(firm.id)) as reader:
            view = await book_view(reader, firm)
            rows = await repository.securities_by_ids(reader, ids)
            prices = await repository.latest_prices(reader, view, ids)
        return [
            Instrument(str(key), row.symbol, row.exchange, row.currency, prices[key].close)
            for key, row in sorted(rows.items())
            if row.exchange is not None
            and row.security_type not in APPRAISED_TYPES
            and key in prices
            and prices[key].source != SYNTHETIC
        ]

    async def _write(self, tenant_id: UUID, now: datetime, quotes: Mapping[UUID, Decimal]) -> None:
        stream, board = stream_of(tenant_id), board_of(tenant_id)
        last = await self._redis.xrevrange(stream, count=1)
        # The clock numbers the ticks, so that they go on upwards when Redis has lost everything.
        seq = max(int(now.timestamp() * 1_000), _seq(last[0][0]) + 1 if last else 1)
        tick = Tick(seq, now, self._market.name, self._market.is_simulation, quotes)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.xadd(stream, {"t": _packed(tick)}, id=f"{seq}-0", maxlen=KEPT_TICKS, approximate=True)
            pipe.hset(board, mapping={str(key): format(price, "f") for key, price in quotes.items()})
            pipe.expire(stream, KEPT_SECONDS)
            pipe.expire(board, KEPT_SECONDS)
            await pipe.execute()
