"""How the differences of one day continue, end or begin what was known of the days around it. Pure.

A break covers the compared days from ``opened_on`` to ``last_day`` on which the same difference stood. A
later day without it clears it: the difference was one of time. An earlier day brought into agreement by a
correction leaves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

from wealthnexus.domain.feeds.custody.rules import Break, Key

State = Literal["OPEN", "SIGNED_OFF", "CLEARED"]
STATES: Final[tuple[State, ...]] = ("OPEN", "SIGNED_OFF", "CLEARED")


@dataclass(frozen=True, slots=True)
class Known:
    """A break as it is kept. ``found``: what the day says of it, when that is what it shows from now on."""

    id: UUID
    key: Key
    state: State
    opened_on: date
    last_day: date
    difference: Decimal
    owner_id: UUID | None = None
    found: Break | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """The compared days of the account next before and after the day, and the last of all (the day itself
    when none is later)."""

    day: date
    before: date | None = None
    after: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """``begun``: with the owner of the open break each takes the place of. ``changed``: as they become."""

    begun: tuple[tuple[Break, UUID | None], ...]
    changed: tuple[Known, ...]


def plan_day(days: Days, known: Sequence[Known], found: Sequence[Break]) -> Plan:
    """What becomes of the account's breaks when ``found`` is all that differs on the day.

    Planning the outcome again with the same ``found`` plans nothing.
    """
    begun: list[tuple[Break, UUID | None]] = []
    after: dict[UUID, Known] = {}
    for one in found:
        match = _continued(days, known, one)
        if match is None:
            begun.append((one, _owner_before(days, known, one.key)))
        else:
            after[match.id] = _with(match, days, one)
    for each in known:
        if each.id not in after:
            after[each.id] = _without(each, days)
    before = {each.id: each for each in known}
    return Plan(tuple(begun), tuple(each for each in after.values() if each != before[each.id]))


def _continued(days: Days, known: Sequence[Known], one: Break) -> Known | None:
    same = [each for each in known if each.key == one.key and is_same(each, one.difference)]
    for each in same:
        if each.opened_on <= days.day <= each.last_day:
            return each
    for each in same:
        if each.state != "CLEARED" and (each.last_day == days.before or each.opened_on == days.after):
            return each
    return None


def is_same(known: Known, now: Decimal) -> bool:
    """Whether a difference of the same key is the one that is known.

    Values move with prices every day; what somebody signed off holds as long as it does not grow. Units and
    cash that differ by another amount are another difference.
    """
    if known.key.kind != "MARKET_VALUE":
        return known.difference == now
    return known.state != "SIGNED_OFF" or abs(now) <= abs(known.difference)


def _owner_before(days: Days, known: Sequence[Known], key: Key) -> UUID | None:
    """Work on a difference goes on when its amount changes."""
    for each in known:
        if each.key == key and each.state == "OPEN" and each.last_day in (days.before, days.day):
            return each.owner_id
    return None


def _with(known: Known, days: Days, one: Break) -> Known:
    last = max(known.last_day, days.day)
    # Cleared by a later day: it stays so. Cleared by a correction that has been taken back: it is open again.
    is_back = known.state == "CLEARED" and (days.last is None or days.last <= known.last_day)
    state: State = "OPEN" if is_back else known.state
    shows_day = last == days.day and state == "OPEN"
    return replace(
        known,
        state=state,
        opened_on=min(known.opened_on, days.day),
        last_day=last,
        difference=one.difference if shows_day else known.difference,
        found=one if shows_day and (one.difference != known.difference or is_back) else None,
    )


def _without(known: Known, days: Days) -> Known:
    if known.state == "CLEARED":
        return known
    if not known.opened_on <= days.day <= known.last_day:
        is_over = known.state == "OPEN" and known.last_day == days.before
        return replace(known, state="CLEARED") if is_over else known
    if known.opened_on == known.last_day:
        return replace(known, state="CLEARED")
    if days.day < known.last_day:
        return replace(known, opened_on=days.after or known.last_day)
    ended = replace(known, last_day=days.before or known.opened_on)
    return replace(ended, state="CLEARED") if known.state == "OPEN" else ended
