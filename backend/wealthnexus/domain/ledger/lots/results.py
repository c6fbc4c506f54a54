"""What the engine answers: open lots, realised gains, wash sales, accrued interest, findings.

Amounts are in the account's currency unless named local (the security's). None never stands for nothing:
``reasons`` say what was missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from . import texts
from .vocabulary import GainKind, Origin, Reason, Term, Treatment, View, WashEffect


@dataclass(frozen=True, slots=True)
class OpenLot:
    """Units acquired together that are still held; negative units and the proceeds as basis when short.

    ``basis`` and ``held_from`` by view (``View``): without wash sales, the custodian's, the economic one.
    ``from_lots``: lots of other securities whose basis went into it (a spin-off's parent, an option).
    """

    id: str
    root: str
    account: str
    portfolio: str
    security: str
    units: Decimal
    currency: str
    acquired_on: date | None
    origin: Origin
    opened_by: str
    basis: tuple[Decimal | None, ...]
    held_from: tuple[date | None, ...]
    local_currency: str
    local_basis: Decimal | None
    reasons: tuple[Reason, ...] = ()
    from_lots: tuple[str, ...] = ()

    @property
    def cost(self) -> Decimal | None:
        """Basis without wash sales."""
        return self.basis[View.BOOK]


@dataclass(frozen=True, slots=True)
class TaxFigure:
    """A realised gain in one view. ``gain`` is before, ``recognised`` after what a wash sale disallows.

    ``disallowed`` includes ``lost``, the part that no basis takes up again.
    """

    basis: Decimal | None
    gain: Decimal | None
    disallowed: Decimal
    lost: Decimal
    recognised: Decimal | None
    held_from: date | None
    term: Term | None


@dataclass(frozen=True, slots=True)
class FxSplit:
    """The gain apart: ``price_effect`` + ``fx_effect`` = gain.

    ``fx_effect`` = local basis x (rate at disposal - rate at acquisition): what the money put in gained by
    its currency alone. Both None with a reason where a rate is missing.
    """

    local_currency: str
    local_basis: Decimal | None
    local_proceeds: Decimal | None
    rate_acquired: Decimal | None
    rate_disposed: Decimal | None
    price_effect: Decimal | None
    fx_effect: Decimal | None


@dataclass(frozen=True, slots=True)
class RealisedGain:
    """One lot that one entry consumed. ``proceeds``: for a short, what was received when it was opened.

    ``gain`` = proceeds - cost in the BOOK view; the two others are in ``views``.
    """

    id: str
    entry: str
    kind: GainKind
    account: str
    portfolio: str
    security: str
    currency: str
    lot: str
    lot_root: str
    is_short: bool
    acquired_on: date | None
    disposed_on: date
    settles_on: date | None
    units: Decimal
    proceeds: Decimal | None
    cost: Decimal | None
    views: tuple[TaxFigure, ...]
    fx: FxSplit
    reasons: tuple[Reason, ...] = ()
    from_lots: tuple[str, ...] = ()

    @property
    def gain(self) -> Decimal | None:
        return self.views[View.BOOK].gain

    @property
    def term(self) -> Term | None:
        return self.views[View.BOOK].term

    @property
    def custodian(self) -> TaxFigure:
        return self.views[View.CUSTODIAN]

    @property
    def economic(self) -> TaxFigure:
        return self.views[View.ECONOMIC]


@dataclass(frozen=True, slots=True)
class WashMatch:
    """Units of one loss replaced by units of one acquisition, once. ``treatment`` None: the same security.

    ``units`` in units of what was sold. ``judged_by``: author and reason of the table's row.
    """

    view: View
    gain: str
    loss_account: str
    loss_security: str
    sold_on: date
    lot: str
    lot_root: str
    account: str
    security: str
    bought_on: date
    units: Decimal
    disallowed: Decimal
    effect: WashEffect
    treatment: Treatment | None = None
    judged_by: str | None = None


@dataclass(frozen=True, slots=True)
class AccruedInterest:
    """Interest bought (negative) or sold with a bond: income, no part of basis or proceeds."""

    entry: str
    account: str
    security: str
    day: date
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a person should look at; ``message`` is the sentence."""

    reason: Reason
    entry: str
    account: str
    security: str
    day: date
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        said = texts.REASONS[self.reason]
        known = {"entry": self.entry, "security": self.security, "account": self.account, **self.values}
        return said(**{name: known.get(name, "") for name in said.parameters})
