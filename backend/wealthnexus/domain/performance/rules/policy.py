"""The calculation policy: every choice of convention behind a performance figure, as data with a version.

A firm has one, a household or a report may change fields of it; what was changed by whom is kept and printed
beside the figure. Source of the choices: docs/domain/performance.md.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Protocol


class FlowTiming(StrEnum):
    """When a day's external flows take part. SPLIT: inflow at the start, outflow at the end of the day."""

    SPLIT = "SPLIT"
    START_OF_DAY = "START_OF_DAY"
    END_OF_DAY = "END_OF_DAY"


class FeeBasis(StrEnum):
    """NET of advisory fees, performance fees and carry; GROSS of them. Both after trading costs."""

    NET = "NET"
    GROSS = "GROSS"


class GapTreatment(StrEnum):
    """What days without any value do: end a segment, or link with 0 %."""

    RESTART = "RESTART"
    LINK_AT_ZERO = "LINK_AT_ZERO"


class JoinValue(StrEnum):
    """At which value an account joins a scope: its market value of that day, or of the close before."""

    CLOSING = "CLOSING"
    OPENING = "OPENING"


class UnpricedTreatment(StrEnum):
    """What a holding does that has no price yet: it is left out until its first one, or the value of its
    days is missing."""

    EXCLUDED = "EXCLUDED"
    MISSING = "MISSING"


class ExpenseKind(StrEnum):
    """Expenses that are not costs of trading (those reduce both returns, always)."""

    ADVISORY_FEE = "ADVISORY_FEE"
    PERFORMANCE_FEE = "PERFORMANCE_FEE"
    CARRY = "CARRY"
    CUSTODY_FEE = "CUSTODY_FEE"
    ADMINISTRATION_FEE = "ADMINISTRATION_FEE"
    OTHER = "OTHER"


TOLD_APART: Final = (ExpenseKind.ADVISORY_FEE, ExpenseKind.OTHER)
"""The kinds that the books tell apart. Only of these something may be said, and is printed."""


class DayCount(StrEnum):
    """How a money-weighted return counts years between two days."""

    ACT_365F = "ACT/365F"
    ACT_360 = "ACT/360"
    ACT_365_25 = "ACT/365.25"
    ACT_ACT_ISDA = "ACT/ACT ISDA"
    THIRTY_360_ISDA = "30/360 ISDA"
    THIRTY_E_360 = "30E/360"


class ExcessMethod(StrEnum):
    """Return less benchmark, or (1 + return) / (1 + benchmark) - 1."""

    ARITHMETIC = "ARITHMETIC"
    GEOMETRIC = "GEOMETRIC"


class LinkingMethod(StrEnum):
    """How effects of several periods become effects of the whole: Carino (1999) or Menchero (2000)."""

    CARINO = "CARINO"
    MENCHERO = "MENCHERO"


class Interaction(StrEnum):
    """Whether attribution shows interaction by itself or as part of selection."""

    SEPARATE = "SEPARATE"
    WITH_SELECTION = "WITH_SELECTION"


class ReturnKind(StrEnum):
    """Of what volatility is the deviation: r, or ln(1 + r)."""

    SIMPLE = "SIMPLE"
    LOGARITHMIC = "LOGARITHMIC"


class AlphaScaling(StrEnum):
    """A period's alpha over a year: compounded, or multiplied by the periods of a year."""

    COMPOUND = "COMPOUND"
    MULTIPLY = "MULTIPLY"


class CaptureMethod(StrEnum):
    """The ratio of geometric mean returns per period, or of the same returns over a year."""

    PER_PERIOD = "PER_PERIOD"
    ANNUALISED = "ANNUALISED"


@dataclass(frozen=True, slots=True)
class ExpenseTreatment:
    """Which returns the expense reduces. ValueError: what reduces the gross return reduces the net one."""

    reduces_gross: bool
    reduces_net: bool

    def __post_init__(self) -> None:
        if self.reduces_gross and not self.reduces_net:
            raise ValueError("an expense that reduces the gross return reduces the net return too")


_FEE: Final = ExpenseTreatment(reduces_gross=False, reduces_net=True)
_COST: Final = ExpenseTreatment(reduces_gross=True, reduces_net=True)
DEFAULT_EXPENSES: Final[Mapping[ExpenseKind, ExpenseTreatment]] = MappingProxyType(
    {
        ExpenseKind.ADVISORY_FEE: _FEE,
        ExpenseKind.PERFORMANCE_FEE: _FEE,
        ExpenseKind.CARRY: _FEE,
        ExpenseKind.CUSTODY_FEE: _COST,
        ExpenseKind.ADMINISTRATION_FEE: _COST,
        ExpenseKind.OTHER: _COST,
    }
)


_RANGES: Final[Mapping[str, tuple[Decimal, Decimal]]] = MappingProxyType(
    {
        "large_flow_share": (Decimal(0), Decimal(10)),
        "fiscal_year_first_month": (Decimal(1), Decimal(12)),
        "periods_per_year": (Decimal(1), Decimal(366)),
        "observations_min": (Decimal(2), Decimal(1000)),
        "risk_free_rate": (Decimal("-0.99"), Decimal(1)),
        "minimum_acceptable_return": (Decimal("-0.99"), Decimal(1)),
    }
)


