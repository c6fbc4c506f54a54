"""A firm as every request sees it: read once, frozen, free of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from wealthnexus.kit import clock


@dataclass(frozen=True, slots=True)
class FirmInfo:
    """``limits``: name -> count (see tiers); ``brand`` and ``support`` are public."""

    id: UUID
    slug: str
    name: str
    legal_name: str
    locale: str
    time_zone: str
    currency: str
    tier: str
    features: tuple[str, ...]
    limits: Mapping[str, int]
    brand: Mapping[str, Any]
    support: Mapping[str, Any]
    legal_footer: str
    pinned_business_date: date | None
    is_demo: bool

    def business_date(self) -> date:
        """The last day the firm's books are valued on."""
        return clock.business_date(self.time_zone, self.pinned_business_date)

    def limit(self, name: str) -> int:
        """The firm's limit ``name``; KeyError when no tier knows it (a programming error)."""
        return self.limits[name]

    def public(self, environment: str) -> dict[str, Any]:
        """What anyone at the firm's host may know; inlined into the page."""
        return {
            "slug": self.slug,
            "name": self.name,
            "legalName": self.legal_name,
            "locale": self.locale,
            "timeZone": self.time_zone,
            "currency": self.currency,
            "support": dict(self.support),
            "legalFooter": self.legal_footer,
            "brand": dict(self.brand),
            "features": list(self.features),
            "businessDate": self.pinned_business_date.isoformat() if self.pinned_business_date else None,
            "demo": self.is_demo,
            "environment": environment,
        }
