"""Lots and realised lines while entries are played: mutable, inside the engine alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .arithmetic import ZERO, part_of
from .vocabulary import VIEWS, GainKind, Origin, Reason, View

Basis = list[Decimal | None]
"""By view. Where the book's is None the others are; another may be None where a rate was missing."""
Key = tuple[str, str, str]
"""(account, portfolio, security): what lots are relieved within."""


@dataclass(slots=True, eq=False)
class Lot:
    """Units of one acquisition with one basis a unit in every view; ``units`` positive on both sides.

    ``bought_on`` is the day that counts for wash sales: None for what was no purchase. ``used`` by view:
    the units have replaced a loss already; a lot is split so that this is true of all of it or of nothing.
    """

    id: str
    root: str
    key: Key
    units: Decimal
    is_short: bool
    acquired_on: date | None
    bought_on: date | None
    sequence: int
    origin: Origin
    order: str
    opened_by: str
    currency: str
    basis: Basis
    held_from: list[date | None]
    used: list[bool]
    local_currency: str
    local: Decimal | None = None
    is_deep_put: bool = False
    offset: Decimal = ZERO
    """Units of the acquisition that stand before these: parts are taken from the front."""
    reasons: tuple[Reason, ...] = ()
    from_lots: tuple[str, ...] = ()
    """Lots of other securities whose basis went into this one: a spin-off's parent, an option."""

    @property
    def account(self) -> str:
        return self.key[0]

    @property
    def security(self) -> str:
        return self.key[2]

    def age(self) -> tuple[date, int, Decimal, str]:
        """Oldest first; what has no date was there before all others."""
        return (self.acquired_on or date.min, self.sequence, self.offset, self.id)

    def signed(self) -> Decimal:
        return -self.units if self.is_short else self.units

    def take(self, units: Decimal, part_id: str, places: int) -> Lot:
        """Split ``units`` off: their part of every basis half-up to ``places``, the rest stays here."""
        basis: Basis = []
        for view, whole in enumerate(self.basis):
            part = None if whole is None else part_of(whole, units, self.units, places)
            basis.append(part)
            self.basis[view] = None if whole is None or part is None else whole - part
        local = None
        if self.local is not None:
            local = self.local * units / self.units
            self.local -= local
        self.units -= units
        offset = self.offset
        self.offset += units
        return Lot(
            part_id, self.root, self.key, units, self.is_short, self.acquired_on, self.bought_on,
            self.sequence, self.origin, self.order, self.opened_by, self.currency, basis,
            list(self.held_from), list(self.used), self.local_currency, local, self.is_deep_put,
            offset, self.reasons, self.from_lots,
        )  # fmt: skip


def _nothing() -> list[Decimal]:
    return [ZERO] * len(VIEWS)


@dataclass(slots=True, eq=False)
class Line:
    """What one entry realised of one lot. ``value``: proceeds of a long lot, cost of covering a short one."""

    id: str
    entry: str
    kind: GainKind
    key: Key
    currency: str
    lot: str
    root: str
    age: tuple[date, int, Decimal, str]
    order: str
    is_short: bool
    acquired_on: date | None
    disposed_on: date
    settles_on: date | None
    sequence: int
    units: Decimal
    value: Decimal | None
    basis: Basis
    held_from: list[date | None]
    local_currency: str
    local_basis: Decimal | None
    local_value: Decimal | None
    rate: Decimal | None
    disallowed: list[Decimal] = field(default_factory=_nothing)
    lost: list[Decimal] = field(default_factory=_nothing)
    matched: list[Decimal] = field(default_factory=_nothing)
    reasons: list[Reason] = field(default_factory=list)
    from_lots: tuple[str, ...] = ()

    def gain(self, view: View) -> Decimal | None:
        basis = self.basis[view]
        if basis is None or self.value is None:
            return None
        return basis - self.value if self.is_short else self.value - basis
