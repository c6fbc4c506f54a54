"""Puts the demo's people into a firm, ready to sign in, with their books and grants."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import Row, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from wealthnexus.domain.clients.models import (
    account_assignments,
    accounts,
    books,
    household_accounts,
    households,
    liabilities,
    parties,
)
from wealthnexus.domain.clients.service import index_words
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import events, repository
from wealthnexus.domain.identity.models import access_grants, users
from wealthnexus.domain.identity.permissions import kind_of
from wealthnexus.domain.identity.records import record
from wealthnexus.domain.identity.rules import people as rules
from wealthnexus.domain.identity.service.development import only_in_development
from wealthnexus.domain.identity.service.grants import rebuild_scope
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.domain.identity.service.joining import roles_named
from wealthnexus.domain.identity.service.second_factor import sealed_secret
from wealthnexus.domain.ledger import current_book_version
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.context import internal_request
from wealthnexus.kit.db.session import Binding, Reader, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.text import message

_REASON: Final = "Demonstration"
_BOOK_NAME = message("demo.book_of", "Book of {name}", name=str)
_AUDIT = message("demo.audit_person", "Made for the demonstration")


class SharedThing(Protocol):
    """Something opened to a person on days counted from today; ``subject`` is an external id."""

    @property
    def subject(self) -> str: ...

    @property
    def relationship(self) -> str: ...

    @property
    def begins(self) -> int: ...

    @property
    def ends(self) -> int | None: ...


class DemoPerson(Protocol):
    """What the demo says about a person; ``book``, ``accounts`` and ``party`` are external ids."""

    @property
    def name(self) -> str: ...

    @property
    def email(self) -> str: ...

    @property
    def roles(self) -> tuple[str, ...]: ...

    @property
    def limited(self) -> bool: ...

    @property
    def book(self) -> tuple[str, ...]: ...

    @property
    def accounts(self) -> tuple[str, ...]: ...

    @property
    def party(self) -> str | None: ...

    @property
    def shared(self) -> Sequence[SharedThing]: ...

    @property
    def password(self) -> str: ...

    @property
    def totp_secret(self) -> str: ...


async def ensure_demo_users(
    ground: Ground,
    firm: FirmInfo,
    people: Sequence[DemoPerson],
    advisors: Mapping[str, str] | None = None,
) -> int:
    """Makes the demo's people, ready to sign in, with their books and grants; returns how many were new.

    Call it after the firm's books are imported: grants and books name households and accounts.
    ``advisors``: household external id -> e-mail. What is there already stays as it is.
    """
    only_in_development(ground)
    request = internal_request("demo")
    async with ground.db.reading(Binding(firm.id)) as reader:
        known = await _known_people(reader)
    missing = [person for person in people if rules.normalised_email(person.email) not in known]
    hashes = {person.email: await ground.passwords.hash(person.password) for person in missing}
    async with ground.db.unit_of_work(Binding(firm.id), request=request) as uow:
        for person in missing:
            user_id = await _add(uow, person, hashes[person.email])
            known[rules.normalised_email(person.email)] = user_id
        changed = await _ensure_books(uow, known, people, advisors or {})
        for person in people:
            user_id = known[rules.normalised_email(person.email)]
            if person.party is not None:
                await _say_who(uow, user_id, person.party)
            if person.limited:
                changed += await _ensure_grants(uow, firm, user_id, person)
        if changed:
            await rebuild_scope(uow)
    return len(missing)


async def _known_people(reader: Reader) -> dict[str, UUID]:
    rows = await reader.rows(
        select(users.c.id, users.c.email_normalised).where(users.c.tenant_id == reader.tenant_id)
    )
    return {row.email_normalised: row.id for row in rows}


async def _add(uow: UnitOfWork, person: DemoPerson, password_hash: str) -> UUID:
    user_id, now = new_id(), clock.now()
    roles = roles_named(person.roles)
    kind = kind_of(roles)
    padded = person.totp_secret + "=" * (-len(person.totp_secret) % 8)
    await register_subject(uow, user_id, "user", person.name)
    await index_words(uow, user_id, "USER", (person.name, person.email))
    await repository.insert_user(
        uow,
        {
            "id": user_id,
            "email": person.email,
            "email_normalised": rules.normalised_email(person.email),
            "name": person.name,
            "name_normalised": rules.normalised_name(person.name),
            "kind": kind,
            "status": "ACTIVE",
            "scope": "limited" if person.limited or kind == "CLIENT" else "firm",
            "password_hash": password_hash,
            "password_changed_at": now,
            "totp_secret": await sealed_secret(uow, user_id, base64.b32decode(padded)),
            "mfa_enrolled_at": now,
            "failed_count": 0,
            "created_at": now,
            "version": 1,
        },
    )
    await repository.replace_roles(uow, user_id, roles, granted_by=None, at=now)
    await record(
        uow,
        events.USER_ACTIVATED,
        summary=_AUDIT(),
        user_id=user_id,
        user_name=person.name,
        payload={"userId": user_id},
        details={"roles": sorted(roles)},
    )
    return user_id


async def _ensure_books(
    uow: UnitOfWork,
    known: Mapping[str, UUID],
    people: Sequence[DemoPerson],
    advisors: Mapping[str, str],
) -> int:
    """A representative's book per advisor, with the accounts of the advisor's households; new books."""
    names = {rules.normalised_email(person.email): person.name for person in people}
    made = 0
    for number, email in enumerate(sorted({rules.normalised_email(e) for e in advisors.values()}), 1):
        user_id = known.get(email)
        if user_id is None or await _book_of(uow, user_id) is not None:
            continue
        book_id, name = new_id(), _BOOK_NAME(name=names[email])
        await register_subject(uow, book_id, "book", name)
        await uow.execute(
            insert(books).values(
                tenant_id=uow.tenant_id,
                id=book_id,
                kind="representative",
                code=f"REP-{number:03d}",
                name=name,
                user_id=user_id,
                created_at=clock.now(),
            )
        )
        theirs = [ext for ext, who in advisors.items() if rules.normalised_email(who) == email]
        await _assign(uow, book_id, await _accounts_of_households(uow, theirs))
        made += 1
    return made


async def _book_of(reader: Reader, user_id: UUID) -> UUID | None:
    found: UUID | None = await reader.scalar(
        select(books.c.id).where(books.c.tenant_id == reader.tenant_id, books.c.user_id == user_id)
    )
    return found


async def _accounts_of_households(reader: Reader, external_ids: Sequence[str]) -> Sequence[Row[Any]]:
    return await reader.rows(
        select(accounts.c.id, func.min(household_accounts.c.effective_from).label("since"))
        .select_from(
            households.join(
                household_accounts,
                (household_accounts.c.tenant_id == households.c.tenant_id)
                & (household_accounts.c.household_id == households.c.id),
            ).join(
                accounts,
                (accounts.c.tenant_id == household_accounts.c.tenant_id)
                & (accounts.c.id == household_accounts.c.account_id),
            )
        )
        .where(
            households.c.tenant_id == reader.tenant_id,
            household_accounts.c.tenant_id == reader.tenant_id,
            accounts.c.tenant_id == reader.tenant_id,
            households.c.external_id.in_(external_ids),
            household_accounts.c.superseded_version.is_(None),
        )
        .group_by(accounts.c.id)
    )


async def _assign(uow: UnitOfWork, book_id: UUID, rows: Sequence[Row[Any]]) -> None:
    version = await current_book_version(uow)
    values = [
        {
            "tenant_id": uow.tenant_id,
            "id": new_id(),
            "account_id": row.id,
            "book_id": book_id,
            "split": Decimal(1),
            "effective_from": row.since,
            "effective_to": None,
            "book_version": version,
        }
        for row in rows
    ]
    if values:
        await uow.execute(insert(account_assignments), values)


async def _say_who(uow: UnitOfWork, user_id: UUID, party: str) -> None:
    """Which of the firm's clients the user is."""
    found = await _subjects_named(uow, parties, (party,))
    await uow.execute(
        update(users)
        .where(users.c.tenant_id == uow.tenant_id, users.c.id == user_id, users.c.party_id.is_(None))
        .values(party_id=found[0] if found else None)
    )


