"""Who owns what: parties own parties, parties own accounts, and who inherits an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.clients import events, texts
from wealthnexus.domain.clients.models import account_beneficiaries, account_owners, party_ownerships
from wealthnexus.domain.clients.repository.owners import holdings_below
from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES, Holding, find_cycle, over_owned
from wealthnexus.domain.clients.rules.registration import ROLES, OwnerFact, check_owners
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
    record,
    refused,
    subject_for_update,
)
from wealthnexus.domain.clients.standing_work import owners_entered
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import ValidationFailed

OWNERS_MAX: Final = 50
TIERS: Final = ("primary", "contingent")


@dataclass(frozen=True, slots=True)
class OwnershipSet:
    owner_id: UUID
    owned_id: UUID
    book_version: int


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


# -- parties own parties ---------------------------------------------------------------------------------


async def set_party_ownership(
    uow: UnitOfWork,
    firm: FirmBooks,
    owner_id: UUID,
    owned_id: UUID,
    share: Decimal | None,
    *,
    effective_from: date | None = None,
    effective_to: date | None = None,
) -> OwnershipSet:
    """From a day on (default: the business date) ``owner`` owns ``share`` of ``owned``; None: nothing.

    What was believed of the same two from that day on is superseded. ValidationFailed when the owned one
    is a person, when shares would add up to more than the whole on any day, and when parties would own
    each other in a circle on any day; the message names the day, the parties and the sum.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, effective_to)
    if share is not None:
        share = checked_share(share)
    version = await book_version(uow)
    owned = await subject_for_update(uow, "party", owned_id, path="ownedId")
    owner = (await parties_named(uow, [owner_id], path=("input", "ownerId")))[owner_id]
    if owned.kind == "person":
        raise ValidationFailed(texts.NOT_OWNABLE(name=owned.name), path=("input", "ownedId"))
    known = await believed(uow, party_ownerships, owner_id=owner_id, owned_id=owned_id)
    cut = cut_at(known, begins)
    await apply_cut(uow, party_ownerships, cut, version)
    if share is not None:
        values = {"owner_id": owner_id, "owned_id": owned_id, "share": share}
        await add_dated(
            uow,
            party_ownerships,
            [values],
            version=version,
            effective_from=begins,
            effective_to=effective_to,
        )
        await _refuse_circles_and_excess(uow, owned_id, owned.name)
    shown = format(share, "f") if share is not None else "0"
    await record(
        uow,
        events.OWNERSHIP_CHANGED,
        summary=texts.OWNERSHIP_SET(name=owned.name, share=shown, day=begins),
        subject=(owned_id, "party", owned.name),
        payload={
            "ownerId": owner_id,
            "ownedId": owned_id,
            "effectiveFrom": begins,
            "bookVersion": version,
        },
        details={
            "owner_id": owner_id,
            "share": shown,
            "effective_from": begins,
            "effective_to": effective_to,
        },
        personal={"owner": owner.name},
        version=version,
    )
    return OwnershipSet(owner_id, owned_id, version)


async def _refuse_circles_and_excess(uow: UnitOfWork, owned_id: UUID, owned_name: str) -> None:
    """On whatever day, as is believed now: other writers wait for the book lock meanwhile."""
    owners = await believed(uow, party_ownerships, owned_id=owned_id)
    for over in over_owned(
        [
            Holding(row.owner_id, row.owned_id, row.share, row.effective_from, row.effective_to)
            for row in owners
        ]
    ):
        said = texts.ABOVE_WHOLE(day=over.day, name=owned_name, total=_plain(over.total))
        raise ValidationFailed(said, path=("input", "share"))
    circle = find_cycle(await holdings_below(uow, owned_id))
    if circle is not None:
        day, keys = circle
        named = await parties_named(uow, keys, path=("input", "ownerId"))
        chain = " owns ".join(named[key].name for key in (*keys, keys[0]))
        raise ValidationFailed(texts.CIRCLE(day=day, chain=chain), path=("input", "ownerId"))


# -- accounts --------------------------------------------------------------------------------------------


async def set_account_owners(
    uow: UnitOfWork,
    firm: FirmBooks,
    account_id: UUID,
    owners: Sequence[Owner],
    *,
    expected_version: int,
    effective_from: date | None = None,
) -> OwnersSet:
    """From a day on (default: the business date) the account has these owners and no others.

    They must fit the account's registration: ValidationFailed with everything that does not.
    """
    begins = effective_from or firm.business_date()
    checked_days(begins, None)
    version = await book_version(uow)
    account = await subject_for_update(
        uow, "account", account_id, path="accountId", expected_version=expected_version
    )
    names = await checked_owners(uow, account.account_type, owners)
    await write_owners(uow, account_id, owners, version=version, effective_from=begins)
    row_version = await bump(uow, "account", account)
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
                    "share": None if o.share is None else _plain(o.share),
                }
                for o in owners
            ],
            "effective_from": begins,
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
    found = await parties_named(uow, (owner.party_id for owner in owners), path=("input", "owners"))
    problems: list[tuple[str, str, str | None]] = []
    for place, owner in enumerate(owners):
        if owner.role not in ROLES:
            listed = texts.ONE_OF(listed=", ".join(ROLES))
            problems.append((f"owners.{place}.role", listed, owner.role[:40]))
        if owner.share is not None:
            checked_share(owner.share, "owners")
    if problems:
        raise refused(account_type, problems)
    facts = [OwnerFact(o.party_id, found[o.party_id].kind, o.role, o.share) for o in owners]
    findings = check_owners(account_type, facts)
    if findings:
        for finding in findings:
            named = found[finding.party_id].name if finding.party_id in found else ""
            role = " ".join(part for part in (finding.role or "", named) if part)
            said = texts.OWNER_EXPECTED(
                fault=finding.fault.value, role=role, given=finding.given, expected=finding.expected
            )
            problems.append(("owners", said, finding.given))
        error = refused(account_type, problems)
        message = texts.OWNERS_DO_NOT_FIT(count=len(findings), registration=account_type)
        raise ValidationFailed(message, path=error.path, problems=error.problems)
    return found


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
    keys = [each.party_id for each in beneficiaries if each.party_id is not None]
    named = await parties_named(uow, keys, path=("input", "beneficiaries"))
    rows: list[dict[str, Any]] = []
    totals: dict[str, Decimal] = {}
    for place, each in enumerate(beneficiaries):
        at = f"beneficiaries.{place}"
        if each.tier not in TIERS:
            raise refused(account, [(f"{at}.tier", texts.ONE_OF(listed=", ".join(TIERS)), each.tier[:40])])
        checked_share(each.share, "beneficiaries")
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
            said = texts.TIER_SUM(tier=tier, total=_plain(total))
            raise ValidationFailed(said, path=("input", "beneficiaries"))
    if "contingent" in totals and "primary" not in totals:
        raise ValidationFailed(texts.NO_PRIMARY(), path=("input", "beneficiaries"))
    return rows


def _plain(share: Decimal) -> str:
    """Digits without zeros at the end: 0.6, not 0.600000000000."""
    short = share.normalize()
    return format(short, "f")
