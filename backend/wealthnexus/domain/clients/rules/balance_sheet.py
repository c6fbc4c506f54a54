"""A household's balance sheet: what each owner has of every account and owes of every debt.

Every line is split once, to the minor unit, so that the parts of a line add up to it and the sums of
owners, lines and totals agree without a cent left over. A line without a value has no parts, and what
contains it has no net worth: leaving a whole account or debt out would state another figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.rules.ownership import Shares, look_through, split_value

SHARE_PLACES: Final = 12
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """An asset, or a debt (``is_debt``, its value what is owed, positive); ``value`` None: unknown."""

    subject_id: UUID
    is_debt: bool
    value: Decimal | None
    shares: Shares
    untold: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """``owner_id`` has ``share`` of the line, which is ``value``; None where the line has no value."""

    owner_id: UUID
    share: Fraction
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class SplitLine:
    """``rest``: what nobody is named for; ``rest_share`` likewise."""

    line: Line
    parts: tuple[Part, ...]
    rest: Decimal | None
    rest_share: Fraction


@dataclass(frozen=True, slots=True)
class Sums:
    """``assets`` and ``debts``: of the lines that have a value; the counts say how many have none."""

    assets: Decimal = ZERO
    debts: Decimal = ZERO
    asset_count: int = 0
    debt_count: int = 0
    missing_assets: int = 0
    missing_debts: int = 0

    def with_part(self, *, is_debt: bool, value: Decimal | None) -> Sums:
        """These sums and one more part of a line."""
        known = value if value is not None else ZERO
        missing = int(value is None)
        return Sums(
            self.assets + (ZERO if is_debt else known),
            self.debts + (known if is_debt else ZERO),
            self.asset_count + (not is_debt),
            self.debt_count + is_debt,
            self.missing_assets + (0 if is_debt else missing),
            self.missing_debts + (missing if is_debt else 0),
        )

    @property
    def net(self) -> Decimal | None:
        """Assets less debts; None while a line is without value."""
        return None if self.missing_assets or self.missing_debts else self.assets - self.debts


@dataclass(frozen=True, slots=True)
class Sheet:
    """``total`` is the sum over owners and ``unattributed``, figure by figure."""

    lines: tuple[SplitLine, ...]
    owners: Mapping[UUID, Sums]
    total: Sums
    unattributed: Sums


def seen_through(
    direct: Shares, owners: Mapping[UUID, Mapping[UUID, Fraction]], *, up_to: UUID | None = None
) -> dict[UUID, Fraction]:
    """``look_through`` that stops at the party ``up_to``: what it has is its own, whoever owns it."""
    if up_to is None:
        return look_through(direct, owners)
    return look_through(direct, {owned: its for owned, its in owners.items() if owned != up_to})


def split_line(line: Line, places: int) -> SplitLine:
    """Each owner's part by largest remainder, to ``places`` decimal places; that of the untold is rest."""
    told = {owner: share for owner, share in line.shares.items() if owner not in line.untold}
    rest_share = Fraction(1) - sum(told.values(), Fraction(0))
    if line.value is None:
        parts = tuple(Part(owner, share, None) for owner, share in told.items())
        return SplitLine(line, parts, None, rest_share)
    values = split_value(line.value, line.shares, places=places)
    rest = line.value - sum((values[owner] for owner in told), ZERO)
    parts = tuple(Part(owner, share, values[owner]) for owner, share in told.items())
    return SplitLine(line, parts, rest, rest_share)


def draw_up(lines: Iterable[Line], places: int) -> Sheet:
    """The sheet of the lines, in their order; owners in order of first appearance."""
    split: list[SplitLine] = []
    owners: dict[UUID, Sums] = {}
    total, unattributed = Sums(), Sums()
    for line in lines:
        found = split_line(line, places)
        split.append(found)
        total = total.with_part(is_debt=line.is_debt, value=line.value)
        for part in found.parts:
            sums = owners.get(part.owner_id, Sums())
            owners[part.owner_id] = sums.with_part(is_debt=line.is_debt, value=part.value)
        if found.rest_share > 0:
            unattributed = unattributed.with_part(is_debt=line.is_debt, value=found.rest)
    return Sheet(tuple(split), owners, total, unattributed)


def added(sums: Sequence[Sums]) -> Sums:
    """Several owners together."""
    return Sums(
        sum((each.assets for each in sums), ZERO),
        sum((each.debts for each in sums), ZERO),
        sum(each.asset_count for each in sums),
        sum(each.debt_count for each in sums),
        sum(each.missing_assets for each in sums),
        sum(each.missing_debts for each in sums),
    )


def shown_share(share: Fraction) -> Decimal:
    """The share as a decimal of 12 places, half up: one third is 0.333333333333."""
    scaled = share * 10**SHARE_PLACES
    return Decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)).scaleb(
        -SHARE_PLACES
    )
