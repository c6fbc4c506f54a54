"""Accounts entered by hand: registration, owners, households, default sleeve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select

from wealthnexus.domain.bundle.terms import ACCOUNT_TYPES, LOT_METHODS, TAX_STATUSES
from wealthnexus.domain.clients import events, sealed, texts
from wealthnexus.domain.clients.models import accounts, household_accounts, portfolios
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.service.ground import (
    DAY_MIN,
    MANUAL_SOURCE,
    add_dated,
    book_version,
    clean_text,
    record,
    refused,
    subject_for_update,
)
from wealthnexus.domain.clients.service.owners import Owner, checked_owners, write_owners
from wealthnexus.domain.clients.service.terms import NAMES, begin_terms
from wealthnexus.domain.clients.service.words import index_words
from wealthnexus.domain.ledger.service.revaluation import revalue_changed
from wealthnexus.domain.ledger.service.versions import lock_book
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import is_currency

HOUSEHOLDS_MAX: Final = 20
DEFAULT_SLEEVE: Final = "Default"


@dataclass(frozen=True, slots=True)
class AccountCommand:
    """An account as a person enters it. ``opened_on`` None: owned and in its households from 1900 on."""

    name: str
    account_type: str
    currency: str
    household_ids: Sequence[UUID]
    owners: Sequence[Owner]
    tax_status: str = "TAXABLE"
    lot_method: str = "FIFO"
    account_number: str | None = None
    custodian: str | None = None
    opened_on: date | None = None
    custodianship_ends_on: date | None = None
    has_margin: bool = False
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class AccountOpened:
    id: UUID
    book_version: int


async def create_account(uow: UnitOfWork, firm: FirmBooks, command: AccountCommand) -> AccountOpened:
    """Enter an account with its owners and its default sleeve, into one to twenty households.

    ValidationFailed with everything that does not fit, owners by the rules of the registration; NotFound
    for a household or party; Conflict for an external id or account number that is taken.
    """
    name = checked_facts(command, firm.business_date())
    _check_households(command)
    version = await book_version(uow)
    homes = [
        await subject_for_update(uow, "household", key, path="householdIds")
        for key in dict.fromkeys(command.household_ids)
    ]
    await checked_owners(uow, command.account_type, command.owners)
    account_id = new_id()
    columns = await sealed.account_number_columns(uow, account_id, _number(command))
    key = command.external_id or str(account_id)
    await _refuse_known_id(uow, key)
    await refuse_known_number(uow, account_id, command.custodian, columns["account_number_hash"])
    await register_subject(uow, account_id, "account", name)
    await uow.execute(insert(accounts).values(**_row(uow, command, account_id, name, key), **columns))
    await uow.execute(
        insert(portfolios).values(
            tenant_id=uow.tenant_id,
            id=new_id(),
            account_id=account_id,
            name=DEFAULT_SLEEVE,
            is_default=True,
            created_at=clock.now(),
        )
    )
    await begin_terms(uow, account_id, {name: getattr(command, name) for name in NAMES}, version=version)
    begins = command.opened_on or DAY_MIN
    await write_owners(uow, account_id, command.owners, version=version, effective_from=begins)
    members = [{"household_id": home.id, "account_id": account_id} for home in homes]
    await add_dated(uow, household_accounts, members, version=version, effective_from=begins)
    last4 = columns["account_number_last4"]
    words = (name, command.external_id, str(last4) if last4 is not None else None)
    await index_words(uow, account_id, "ACCOUNT", words)
    await revalue_changed(uow, firm, await lock_book(uow), [account_id])
    await record(
        uow,
        events.ACCOUNT_OPENED,
        summary=texts.ACCOUNT_OPENED(name=name, registration=command.account_type),
        subject=(account_id, "account", name),
        payload={"accountId": account_id, "bookVersion": version},
        details={
            "account_type": command.account_type,
            "currency": command.currency,
            "household_ids": [home.id for home in homes],
            "owners": [{"party_id": owner.party_id, "role": owner.role} for owner in command.owners],
        },
        version=version,
    )
    return AccountOpened(account_id, version)


def checked_facts(command: AccountCommand, today: date) -> str:
    """The name; ValidationFailed with every field that does not fit. Owners and households aside."""
    name = clean_text(command.name, "name", what="account")
    found: list[tuple[str, str, str | None]] = []
    for field, value, allowed in (
        ("accountType", command.account_type, ACCOUNT_TYPES),
        ("taxStatus", command.tax_status, TAX_STATUSES),
        ("lotMethod", command.lot_method, LOT_METHODS),
    ):
        if value not in allowed:
            found.append((field, texts.ONE_OF(listed=", ".join(allowed)), value[:60]))
    if not is_currency(command.currency):
        said = texts.EXPECTED(expected="an ISO 4217 currency such as USD")
        found.append(("currency", said, command.currency[:10]))
    for field, text, limit in (
        ("accountNumber", command.account_number, 60),
        ("custodian", command.custodian, 100),
        ("externalId", command.external_id, 100),
    ):
        if text is not None and (not 1 <= len(text.strip()) <= limit or not text.isprintable()):
            found.append((field, texts.TOO_LONG(limit=limit), None))
    for field, day, last in (
        ("openedOn", command.opened_on, today),
        ("custodianshipEndsOn", command.custodianship_ends_on, date(2200, 1, 1)),
    ):
        if day is not None and not DAY_MIN <= day <= last:
            found.append((field, texts.EXPECTED(expected=f"{DAY_MIN} to {last}"), day.isoformat()))
    if found:
        raise refused(name, found)
    return name


def _check_households(command: AccountCommand) -> None:
    if not command.household_ids:
        raise ValidationFailed(texts.NO_HOUSEHOLD_GIVEN(), path=("input", "householdIds"))
    if len(command.household_ids) > HOUSEHOLDS_MAX:
        said = texts.TOO_MANY(count=len(command.household_ids), what="households", limit=HOUSEHOLDS_MAX)
        raise ValidationFailed(said, path=("input", "householdIds"))


def _number(command: AccountCommand) -> str | None:
    return command.account_number.strip() if command.account_number is not None else None


async def _refuse_known_id(uow: UnitOfWork, key: str) -> None:
    a = accounts.c
    known = select(a.id).where(a.tenant_id == uow.tenant_id)
    if await uow.rows(known.where(a.source == MANUAL_SOURCE, a.external_id == key)):
        raise Conflict(texts.ID_TAKEN(external_id=key), path=("input", "externalId"))


async def refuse_known_number(
    uow: UnitOfWork, account_id: UUID, custodian: str | None, hashed: object
) -> None:
    """Conflict when another account at the same custodian has the number of this hash."""
    if hashed is None:
        return
    a = accounts.c
    same = await uow.rows(
        select(a.name, a.version)
        .where(
            a.tenant_id == uow.tenant_id,
            a.id != account_id,
            a.account_number_hash == hashed,
            a.custodian.is_not_distinct_from(custodian),
        )
        .limit(1)
    )
    if same:
        said = texts.NUMBER_TAKEN(name=same[0].name, custodian=custodian or "no custodian")
        raise Conflict(said, current_version=same[0].version, path=("input", "accountNumber"))


def _row(uow: UnitOfWork, command: AccountCommand, account_id: UUID, name: str, key: str) -> dict[str, Any]:
    return {
        "tenant_id": uow.tenant_id,
        "id": account_id,
        "source": MANUAL_SOURCE,
        "external_id": key,
        "name": name,
        "name_normalised": normalised(name),
        "account_type": command.account_type,
        "tax_status": command.tax_status,
        "custodian": command.custodian,
        "currency": command.currency,
        "opened_on": command.opened_on,
        "lot_method": command.lot_method,
        "has_margin": command.has_margin,
        "custodianship_ends_on": command.custodianship_ends_on,
        "created_at": clock.now(),
        "version": 1,
    }
