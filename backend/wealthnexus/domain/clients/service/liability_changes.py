"""Changing what is kept of a debt, who owes it, and ending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import liability_owners
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.repository.courses import balance_courses
from wealthnexus.domain.clients.rules.timeline import cut_at
from wealthnexus.domain.clients.service.ground import (
    DAY_MIN,
    add_dated,
    apply_cut,
    believed,
    book_version,
    bump,
    checked_days,
    in_words,
    plain_share,
    record,
    refused,
    shown_amount,
    subject_for_update,
)
from wealthnexus.domain.clients.service.liabilities import (
    Debtor,
    LiabilityCommand,
    checked_debt,
    checked_debtors,
)
from wealthnexus.domain.ledger.view import FirmBooks, book_view
from wealthnexus.domain.work import rename_subject
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed

_PLAIN: Final = (
    "kind",
    "name",
    "lender",
    "original_amount",
    "interest_rate",
    "opened_on",
    "matures_on",
    "secured_account_id",
)
CHANGEABLE: Final = (*_PLAIN, "closed_on")


@dataclass(frozen=True, slots=True)
class LiabilityUpdated:
    id: UUID
    version: int


async def update_liability(
    uow: UnitOfWork,
    firm: FirmBooks,
    liability_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
) -> LiabilityUpdated:
    """Change the fields of ``changes`` (of ``CHANGEABLE``; None empties one that may be empty), no others.

    A debt is closed from a day on, by which its last balance must be 0. The currency stays: balances are
    in it. NotFound, PermissionDenied, Conflict, ValidationFailed.
    """
    unknown = [name for name in changes if name not in CHANGEABLE]
    if unknown:
        raise ValueError(f"update_liability was given {unknown}, expected among {CHANGEABLE}")
    row = await subject_for_update(
        uow, "liability", liability_id, path="liabilityId", expected_version=expected_version
    )
    plain_changes = {name: value for name, value in changes.items() if name != "closed_on"}
    facts = replace(_facts_of(row), **plain_changes)
    facts = replace(facts, name=checked_debt(facts, firm.business_date()))
    if facts.secured_account_id is not None and "secured_account_id" in plain_changes:
        await subject_for_update(uow, "account", facts.secured_account_id, path="securedAccountId")
    values = {name: getattr(facts, name) for name in _PLAIN if getattr(facts, name) != getattr(row, name)}
    closed_on = changes.get("closed_on", row.closed_on)
    if closed_on != row.closed_on:
        if closed_on is not None:
            await _check_closing(uow, firm, row, facts.opened_on, closed_on)
        values["closed_on"] = closed_on
    changed = list(values)
    if not changed:
        return LiabilityUpdated(liability_id, row.version)
    if "name" in values:
        values["name_normalised"] = normalised(facts.name)
        await rename_subject(uow, liability_id, facts.name)
    version = await bump(uow, "liability", row, **values)
    await record(
        uow,
        events.LIABILITY_CHANGED,
        summary=texts.LIABILITY_CHANGED(fields=in_words(changed), name=facts.name),
        subject=(liability_id, "liability", facts.name),
        payload={"liabilityId": liability_id, "version": version},
        details={"fields": changed, "version": version},
        personal={"from": row.name, "to": facts.name} if facts.name != row.name else None,
    )
    return LiabilityUpdated(liability_id, version)


def _facts_of(row: Row[Any]) -> LiabilityCommand:
    kept = {name: getattr(row, name) for name in _PLAIN}
    return LiabilityCommand(household_id=row.household_id, currency=row.currency, owners=(), **kept)


async def _check_closing(
    uow: UnitOfWork, firm: FirmBooks, row: Row[Any], opened_on: date | None, day: date
) -> None:
    first, today = opened_on or DAY_MIN, firm.business_date()
    if not first <= day <= today:
        said = texts.EXPECTED(expected=f"{first} to {today}")
        raise refused(row.name, [("closedOn", said, day.isoformat())])
    course = (await balance_courses(uow, await book_view(uow, firm), [row.id]))[row.id]
    last = next((each for each in reversed(course) if each.balance != 0), None)
    if last is None or any(last.day < each.day <= day for each in course):
        return
    said = texts.STILL_OWED(
        amount=shown_amount(last.balance, row.currency), currency=row.currency, name=row.name, day=last.day
    )
    raise ValidationFailed(said, path=("input", "closedOn"))


async def set_liability_owners(
    uow: UnitOfWork,
    firm: FirmBooks,
    liability_id: UUID,
    owners: Sequence[Debtor],
    *,
    expected_version: int,
    effective_from: date | None = None,
) -> LiabilityUpdated:
    """From a day on (default: the business date) these parties owe the debt, and no others."""
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    version = await book_version(uow)
    debt = await subject_for_update(
        uow, "liability", liability_id, path="liabilityId", expected_version=expected_version
    )
    named = await checked_debtors(uow, debt.name, owners)
    known = await believed(uow, liability_owners, liability_id=liability_id)
    await apply_cut(uow, liability_owners, cut_at(known, begins), version)
    rows = [{"liability_id": liability_id, "party_id": o.party_id, "share": o.share} for o in owners]
    await add_dated(uow, liability_owners, rows, version=version, effective_from=begins)
    row_version = await bump(uow, "liability", debt)
    await record(
        uow,
        events.DEBTORS_CHANGED,
        summary=texts.DEBTORS_SET(count=len(owners), name=debt.name, day=begins),
        subject=(liability_id, "liability", debt.name),
        payload={
            "liabilityId": liability_id,
            "version": row_version,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "owners": [
                {"party_id": o.party_id, "share": None if o.share is None else plain_share(o.share)}
                for o in owners
            ],
            "effective_from": begins,
        },
        personal={"names": sorted(row.name for row in named.values())},
        version=version,
    )
    return LiabilityUpdated(liability_id, row_version)
