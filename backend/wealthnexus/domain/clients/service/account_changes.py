"""Changing what is kept of an account, closing it, and opening it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import events, sealed, texts
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.service.accounts import (
    AccountCommand,
    checked_facts,
    refuse_known_number,
)
from wealthnexus.domain.clients.service.ground import (
    DAY_MIN,
    MANUAL_SOURCE,
    book_version,
    bump,
    in_words,
    record,
    refused,
    shown_amount,
    subject_for_update,
)
from wealthnexus.domain.clients.service.terms import (
    believed_terms,
    change_terms,
    checked_beginning,
    course_of,
)
from wealthnexus.domain.clients.service.words import index_words
from wealthnexus.domain.ledger.repository.writes import left_in_account
from wealthnexus.domain.ledger.service.versions import lock_book
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import rename_subject
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed

_PLAIN: Final = ("name", "tax_status", "lot_method", "custodian", "custodianship_ends_on", "has_margin")
_DATED: Final = ("tax_status", "lot_method")
CHANGEABLE: Final = (*_PLAIN, "account_number")


@dataclass(frozen=True, slots=True)
class AccountChanged:
    id: UUID
    version: int


async def update_account(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
    effective_from: date | None = None,
    reason: str | None = None,
) -> AccountChanged:
    """Change the fields of ``changes`` (of ``CHANGEABLE``; None empties one that may be empty), no others.

    Tax status and lot method hold from ``effective_from`` on (default: the business date); what was sold
    before keeps its gain, and a day that has passed needs a ``reason``. Registration and owners are changed
    together by ``set_account_owners``; currency and opening stay, the entries lean on them. NotFound,
    PermissionDenied, Conflict (also for a number that is taken), ValidationFailed.
    """
    unknown = [name for name in changes if name not in CHANGEABLE]
    if unknown:
        raise ValueError(f"update_account was given {unknown}, expected among {CHANGEABLE}")
    terms = {name: changes[name] for name in _DATED if name in changes}
    if terms:
        await lock_book(uow)  # before the account, as everybody who writes both
    row = await subject_for_update(
        uow, "account", account_id, path="accountId", expected_version=expected_version
    )
    facts = replace(_facts_of(row), **changes)
    facts = replace(facts, name=checked_facts(facts, firm.business_date()))
    values = {name: getattr(facts, name) for name in _PLAIN if getattr(facts, name) != getattr(row, name)}
    changed = list(values)
    if "account_number" in changes:
        number = facts.account_number.strip() if facts.account_number is not None else None
        columns = await sealed.account_number_columns(uow, account_id, number)
        if columns["account_number_hash"] != row.account_number_hash:
            values |= columns
            changed.append("account_number")
    dated = await _dated(uow, firm, row, terms, effective_from, reason)
    if dated is not None:
        changed += [name for name in dated.changes if name not in changed]
    if not changed:
        return AccountChanged(account_id, row.version)
    if "account_number" in changed or "custodian" in changed:
        hashed = values.get("account_number_hash", row.account_number_hash)
        await refuse_known_number(uow, account_id, facts.custodian, hashed)
    return await _write(uow, row, facts.name, values, changed, dated)


@dataclass(frozen=True, slots=True)
class _DatedTerms:
    """Terms that change from a day on, and why."""

    changes: Mapping[str, str]
    begins: date
    reason: str | None


async def _dated(  # noqa: PLR0917 -- what was sent
    uow: UnitOfWork,
    firm: FirmBooks,
    row: Row[Any],
    terms: Mapping[str, str],
    effective_from: date | None,
    reason: str | None,
) -> _DatedTerms | None:
    """What of the terms given differs on some day from the first on; None: nothing does."""
    today = firm.business_date()
    course = course_of(row, await believed_terms(uow, row)) if terms else []
    first = effective_from or today
    differing = {
        name: value
        for name, value in terms.items()
        if any(
            getattr(one, name) != value
            for one in course
            if one.effective_to is None or one.effective_to > first
        )
    }
    if not differing:
        return None
    return _DatedTerms(differing, *checked_beginning(effective_from, reason, today))


async def _write(  # noqa: PLR0917 -- in the order of the change
    uow: UnitOfWork,
    row: Row[Any],
    name: str,
    values: dict[str, Any],
    changed: list[str],
    dated: _DatedTerms | None,
) -> AccountChanged:
    known_from: int | None = None
    details: dict[str, Any] = {}
    if dated is not None:
        known_from = await book_version(uow)
        details = {"effective_from": dated.begins, "reason": dated.reason}
        await change_terms(uow, row, dated.changes, dated.begins, reason=dated.reason, version=known_from)
    if "name" in values:
        values["name_normalised"] = normalised(name)
        await rename_subject(uow, row.id, name)
    version = await bump(uow, "account", row, **values)
    if "name" in values or "account_number" in changed:
        last4 = values.get("account_number_last4", row.account_number_last4)
        key = None if row.source == MANUAL_SOURCE and row.external_id == str(row.id) else row.external_id
        await index_words(uow, row.id, "ACCOUNT", (name, key, last4))
    await record(
        uow,
        events.ACCOUNT_CHANGED,
        summary=texts.ACCOUNT_CHANGED(fields=in_words(changed), name=name),
        subject=(row.id, "account", name),
        payload={"accountId": row.id, "version": version},
        details={"fields": changed, "version": version, **details},
        personal={"from": row.name, "to": name} if name != row.name else None,
        version=known_from,
    )
    return AccountChanged(row.id, version)


def _facts_of(row: Row[Any]) -> AccountCommand:
    """What is judged anew: the opening was when it was entered."""
    return AccountCommand(
        name=row.name,
        account_type=row.account_type,
        currency=row.currency,
        household_ids=(),
        owners=(),
        tax_status=row.tax_status,
        lot_method=row.lot_method,
        custodian=row.custodian,
        custodianship_ends_on=row.custodianship_ends_on,
        has_margin=row.has_margin,
    )


async def close_account(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_id: UUID,
    closed_on: date | None,
    *,
    expected_version: int,
) -> AccountChanged:
    """The account is closed from a day on, which it must reach empty; None: it is open again.

    ValidationFailed for a day to come or before the opening, for what is still in the account at the end
    of the day, and for entries after it.
    """
    row = await subject_for_update(
        uow, "account", account_id, path="accountId", expected_version=expected_version
    )
    if closed_on == row.closed_on:
        return AccountChanged(account_id, row.version)
    if closed_on is not None:
        await _check_closing(uow, row, closed_on, firm.business_date())
    version = await bump(uow, "account", row, closed_on=closed_on)
    said = (
        texts.ACCOUNT_CLOSED(name=row.name, day=closed_on)
        if closed_on is not None
        else texts.ACCOUNT_REOPENED(name=row.name)
    )
    await record(
        uow,
        events.ACCOUNT_CLOSED,
        summary=said,
        subject=(account_id, "account", row.name),
        payload={"accountId": account_id, "version": version, "isClosed": closed_on is not None},
        details={"closed_on": closed_on, "version": version},
    )
    return AccountChanged(account_id, version)


async def _check_closing(uow: UnitOfWork, row: Row[Any], day: date, today: date) -> None:
    first = row.opened_on or DAY_MIN
    if not first <= day <= today:
        said = texts.EXPECTED(expected=f"{first} to {today}")
        raise refused(row.name, [("closedOn", said, day.isoformat())])
    await lock_book(uow)  # an entry that is being written is waited for, and counted
    left = await left_in_account(uow, row.id, day)
    if left.positions or left.cash:
        said = texts.NOT_EMPTY(
            name=row.name,
            positions=left.positions,
            cash=shown_amount(left.cash, row.currency),
            currency=row.currency,
            day=day,
        )
        raise ValidationFailed(said, path=("input", "closedOn"))
    if left.later_entries:
        said = texts.LATER_ENTRIES(name=row.name, count=left.later_entries, day=day)
        raise ValidationFailed(said, path=("input", "closedOn"))
