"""What a client is asked to look at, from what is known of them; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal
from uuid import UUID

REVIEW_AHEAD: Final = timedelta(days=30)
"""How long before an identity is to be looked at again its owner is asked."""
OF_AGE_AHEAD: Final = timedelta(days=90)
ACCESS_AHEAD: Final = timedelta(days=30)
REACHABLE: Final = frozenset({"email", "phone", "address"})

NeedKind = Literal["REVIEW_DETAILS", "CONTACT_MISSING", "COMING_OF_AGE", "ACCESS_ENDS"]


@dataclass(frozen=True, slots=True)
class KnownParty:
    """Somebody the client speaks for. ``contacts``: the kinds that are known. ``is_own``: themselves."""

    id: UUID
    kyc_refresh_due: date | None
    contacts: frozenset[str]
    is_own: bool
    is_person: bool


@dataclass(frozen=True, slots=True)
class Custodianship:
    account_id: UUID
    ends_on: date


@dataclass(frozen=True, slots=True)
class RunningGrant:
    """Until ``ends_on`` (not included), counted on today's date and not on the firm's business date."""

    subject_id: UUID
    ends_on: date


@dataclass(frozen=True, slots=True)
class Need:
    kind: NeedKind
    subject_id: UUID
    due_on: date | None
    is_overdue: bool


def needs_of(
    *,
    business_date: date,
    today: date,
    parties: Iterable[KnownParty],
    confirmed: Collection[UUID],
    custodianships: Iterable[Custodianship],
    grants: Iterable[RunningGrant],
) -> list[Need]:
    """Overdue first, then by day, what has none last. ``confirmed``: parties whose owner has said that
    everything is right, and the firm has not yet recorded it."""
    found: list[Need] = []
    for party in parties:
        due = party.kyc_refresh_due
        if due is not None and due <= business_date + REVIEW_AHEAD and party.id not in confirmed:
            found.append(Need("REVIEW_DETAILS", party.id, due, due < business_date))
        if party.is_own and party.is_person and not party.contacts >= REACHABLE:
            found.append(Need("CONTACT_MISSING", party.id, None, False))
    found += [
        Need("COMING_OF_AGE", each.account_id, each.ends_on, each.ends_on < business_date)
        for each in custodianships
        if each.ends_on <= business_date + OF_AGE_AHEAD
    ]
    found += [
        Need("ACCESS_ENDS", each.subject_id, each.ends_on, False)
        for each in grants
        if today < each.ends_on <= today + ACCESS_AHEAD
    ]
    return sorted(found, key=lambda need: (not need.is_overdue, need.due_on is None, need.due_on or today))