class DatedPolicy(Protocol):
    """Conventions that may change from day to day."""

    def on(self, day: date) -> CalculationPolicy:
        """Those of a day."""

    def changes(self, begin: date, end: date) -> Sequence[tuple[date, CalculationPolicy]]:
        """What they change to, and from when, after ``begin`` and up to ``end``."""


@dataclass(frozen=True, slots=True)
class CalculationPolicy:
    """The conventions of one firm, household or report; ``version`` changes with any of them.

    ``large_flow_share``: a flow of this part of the opening value on a day without a value is flagged
    (GIPS: value the portfolio on the date of every large cash flow). ``custom_anniversaries``: whether a
    custom period from a day to the same day of a later year is annualised by whole years, as 1Y and 3Y are.
    ``risk_free_rate`` and ``minimum_acceptable_return`` are per year, as fractions.
    """

    version: str = "1"
    flow_timing: FlowTiming = FlowTiming.SPLIT
    dietz_timing: FlowTiming = FlowTiming.SPLIT
    large_flow_share: Decimal = Decimal("0.10")
    gap_treatment: GapTreatment = GapTreatment.RESTART
    join_value: JoinValue = JoinValue.CLOSING
    unpriced: UnpricedTreatment = UnpricedTreatment.EXCLUDED
    expenses: Mapping[ExpenseKind, ExpenseTreatment] = field(default_factory=lambda: DEFAULT_EXPENSES)
    custom_anniversaries: bool = False
    fiscal_year_first_month: int = 1
    money_weighted_day_count: DayCount = DayCount.ACT_365F
    excess_method: ExcessMethod = ExcessMethod.ARITHMETIC
    linking_method: LinkingMethod = LinkingMethod.CARINO
    interaction: Interaction = Interaction.SEPARATE
    volatility_of: ReturnKind = ReturnKind.SIMPLE
    periods_per_year: int = 252
    observations_min: int = 20
    risk_free_rate: Decimal = Decimal(0)
    minimum_acceptable_return: Decimal = Decimal(0)
    alpha_scaling: AlphaScaling = AlphaScaling.COMPOUND
    capture_method: CaptureMethod = CaptureMethod.PER_PERIOD

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = Decimal(getattr(self, name))
            if not value.is_finite() or not least <= value <= most:
                raise ValueError(f"{name}: {value}, expected {least} to {most}")
        if missing := set(ExpenseKind) - set(self.expenses):
            raise ValueError(f"no treatment of the expenses {sorted(missing)}")

    def on(self, day: date) -> CalculationPolicy:
        """The same on every day."""
        del day
        return self

    def changes(self, begin: date, end: date) -> Sequence[tuple[date, CalculationPolicy]]:
        """None."""
        del begin, end
        return ()

    def printed(self) -> tuple[tuple[str, str], ...]:
        """Each convention and its choice, in a fixed order: what stands beside a figure."""
        return tuple((each.name, _plain(getattr(self, each.name))) for each in fields(self))

    def digest(self) -> str:
        """SHA-256 of the printed conventions: two policies with the same digest give the same figures."""
        text = "\n".join(f"{name}={choice}" for name, choice in self.printed())
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PolicyLayer:
    """What a level (household, report) changes of the level above it."""

    level: str
    version: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EffectivePolicy:
    """The policy that holds, and for each changed convention the level that changed it last."""

    policy: CalculationPolicy
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PolicyCourse:
    """The conventions from turn to turn, which ascend; the first holds on all days before the second.

    What is of a day is by the conventions of that day (when flows take part, which return an expense
    reduces, at what value an account joins, the risk-free rate); what is of a period by those of its last.
    """

    turns: tuple[tuple[date, EffectivePolicy], ...]

    def effective_on(self, day: date) -> EffectivePolicy:
        """Those of a day, with who changed what."""
        if len(self.turns) == 1:
            return self.turns[0][1]
        at = bisect_right(self.turns, day, key=lambda turn: turn[0])
        return self.turns[max(at - 1, 0)][1]

    def on(self, day: date) -> CalculationPolicy:
        """Those of a day."""
        return self.effective_on(day).policy

    def changes(self, begin: date, end: date) -> Sequence[tuple[date, CalculationPolicy]]:
        """What they change to, and from when, after ``begin`` and up to ``end``."""
        return [(day, each.policy) for day, each in self.turns if begin < day <= end]


def layered(firm: CalculationPolicy, layers: Sequence[PolicyLayer]) -> EffectivePolicy:
    """The firm's policy under the layers, the most particular last; its version names all of them.

    ValueError: a layer changes what a policy does not have, or its version by itself.
    """
    known = {each.name for each in fields(CalculationPolicy)} - {"version"}
    policy, version = firm, firm.version
    origins: dict[str, str] = {}
    for layer in layers:
        if unknown := set(layer.changes) - known:
            raise ValueError(f"{layer.level}: a calculation policy has no {sorted(unknown)}")
        policy = replace(policy, **layer.changes)
        version = f"{version}+{layer.level}:{layer.version}"
        origins.update(dict.fromkeys(layer.changes, layer.level))
    return EffectivePolicy(replace(policy, version=version), MappingProxyType(origins))


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{kind} {_treatment(value[kind])}" for kind in TOLD_APART)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _treatment(treatment: ExpenseTreatment) -> str:
    if treatment.reduces_gross:
        return "reduces gross and net"
    return "reduces net" if treatment.reduces_net else "reduces neither"
