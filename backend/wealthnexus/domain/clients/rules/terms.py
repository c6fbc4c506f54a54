"""By what an account is kept over days: what a change from one day on makes of the terms believed so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Terms:
    """From a day to the day before the last; ``is_new``: a change made them what they are."""

    effective_from: date
    effective_to: date | None
    account_type: str
    tax_status: str
    lot_method: str
    is_new: bool = False


def changed_from(course: Sequence[Terms], day: date, changes: Mapping[str, str]) -> list[Terms]:
    """The course after a change of some terms: they hold from ``day`` on, the others go on as they were.

    Days before ``day`` are untouched; a later change of another term still comes on its day. An unchanged
    course comes back as it was.
    """
    found: list[Terms] = []
    for one in course:
        if one.effective_to is not None and one.effective_to <= day:
            found.append(one)
            continue
        begins = max(one.effective_from, day)
        after = replace(
            one,
            effective_from=begins,
            account_type=changes.get("account_type", one.account_type),
            tax_status=changes.get("tax_status", one.tax_status),
            lot_method=changes.get("lot_method", one.lot_method),
        )
        if _same(one, after):
            found.append(one)
            continue
        if one.effective_from < day:
            found.append(replace(one, effective_to=day))
        before = found[-1] if found else None
        if before is not None and before.is_new and _same(before, after):
            found[-1] = replace(before, effective_to=after.effective_to)
        else:
            found.append(replace(after, is_new=True))
    return found


def _same(one: Terms, other: Terms) -> bool:
    return (one.account_type, one.tax_status, one.lot_method) == (
        other.account_type,
        other.tax_status,
        other.lot_method,
    )
