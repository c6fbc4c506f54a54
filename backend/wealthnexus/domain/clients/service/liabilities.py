"""What a household owes: entered with those who owe it, its balances added day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, insert, select

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import liabilities, liability_balances, liability_owners
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.service.ground import (
    DAY_MAX,
    DAY_MIN,
    MANUAL_SOURCE,
    add_dated,
    book_version,
    bump,
    checked_share,
    clean_text,
    parties_named,
    plain_share,
    record,
    refused,
    subject_for_update,
    touch,
)
from wealthnexus.domain.clients.service.owners import OWNERS_MAX
from wealthnexus.domain.ledger.repository.writes import security_facts
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.money import is_currency, minor_units

KINDS: Final = (
    "mortgage",
    "home_equity",
    "margin",
    "securities_backed",
    "personal",
    "student",
    "vehicle",
    "business",
    "credit_card",
    "tax",
    "other",
)
_AMOUNT_MAX: Final = Decimal(10) ** 15


@dataclass(frozen=True, slots=True)
class Debtor:
    """``share`` None: equally with the others who owe without one."""

    party_id: UUID
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LiabilityCommand:
    """A debt as a person enters it; ``balance`` (owed, positive) as of ``balance_day``."""

    household_id: UUID
    kind: str
    name: str
    currency: str
    owners: Sequence[Debtor]
    lender: str | None = None
    original_amount: Decimal | None = None
    interest_rate: Decimal | None = None
    opened_on: date | None = None
    matures_on: date | None = None
    secured_account_id: UUID | None = None
    secured_security_id: UUID | None = None
    external_id: str | None = None
    balance: Decimal | None = None
    balance_day: date | None = None


@dataclass(frozen=True, slots=True)
class LiabilityChanged:
    id: UUID
    book_version: int


async def create_liability(uow: UnitOfWork, firm: FirmBooks, command: LiabilityCommand) -> LiabilityChanged:
    """Enter a debt of a household and, when one is given, its first balance.

    ValidationFailed with everything that does not fit; NotFound; Conflict for a taken external id.
    """
    name = checked_debt(command, firm.business_date())
    version = await book_version(uow)
    await subject_for_update(uow, "household", command.household_id, path="householdId")
    if command.secured_account_id is not None:
        await subject_for_update(uow, "account", command.secured_account_id, path="securedAccountId")
    if command.secured_security_id is not None:
        await _check_security(uow, command.secured_security_id)
    await checked_debtors(uow, name, command.owners)
    liability_id = new_id()
    key = command.external_id or str(liability_id)
    x = liabilities.c
    if await uow.rows(
        select(x.id).where(x.tenant_id == uow.tenant_id, x.source == MANUAL_SOURCE, x.external_id == key)
    ):
        raise Conflict(texts.ID_TAKEN(external_id=key), path=("input", "externalId"))
    await register_subject(uow, liability_id, "liability", name)
    await uow.execute(insert(liabilities).values(**_row(uow, command, liability_id, name, key)))
    touch(uow, liability_id)
    await add_dated(
        uow,
        liability_owners,
        [{"liability_id": liability_id, "party_id": o.party_id, "share": o.share} for o in command.owners],
        version=version,
        effective_from=command.opened_on or DAY_MIN,
    )
    if command.balance is not None:
        day = command.balance_day or firm.business_date()
        await _write_balance(uow, liability_id, day, command.balance, version)
    await record(
        uow,
        events.LIABILITY_CREATED,
        summary=texts.LIABILITY_CREATED(name=name, kind=command.kind),
        subject=(liability_id, "liability", name),
        payload={
            "liabilityId": liability_id,
            "householdId": command.household_id,
            "bookVersion": version,
        },
        details={
            "kind": command.kind,
            "currency": command.currency,
            "owners": [owner.party_id for owner in command.owners],
        },
        version=version,
    )
    return LiabilityChanged(liability_id, version)


def checked_debt(command: LiabilityCommand, today: date) -> str:
    """The name; ValidationFailed with every field that does not fit. Those who owe aside."""
    name = clean_text(command.name, "name", what="debt")
    found: list[tuple[str, str, str | None]] = []
    if command.kind not in KINDS:
        found.append(("kind", texts.ONE_OF(listed=", ".join(KINDS)), command.kind[:40]))
    if not is_currency(command.currency):
        said = texts.EXPECTED(expected="an ISO 4217 currency such as USD")
        found.append(("currency", said, command.currency[:10]))
        raise refused(name, found)
    for field, text in (("lender", command.lender), ("externalId", command.external_id)):
        if text is not None and (not 1 <= len(text.strip()) <= 100 or not text.isprintable()):
            found.append((field, texts.TOO_LONG(limit=100), None))
    for field, amount in (("originalAmount", command.original_amount), ("balance", command.balance)):
        if amount is not None and (fault := _amount_fault(amount, command.currency)) is not None:
            found.append((field, fault, format(amount, "f")[:40]))
    rate = command.interest_rate
    if rate is not None and (not rate.is_finite() or not 0 <= rate <= 1 or rate != round(rate, 8)):
        expected = "0 to 1 with at most 8 places: 0.0425 is 4.25 % a year"
        found.append(("interestRate", texts.EXPECTED(expected=expected), format(rate, "f")[:40]))
    for field, day, last in (
        ("openedOn", command.opened_on, today),
        ("balanceDay", command.balance_day, today),
        ("maturesOn", command.matures_on, DAY_MAX),
    ):
        if day is not None and not DAY_MIN <= day <= last:
            found.append((field, texts.EXPECTED(expected=f"{DAY_MIN} to {last}"), day.isoformat()))
    opened, matures = command.opened_on, command.matures_on
    if opened is not None and matures is not None and matures <= opened:
        expected = f"a day after the opening on {opened}"
        found.append(("maturesOn", texts.EXPECTED(expected=expected), matures.isoformat()))
    if opened is not None and command.balance_day is not None and command.balance_day < opened:
        said = texts.BEFORE_OPENING(day=command.balance_day, opened=opened)
        found.append(("balanceDay", said, command.balance_day.isoformat()))
    if found:
        raise refused(name, found)
    return name


async def checked_debtors(uow: UnitOfWork, name: str, owners: Sequence[Debtor]) -> dict[UUID, Row[Any]]:
    """The parties, one row each, whose shares are at most the whole; NotFound or ValidationFailed."""
    if not owners:
        raise ValidationFailed(texts.NO_DEBTOR(), path=("input", "owners"))
    if len(owners) > OWNERS_MAX:
        said = texts.TOO_MANY(count=len(owners), what="owners", limit=OWNERS_MAX)
        raise ValidationFailed(said, path=("input", "owners"))
    keys = [owner.party_id for owner in owners]
    found = await parties_named(uow, keys, path=("input", "owners"), at="partyId")
    total = Decimal(0)
    for place, owner in enumerate(owners):
        if owner.party_id in keys[:place]:
            said = texts.OWNER_TWICE(name=found[owner.party_id].name)
            raise refused(name, [(f"owners.{place}.partyId", said, None)])
        if owner.share is not None:
            total += checked_share(owner.share, f"owners.{place}.share")
    if total > 1:
        raise ValidationFailed(texts.DEBT_SHARES(total=plain_share(total)), path=("input", "owners"))
    return found


async def _check_security(uow: UnitOfWork, security_id: UUID) -> None:
    if await security_facts(uow, security_id) is None:
        said = texts.NOT_THERE(kind="security", id=str(security_id))
        raise NotFound(said, path=("input", "securedSecurityId"))


def _amount_fault(amount: Decimal, currency: str) -> str | None:
    places = minor_units(currency)
    if not amount.is_finite() or not 0 <= amount < _AMOUNT_MAX or amount != round(amount, places):
        return texts.PLACES(places=places)
    return None


def _row(
    uow: UnitOfWork, command: LiabilityCommand, liability_id: UUID, name: str, key: str
) -> dict[str, Any]:
    return {
        "tenant_id": uow.tenant_id,
        "id": liability_id,
        "household_id": command.household_id,
        "kind": command.kind,
        "name": name,
        "name_normalised": normalised(name),
        "lender": command.lender,
        "currency": command.currency,
        "original_amount": command.original_amount,
        "interest_rate": command.interest_rate,
        "opened_on": command.opened_on,
        "matures_on": command.matures_on,
        "secured_account_id": command.secured_account_id,
        "secured_security_id": command.secured_security_id,
        "source": MANUAL_SOURCE,
        "external_id": key,
        "created_at": clock.now(),
        "version": 1,
    }


async def record_liability_balance(
    uow: UnitOfWork, firm: FirmBooks, liability_id: UUID, day: date, balance: Decimal
) -> LiabilityChanged:
    """What is owed at the end of ``day``; a later entry for the same day replaces it, both stay readable.

    NotFound, PermissionDenied; ValidationFailed for a day in the future or before the opening, and for
    anything but 0 after the closing.
    """
    version = await book_version(uow)
    debt = await subject_for_update(uow, "liability", liability_id, path="liabilityId")
    today = firm.business_date()
    if not DAY_MIN <= day <= today:
        said = texts.DAY_RANGE(day=day, first=DAY_MIN, last=today)
        raise ValidationFailed(said, path=("input", "day"))
    if debt.opened_on is not None and day < debt.opened_on:
        said = texts.BEFORE_OPENING(day=day, opened=debt.opened_on)
        raise ValidationFailed(said, path=("input", "day"))
    fault = _amount_fault(balance, debt.currency)
    if fault is not None:
        raise refused(debt.name, [("balance", fault, format(balance, "f")[:40])])
    if debt.closed_on is not None and day >= debt.closed_on and balance != 0:
        said = texts.AFTER_CLOSING(closed=debt.closed_on, day=day)
        raise ValidationFailed(said, path=("input", "balance"))
    await _write_balance(uow, liability_id, day, balance, version)
    row_version = await bump(uow, "liability", debt)
    await record(
        uow,
        events.BALANCE_RECORDED,
        summary=texts.BALANCE_RECORDED(name=debt.name, day=day),
        subject=(liability_id, "liability", debt.name),
        payload={"liabilityId": liability_id, "day": day, "bookVersion": version},
        details={"day": day, "balance": format(balance, "f"), "version": row_version},
        version=version,
    )
    return LiabilityChanged(liability_id, version)


async def _write_balance(
    uow: UnitOfWork, liability_id: UUID, day: date, balance: Decimal, version: int
) -> None:
    await uow.execute(
        insert(liability_balances).values(
            tenant_id=uow.tenant_id,
            liability_id=liability_id,
            day=day,
            source=MANUAL_SOURCE,
            book_version=version,
            balance=balance,
        )
    )
