"""What the days of a scope lack: holdings without a price, prices and rates that are old, and since when.

A holding without a price is left out of a return until its first price, as if it were outside the scope: what
was paid for it went out, what it brought came in, and it comes in at its first price. A short wait is none: a
purchase of last week, or what a corporate action brought, makes the value missing, and the days are linked
across. Source: docs/domain/performance.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from wealthnexus.domain.performance.rules.days import ZERO
from wealthnexus.domain.performance.rules.flows import FIRST_PRICE, MovedRow
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, PolicyCourse, UnpricedTreatment

WAIT_DAYS_MAX: Final = 10
"""A first price within so many days is waited for."""


class FlawKind(StrEnum):
    UNPRICED = "UNPRICED"
    STALE_PRICE = "STALE_PRICE"
    STALE_RATE = "STALE_RATE"
    NO_ACCRUED_INTEREST = "NO_ACCRUED_INTEREST"


@dataclass(frozen=True, slots=True)
class Flaw:
    """From ``first`` to ``last``, listed days, something of an account has no price, or an old one.

    ``label``: the security, or the pair of currencies. ``known``: the day of the price or rate that stood.
    Of what is unpriced: ``priced_on`` the listed day of its first price, ``units`` what was held then, at
    ``worth`` in the scope's currency, of it ``accrued`` interest; ``of_action`` it came by a corporate
    action; ``is_excluded`` it is left out.
    """

    kind: FlawKind
    account_id: UUID
    portfolio_id: UUID | None
    security_id: UUID | None
    label: str
    known: date | None
    first: date
    last: date
    priced_on: date | None = None
    units: Decimal = ZERO
    worth: Decimal | None = None
    of_action: bool = False
    is_excluded: bool = False
    accrued: Decimal = ZERO


def judged(flaws: Iterable[Flaw], policies: PolicyCourse) -> list[Flaw]:
    """The flaws, of which those that are left out say so, by the conventions of their first day."""
    return [replace(each, is_excluded=_is_excluded(each, policies.on(each.first))) for each in flaws]


def _is_excluded(flaw: Flaw, policy: CalculationPolicy) -> bool:
    if flaw.kind is not FlawKind.UNPRICED or policy.unpriced is UnpricedTreatment.MISSING or flaw.of_action:
        return False
    return flaw.priced_on is None or (flaw.priced_on - flaw.first).days > WAIT_DAYS_MAX


def missing_days(flaws: Iterable[Flaw], days: Sequence[date]) -> dict[UUID, set[date]]:
    """On which days an account has no value, because something of it has no price and is not left out."""
    found: dict[UUID, set[date]] = {}
    for each in flaws:
        if each.kind is FlawKind.UNPRICED and not each.is_excluded:
            found.setdefault(each.account_id, set()).update(
                day for day in days if each.first <= day <= each.last
            )
    return found


def first_prices(flaws: Iterable[Flaw]) -> list[MovedRow]:
    """What was left out comes in at its first price."""
    return [
        MovedRow(
            id=UUID(int=each.account_id.int ^ each.security_id.int),
            account_id=each.account_id,
            portfolio_id=each.portfolio_id,
            type=FIRST_PRICE,
            day=each.priced_on,
            security_id=each.security_id,
            units=each.units,
            own_amount=ZERO,
            amount=ZERO,
            in_kind=each.worth,
            source="",
            source_id="",
            related_source_id=None,
            source_file=None,
            source_line=None,
            description=each.label,
            of_action=False,
            accrued=each.accrued,
        )
        for each in flaws
        if each.is_excluded and each.priced_on is not None and each.units and each.security_id is not None
    ]


def without_excluded(rows: Iterable[MovedRow], flaws: Sequence[Flaw]) -> list[MovedRow]:
    """The rows, of which those in kind of what is left out are worth nothing to the scope."""
    out = {(each.account_id, each.portfolio_id, each.security_id) for each in flaws if each.is_excluded}
    return [
        replace(row, in_kind=ZERO)
        if row.in_kind is None and (row.account_id, row.portfolio_id, row.security_id) in out
        else row
        for row in rows
    ]


def within(flaws: Iterable[Flaw], begin: date, end: date) -> list[Flaw]:
    """The flaws that a figure from the close of ``begin`` to the close of ``end`` stands on."""
    return [each for each in flaws if each.first <= end and each.last >= begin]


def by_security(flaws: Iterable[Flaw]) -> Mapping[tuple[FlawKind, str, date | None], tuple[date, date]]:
    """Each flaw once for all accounts: its first and last day, by kind, label and known day."""
    found: dict[tuple[FlawKind, str, date | None], tuple[date, date]] = {}
    for each in flaws:
        key = each.kind, each.label, each.known
        first, last = found.get(key, (each.first, each.last))
        found[key] = min(first, each.first), max(last, each.last)
    return found
