"""What a posting needs to know of the account and the security it names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What a posting needs to know of the account."""

    id: UUID
    portfolio_id: UUID
    name: str
    currency: str
    opened_on: date | None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class SecurityFacts:
    """What a posting needs to know of the security."""

    id: UUID
    name: str
    currency: str
    price_multiplier: Decimal


@dataclass(frozen=True, slots=True)
class BondTerms:
    """What interest accrues by; None: not told. ``coupon`` in percent of the face a year."""

    currency: str
    price_multiplier: Decimal
    exchange: str | None
    coupon: Decimal | None
    maturity: date | None
    payments_per_year: int | None
    day_count: str | None
