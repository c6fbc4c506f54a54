"""Who owns which part of what: direct shares, look-through, and what a set of shares must satisfy.

Shares are exact fractions from the stored share to the last split of a value: three joint owners own one
third each, and a value that is split gives parts that add up to it to the minor unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID

from wealthnexus.kit.text import message

OWNING_ROLES: Final = frozenset({"owner", "joint_survivorship", "joint_common", "minor"})
"""Roles whose holder owns; trustee, custodian, attorney, executor, grantor and beneficiary do not."""

WHOLE: Final = Fraction(1)

Shares = Mapping[UUID, Fraction]
_CIRCLE: Final = message(
    "clients.ownership_circle", "ownership goes in a circle: {chain}; nothing was attributed", chain=str
)


class OwnershipCycleError(ValueError):
    """Parties own each other in a circle; ``parties`` are those of the circle, in order."""

    def __init__(self, parties: Sequence[UUID]) -> None:
        super().__init__(_CIRCLE(chain=" owns ".join(map(str, (*parties, parties[0])))))
        self.parties = tuple(parties)


@dataclass(frozen=True, slots=True)
class Holding:
    """``owner`` owns ``share`` of ``owned`` from the first day to the day before the last; null: no end."""

    owner: UUID
    owned: UUID
    share: Decimal
    effective_from: date
    effective_to: date | None = None

    def is_effective(self, day: date) -> bool:
        """Whether the share counts on ``day``; the interval is half open."""
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


@dataclass(frozen=True, slots=True)
class OverOwned:
    """On ``day`` and some days after it, the shares of ``owned`` add up to ``total``, more than the whole."""

    owned: UUID
    day: date
    total: Decimal


def direct_shares(owners: Iterable[tuple[UUID, str, Decimal | None]]) -> dict[UUID, Fraction]:
    """Each owner's part of an account or debt from its rows of ``(party, role, share)``.

    Roles that do not own are left out. Rows without a share divide equally what the given shares leave.
    The parts add up to at most one; less than one is property nobody is named for.
    """
    given: dict[UUID, Fraction] = {}
    equal: list[UUID] = []
    for party, role, share in owners:
        if role not in OWNING_ROLES:
            continue
        if share is None:
            equal.append(party)
        else:
            given[party] = given.get(party, Fraction(0)) + Fraction(share)
    rest = max(WHOLE - sum(given.values(), Fraction(0)), Fraction(0))
    for party in equal:
        given[party] = given.get(party, Fraction(0)) + rest / len(equal)
    return given


def effective_shares(holdings: Iterable[Holding], day: date) -> dict[UUID, dict[UUID, Fraction]]:
    """Owned party -> owner -> share, of the holdings in effect on ``day``."""
    found: dict[UUID, dict[UUID, Fraction]] = {}
    for holding in holdings:
        if holding.is_effective(day):
            owners = found.setdefault(holding.owned, {})
            owners[holding.owner] = owners.get(holding.owner, Fraction(0)) + Fraction(holding.share)
    return found


def over_owned(holdings: Sequence[Holding]) -> list[OverOwned]:
    """Every owned party and first day on which its shares add up to more than one, in order of the day."""
    found: list[OverOwned] = []
    by_owned: dict[UUID, list[Holding]] = {}
    for holding in holdings:
        by_owned.setdefault(holding.owned, []).append(holding)
    for owned, its in by_owned.items():
        # A sum only rises on a day on which a share begins.
        for day in sorted({holding.effective_from for holding in its}):
            total = sum((holding.share for holding in its if holding.is_effective(day)), Decimal(0))
            if total > 1:
                found.append(OverOwned(owned, day, total))
                break
    return sorted(found, key=lambda over: (over.day, over.owned))


def find_cycle(holdings: Sequence[Holding]) -> tuple[date, tuple[UUID, ...]] | None:
    """The first day on which parties own each other in a circle, and the parties; None when there is none."""
    # All shares of a circle are in effect together first on the day on which the last of them begins.
    for day in sorted({holding.effective_from for holding in holdings}):
        owners = effective_shares(holdings, day)
        circle = _circle(owners)
        if circle is not None:
            return day, circle
    return None


def _circle(owners: Mapping[UUID, Mapping[UUID, Fraction]]) -> tuple[UUID, ...] | None:
    """A circle of the graph owned -> owner, each party owning the next; iterative, whatever the depth."""
    done: set[UUID] = set()
    for start in sorted(owners):
        path: list[UUID] = []
        on_path: set[UUID] = set()
        stack: list[tuple[UUID, bool]] = [(start, False)]
        while stack:
            party, is_left = stack.pop()
            if is_left:
                on_path.discard(path.pop())
                done.add(party)
                continue
            if party in done:
                continue
            if party in on_path:
                return tuple(reversed(path[path.index(party) :]))
            path.append(party)
            on_path.add(party)
            stack.append((party, True))
            stack.extend((owner, False) for owner in sorted(owners.get(party, ())))
    return None


def look_through(direct: Shares, owners: Mapping[UUID, Mapping[UUID, Fraction]]) -> dict[UUID, Fraction]:
    """What the last owners own: every party with owners of its own is replaced by them.

    ``direct`` says who owns the thing itself, ``owners`` (owned -> owner -> share) who owns the parties.
    What the owners of a party leave of it stays with the party. The parts add up to those of ``direct``.
    OwnershipCycleError when parties own each other in a circle.
    """
    circle = _circle(_reachable(direct, owners))
    if circle is not None:
        raise OwnershipCycleError(circle)
    found: dict[UUID, Fraction] = {}
    level = dict(direct)
    while level:
        below: dict[UUID, Fraction] = {}
        for party, part in level.items():
            passed = Fraction(0)
            for owner, share in owners.get(party, {}).items():
                below[owner] = below.get(owner, Fraction(0)) + part * share
                passed += share
            if passed < 1:
                found[party] = found.get(party, Fraction(0)) + part * (WHOLE - passed)
        level = below
    return {party: part for party, part in found.items() if part}


def _reachable(
    direct: Shares, owners: Mapping[UUID, Mapping[UUID, Fraction]]
) -> dict[UUID, Mapping[UUID, Fraction]]:
    found: dict[UUID, Mapping[UUID, Fraction]] = {}
    waiting = list(direct)
    while waiting:
        party = waiting.pop()
        if party not in found and party in owners:
            found[party] = owners[party]
            waiting.extend(owners[party])
    return found


def split_value(value: Decimal, parts: Shares, *, places: int) -> dict[UUID, Decimal]:
    """``value`` divided by ``parts``, each rounded to ``places``; parts of a whole add up to the value.

    Largest remainder: every part is cut toward zero, the minor units left over go to the largest
    remainders, ties to the lower party id. ``parts`` that add up to less than one leave the rest, which is
    rounded as one further part.
    """
    unit = Decimal(1).scaleb(-places)
    if value != value.quantize(unit):
        raise ValueError(f"value {value}, expected at most {places} decimal places; nothing was split")
    # Over one denominator everything is whole numbers.
    whole = math.lcm(*(part.denominator for part in parts.values()))
    numerators = {party: part.numerator * (whole // part.denominator) for party, part in parts.items()}
    rest = whole - sum(numerators.values())
    if rest < 0:
        shown = Decimal(whole - rest) / Decimal(whole)
        raise ValueError(f"parts add up to {shown}, expected at most 1; nothing was split")
    units = int(value.scaleb(places))
    cut = {party: abs(units) * part // whole for party, part in numerators.items()}
    left_over = abs(units) - sum(cut.values()) - abs(units) * rest // whole
    # The unnamed rest stands last among equal remainders.
    remainders = sorted(
        [(-(abs(units) * part % whole), 0, party) for party, part in numerators.items()]
        + ([(-(abs(units) * rest % whole), 1, UUID(int=0))] if rest else [])
    )
    for _remainder, is_rest, party in remainders[:left_over]:
        if not is_rest:
            cut[party] += 1
    sign = -1 if units < 0 else 1
    return {party: Decimal(sign * amount).scaleb(-places) for party, amount in cut.items()}
