"""Firms: applied from their folders by the owner role, found by host or slug by everybody."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, create_engine, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.firms.config import SLUG, FirmConfig
from wealthnexus.domain.firms.errors import FirmConfigError, UnknownFirm
from wealthnexus.domain.firms.info import FirmInfo
from wealthnexus.domain.firms.models import domains, firms
from wealthnexus.domain.firms.tiers import TIERS
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import Database, Reader
from wealthnexus.kit.ids import new_id

_CACHE_SECONDS = 30.0
_CACHE_SIZE_MAX = 2_000
_COLUMNS = [column for column in firms.c if column.name not in {"config_digest", "applied_at"}]


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a folder did."""

    firm_id: UUID
    slug: str
    outcome: Literal["created", "changed", "unchanged"]


def apply_firm(owner_url: str, config: FirmConfig) -> Applied:
    """Brings the firm to what its folder says; the same folder again changes nothing.

    ``owner_url``: blocking URL (psycopg) of the owner role; nobody else may write ``firms`` and
    ``domains``. Changing the currency of an existing firm is refused: its books are kept in it.
    """
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            old = connection.execute(
                select(firms).where(firms.c.slug == config.slug).with_for_update()
            ).one_or_none()
            if old is not None and old.config_digest == config.digest and old.is_active:
                return Applied(old.id, config.slug, "unchanged")
            if old is not None and old.currency != config.currency:
                raise FirmConfigError(
                    f"the firm {config.slug} keeps its books in {old.currency}, its file now says"
                    f" {config.currency}; expected the same currency. Nothing was applied."
                )
            firm_id = old.id if old is not None else new_id()
            values = _values(config)
            if old is None:
                connection.execute(insert(firms).values(id=firm_id, **values))
            else:
                connection.execute(update(firms).where(firms.c.id == firm_id).values(**values))
            for host in config.domains:
                taken = connection.execute(
                    select(firms.c.slug)
                    .join(domains, domains.c.firm_id == firms.c.id)
                    .where(domains.c.host == host, firms.c.id != firm_id)
                ).scalar()
                if taken is not None:
                    raise FirmConfigError(
                        f"the domain {host} of {config.slug} belongs to the firm {taken}; nothing was applied"
                    )
            connection.execute(delete(domains).where(domains.c.firm_id == firm_id))
            if config.domains:
                connection.execute(
                    insert(domains), [{"host": host, "firm_id": firm_id} for host in config.domains]
                )
            return Applied(firm_id, config.slug, "created" if old is None else "changed")
    finally:
        engine.dispose()


def _values(config: FirmConfig) -> dict[str, Any]:
    return {
        "slug": config.slug,
        "name": config.name,
        "legal_name": config.legal_name,
        "locale": config.locale,
        "time_zone": config.time_zone,
        "currency": config.currency,
        "tier": config.tier,
        "features": list(config.features),
        "limits": config.limits,
        "brand": config.brand,
        "support": config.support,
        "legal_footer": config.legal_footer,
        "pinned_business_date": config.pinned_business_date,
        "is_demo": config.pinned_business_date is not None,
        "is_active": True,
        "config_digest": config.digest,
        "applied_at": clock.now(),
    }


def _info(row: Row[Any]) -> FirmInfo:
    return FirmInfo(
        id=UUID(str(row.id)),
        slug=row.slug,
        name=row.name,
        legal_name=row.legal_name,
        locale=row.locale,
        time_zone=row.time_zone,
        currency=row.currency,
        tier=row.tier,
        features=tuple(row.features),
        # A limit that came with a later release holds for firms registered before it, too.
        limits=TIERS.get(row.tier, {}) | dict(row.limits),
        brand=dict(row.brand),
        support=dict(row.support),
        legal_footer=row.legal_footer,
        pinned_business_date=row.pinned_business_date,
        is_demo=row.is_demo,
    )


async def list_firms(reader: Reader) -> Sequence[FirmInfo]:
    """Every active firm, by slug. The reader needs no binding: firms are outside tenancy."""
    rows = await reader.rows(select(*_COLUMNS).where(firms.c.is_active).order_by(firms.c.slug))
    return [_info(row) for row in rows]


async def firm_by_slug(reader: Reader, slug: str) -> FirmInfo:
    """The active firm of that slug; UnknownFirm."""
    row = await reader.one_or_none(select(*_COLUMNS).where(firms.c.slug == slug, firms.c.is_active))
    if row is None:
        raise UnknownFirm(f"no firm is called {slug!r}; `wealthnexus firm list` shows those there are")
    return _info(row)


async def firm_by_id(reader: Reader, firm_id: UUID) -> FirmInfo:
    """The active firm of that id; UnknownFirm."""
    row = await reader.one_or_none(select(*_COLUMNS).where(firms.c.id == firm_id, firms.c.is_active))
    if row is None:
        raise UnknownFirm(f"no active firm has the id {firm_id}")
    return _info(row)


async def firm_by_host(reader: Reader, host: str, *, base_domain: str) -> FirmInfo | None:
    """The active firm that answers at ``host`` (normalised: lower case, no port, no trailing dot)."""
    slug = host.removesuffix("." + base_domain)
    if slug != host and SLUG.match(slug):
        query = select(*_COLUMNS).where(firms.c.slug == slug, firms.c.is_active)
    else:
        query = (
            select(*_COLUMNS)
            .join(domains, domains.c.firm_id == firms.c.id)
            .where(domains.c.host == host, firms.c.is_active)
        )
    row = await reader.one_or_none(query)
    return _info(row) if row is not None else None


class FirmDirectory:
    """Firms by host, remembered for 30 seconds, hosts nobody has included (a flood costs no queries)."""

    def __init__(
        self, database: Database, *, base_domain: str, cache_seconds: float = _CACHE_SECONDS
    ) -> None:
        self._database = database
        self._base_domain = base_domain.lower()
        self._cache_seconds = cache_seconds
        self._by_host: OrderedDict[str, tuple[float, FirmInfo | None]] = OrderedDict()

    async def by_host(self, host: str) -> FirmInfo | None:
        known = self._by_host.get(host)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        async with self._database.reading(None) as reader:
            firm = await firm_by_host(reader, host, base_domain=self._base_domain)
        self._by_host[host] = (time.monotonic() + self._cache_seconds, firm)
        self._by_host.move_to_end(host)
        while len(self._by_host) > _CACHE_SIZE_MAX:
            self._by_host.popitem(last=False)
        return firm

    async def by_slug(self, slug: str) -> FirmInfo:
        async with self._database.reading(None) as reader:
            return await firm_by_slug(reader, slug)

    async def by_id(self, firm_id: UUID) -> FirmInfo:
        async with self._database.reading(None) as reader:
            return await firm_by_id(reader, firm_id)

    async def all(self) -> Sequence[FirmInfo]:
        async with self._database.reading(None) as reader:
            return await list_firms(reader)

    def forget(self) -> None:
        """Drops what is remembered: after a firm was applied in this process."""
        self._by_host.clear()