_TABLES: Final = {"A": accounts, "C": parties, "E": parties, "H": households, "L": liabilities}
"""By the first letter of an external id of the demo books."""


async def _ensure_grants(uow: UnitOfWork, firm: FirmInfo, user_id: UUID, person: DemoPerson) -> int:
    """Staff see their own book, clients their households, guardians single accounts; new grants."""
    own_book = await _book_of(uow, user_id)
    wanted: list[tuple[UUID, str, int, int | None]] = []
    if own_book is not None:
        # A book holds accounts: a household that has none yet is granted by itself.
        alone = await _subjects_named(uow, households, person.book, without_accounts=True)
        wanted += [(key, "staff", 0, None) for key in (own_book, *alone)]
    else:
        told = "self" if person.party is not None else "delegate"
        wanted += [(key, told, 0, None) for key in await _subjects_named(uow, households, person.book)]
    told = "guardian" if person.party is not None else "delegate"
    wanted += [(key, told, 0, None) for key in await _subjects_named(uow, accounts, person.accounts)]
    for thing in person.shared:
        found = await _subjects_named(uow, _TABLES[thing.subject[0]], (thing.subject,))
        wanted += [(key, thing.relationship, thing.begins, thing.ends) for key in found]
    existing = {
        row.subject_id
        for row in await uow.rows(
            select(access_grants.c.subject_id).where(
                access_grants.c.tenant_id == uow.tenant_id, access_grants.c.principal_id == user_id
            )
        )
    }
    today = clock.business_date(firm.time_zone, None)
    rows = [
        {
            "tenant_id": uow.tenant_id,
            "id": new_id(),
            "principal_id": user_id,
            "subject_id": subject_id,
            "relationship": relationship,
            "permissions": ["read"],
            "effective_from": today + timedelta(days=begins),
            "effective_to": None if ends is None else today + timedelta(days=ends),
            "reason": _REASON,
            "created_at": clock.now(),
        }
        for subject_id, relationship, begins, ends in wanted
        if subject_id not in existing
    ]
    if rows:
        await uow.execute(insert(access_grants), rows)
    return len(rows)


async def _subjects_named(
    reader: Reader, table: Any, external_ids: Sequence[str], *, without_accounts: bool = False
) -> list[UUID]:
    if not external_ids:
        return []
    query = (
        select(table.c.id)
        .where(table.c.tenant_id == reader.tenant_id, table.c.external_id.in_(external_ids))
        .order_by(table.c.external_id)
    )
    if without_accounts:
        members = household_accounts
        query = query.where(
            ~exists().where(
                members.c.tenant_id == reader.tenant_id,
                members.c.household_id == table.c.id,
                members.c.superseded_version.is_(None),
            )
        )
    return [row.id for row in await reader.rows(query)]
