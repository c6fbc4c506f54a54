"""Who owns an account, and who inherits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.bundle.terms import ACCOUNT_TYPES
from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import account_beneficiaries, account_owners
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES
from wealthnexus.domain.clients.rules.registration import ROLES, Fault, Finding, OwnerFact, check_owners
from wealthnexus.domain.clients.rules.timeline import cut_at
from wealthnexus.domain.clients.service.ground import (
    SHARE_PLACES,
    add_dated,
    apply_cut,
    believed,
    book_version,
    bump,
    checked_days,
    checked_share,
    clean_text,
    parties_named,
    plain_share,
    record,
    refused,
    subject_for_update,
)
from wealthnexus.domain.clients.service.terms import change_terms
from wealthnexus.domain.clients.standing_work import owners_entered
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed

OWNERS_MAX: Final = 50
TIERS: Final = ("primary", "contingent")


@dataclass(frozen=True, slots=True)
class Owner:
    """``role``: of ``account_owners``; ``share`` None: equally with the others that own without one."""

    party_id: UUID
    role: str
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A party of the firm's, or somebody known by name alone; ``tier``: primary or contingent."""

    tier: str
    share: Decimal
    party_id: UUID | None = None
    name: str | None = None
    is_per_stirpes: bool = False


@dataclass(frozen=True, slots=True)
class OwnersSet:
    account_id: UUID
    version: int
    book_version: int


# -- accounts --------------------------------------------------------------------------------------------


async def set_account_owners(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_id: UUID,
    owners: Sequence[Owner],
    *,
    expected_version: int,
    effective_from: date | None = None,
    account_type: str | None = None,
) -> OwnersSet:
    """From a day on (default: the business date) the account has these owners and no others.

    They must fit the account's registration, or the one given, which is then the account's:
    ValidationFailed with everything that does not.
    """
    begins = effective_from or firm.business_date()
    if account_type is not None and account_type not in ACCOUNT_TYPES:
        listed = texts.ONE_OF(listed=", ".join(ACCOUNT_TYPES))
        raise refused("account", [("accountType", listed, account_type[:60])])
    checked_days(begins, None)
    version = await book_version(uow)
    account = await subject_for_update(
        uow, "account", account_id, path="accountId", expected_version=expected_version
    )
    registration = account_type or account.account_type
    names = await checked_owners(uow, registration, owners)
    await write_owners(uow, account_id, owners, version=version, effective_from=begins)
    if registration != account.account_type:
        change = {"account_type": registration}
        await change_terms(uow, account, change, begins, reason=None, version=version)
    row_version = await bump(uow, "account", account, account_type=registration)
    if begins <= firm.business_date() and any(each.role in OWNING_ROLES for each in owners):
        await owners_entered(uow, account_id)
    await record(
        uow,
        events.OWNERS_CHANGED,
        summary=texts.OWNERS_SET(count=len(owners), name=account.name, day=begins),
        subject=(account_id, "account", account.name),
        payload={
            "accountId": account_id,
            "version": row_version,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "owners": [
                {
                    "party_id": o.party_id,
                    "role": o.role,
                    "share": None if o.share is None else plain_share(o.share),
                }
                for o in owners
            ],
            "effective_from": begins,
            "account_type": registration,
        },
        personal={"names": sorted({row.name for row in names.values()})},
        version=version,
    )
    return OwnersSet(account_id, row_version, version)


async def checked_owners(
    uow: UnitOfWork, account_type: str, owners: Sequence[Owner]
) -> Mapping[UUID, Row[Any]]:
    """The parties, if the owners fit the registration; NotFound or ValidationFailed."""
    if len(owners) > OWNERS_MAX:
        said = texts.TOO_MANY(count=len(owners), what="owners", limit=OWNERS_MAX)
        raise ValidationFailed(said, path=("input", "owners"))
    keys = [owner.party_id for owner in owners]
    found = await parties_named(uow, keys, path=("input", "owners"), at="partyId")
    problems: list[tuple[str, str, str | None]] = []
    for place, owner in enumerate(owners):
        if owner.role not in ROLES:
            listed = texts.ONE_OF(listed=", ".join(ROLES))
            problems.append((f"owners.{place}.role", listed, owner.role[:40]))
        if owner.share is not None:
            checked_share(owner.share, f"owners.{place}.share")
    if problems:
        raise refused(account_type, problems)
    facts = [OwnerFact(o.party_id, found[o.party_id].kind, o.role, o.share) for o in owners]
    findings = check_owners(account_type, facts)
    if findings:
        problems = [(_place(finding, owners), _said(finding, found), finding.given) for finding in findings]
        error = refused(account_type, problems)
        message = texts.OWNERS_DO_NOT_FIT(count=len(findings), registration=account_type)
        raise ValidationFailed(message, path=error.path, problems=error.problems)
    return found


_FIELDS: Final = {
    Fault.ROLE_NOT_ALLOWED: "role",
    Fault.WRONG_KIND: "partyId",
    Fault.REPEATED: "partyId",
    Fault.SHARE_OUT_OF_RANGE: "share",
}


def _place(finding: Finding, owners: Sequence[Owner]) -> str:
    """The field of the row at fault, the last of those that repeat; all owners where no row is."""
    rows = [
        place
        for place, owner in enumerate(owners)
        if (owner.party_id, owner.role) == (finding.party_id, finding.role)
    ]
    return f"owners.{rows[-1]}.{_FIELDS[finding.fault]}" if rows else "owners"


def _said(finding: Finding, found: Mapping[UUID, Row[Any]]) -> str:
    name = found[finding.party_id].name if finding.party_id is not None else ""
    role, given, expected = (finding.role or "").replace("_", " "), finding.given, finding.expected
    match finding.fault:
        case Fault.NO_OWNER:
            return texts.NOBODY_OWNS()
        case Fault.TOO_FEW | Fault.TOO_MANY:
            return texts.ROLE_COUNT(given=given, role=role, expected=expected)
        case Fault.ROLE_NOT_ALLOWED:
            return texts.ROLE_NOT_ALLOWED(name=name, role=role, expected=expected.replace("_", " "))
        case Fault.WRONG_KIND:
            return texts.OWNER_KIND(name=name, given=given, expected=expected, role=role)
        case Fault.REPEATED:
            return texts.OWNER_REPEATED(name=name, given=given, role=role)
        case Fault.SHARE_OUT_OF_RANGE:
            return texts.OWNER_SHARE(name=name, given=given, expected=expected)
        case Fault.UNEQUAL_SHARES | Fault.SHARES_ABOVE_WHOLE:
            return texts.SHARES_EXPECTED(given=given, expected=expected)


async def write_owners(
    uow: UnitOfWork, account_id: UUID, owners: Sequence[Owner], *, version: int, effective_from: date
) -> None:
    """Supersede what was believed from the day on, and write these."""
    known = await believed(uow, account_owners, account_id=account_id)
    await apply_cut(uow, account_owners, cut_at(known, effective_from), version)
    await add_dated(
        uow,
        account_owners,
        [
            {"account_id": account_id, "party_id": o.party_id, "role": o.role, "share": o.share}
            for o in owners
        ],
        version=version,
        effective_from=effective_from,
    )


async def set_account_beneficiaries(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_id: UUID,
    beneficiaries: Sequence[Beneficiary],
    *,
    expected_version: int,
    effective_from: date | None = None,
) -> OwnersSet:
    """From a day on the account has these beneficiaries and no others; each tier adds up to exactly 1."""
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    version = await book_version(uow)
    account = await subject_for_update(
        uow, "account", account_id, path="accountId", expected_version=expected_version
    )
    rows = await _checked_beneficiaries(uow, account.name, beneficiaries)
    known = await believed(uow, account_beneficiaries, account_id=account_id)
    await apply_cut(uow, account_beneficiaries, cut_at(known, begins), version)
    await add_dated(
        uow,
        account_beneficiaries,
        [{"account_id": account_id, **row} for row in rows],
        version=version,
        effective_from=begins,
    )
    row_version = await bump(uow, "account", account)
    await record(
        uow,
        events.BENEFICIARIES_CHANGED,
        summary=texts.BENEFICIARIES_SET(count=len(rows), name=account.name, day=begins),
        subject=(account_id, "account", account.name),
        payload={
            "accountId": account_id,
            "version": row_version,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={"count": len(rows), "effective_from": begins},
        personal={"names": [row["name"] for row in rows]},
        version=version,
    )
    return OwnersSet(account_id, row_version, version)


async def _checked_beneficiaries(
    uow: UnitOfWork, account: str, beneficiaries: Sequence[Beneficiary]
) -> list[dict[str, Any]]:
    if len(beneficiaries) > OWNERS_MAX:
        said = texts.TOO_MANY(count=len(beneficiaries), what="beneficiaries", limit=OWNERS_MAX)
        raise ValidationFailed(said, path=("input", "beneficiaries"))
    named: dict[UUID, Row[Any]] = {}
    for place, each in enumerate(beneficiaries):
        if each.party_id is not None:
            path = ("input", "beneficiaries", str(place), "partyId")
            named |= await parties_named(uow, [each.party_id], path=path)
    rows: list[dict[str, Any]] = []
    totals: dict[str, Decimal] = {}
    seen: set[tuple[str, UUID]] = set()
    for place, each in enumerate(beneficiaries):
        at = f"beneficiaries.{place}"
        if each.tier not in TIERS:
            raise refused(account, [(f"{at}.tier", texts.ONE_OF(listed=", ".join(TIERS)), each.tier[:40])])
        checked_share(each.share, f"{at}.share")
        if each.party_id is not None:
            if (each.tier, each.party_id) in seen:
                said = texts.OWNER_TWICE(name=named[each.party_id].name)
                raise refused(account, [(f"{at}.partyId", said, None)])
            seen.add((each.tier, each.party_id))
        if each.party_id is None and not (each.name or "").strip():
            raise refused(account, [(f"{at}.name", texts.BENEFICIARY_NAME(), None)])
        name = (
            named[each.party_id].name
            if each.party_id is not None
            else clean_text(each.name or "", f"{at}.name", what=account)
        )
        totals[each.tier] = totals.get(each.tier, Decimal(0)) + each.share
        rows.append(
            {
                "party_id": each.party_id,
                "name": name,
                "tier": each.tier,
                "share": each.share,
                "is_per_stirpes": each.is_per_stirpes,
            }
        )
    for tier, total in totals.items():
        # Thirds to twelve places fall short of the whole by their last place.
        if abs(total - 1) > len(rows) * Decimal(1).scaleb(-SHARE_PLACES):
            said = texts.TIER_SUM(tier=tier, total=plain_share(total))
            raise ValidationFailed(said, path=("input", "beneficiaries"))
    if "contingent" in totals and "primary" not in totals:
        raise ValidationFailed(texts.NO_PRIMARY(), path=("input", "beneficiaries"))
    return rows
