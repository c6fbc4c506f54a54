"""People, trusts, companies and estates, and how they are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, delete, insert, select

from wealthnexus.domain.clients import events, sealed, texts
from wealthnexus.domain.clients.models import parties, party_contacts
from wealthnexus.domain.clients.names import normalised
from wealthnexus.domain.clients.rules.contacts import contact_fault, normal_contact
from wealthnexus.domain.clients.rules.party import (
    CONTACT_KINDS,
    PartyFacts,
    check_party,
    display_name,
    normal_tax_id,
)
from wealthnexus.domain.clients.service.ground import (
    MANUAL_SOURCE,
    bump,
    clean_text,
    in_words,
    record,
    refused,
    subject_for_update,
)
from wealthnexus.domain.clients.service.words import index_words
from wealthnexus.domain.clients.standing_work import identity_changed
from wealthnexus.domain.ledger.view import FirmBooks
from wealthnexus.domain.work import register_subject, rename_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict
from wealthnexus.kit.ids import new_id

CONTACTS_MAX: Final = 50
_TEXT_LIMITS: Final = {"name": 200, "given_name": 100, "family_name": 100, "tax_id": 40}
_FIELDS: Final = tuple(field.name for field in fields(PartyFacts) if field.name != "kind")
_PLAIN: Final = tuple(name for name in _FIELDS if name not in ("name", "birth_date", "tax_id"))


@dataclass(frozen=True, slots=True)
class PartyChanged:
    id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class Contact:
    """``kind``: email, phone or address; ``label``: home, work, mobile; ``value`` as a person reads it."""

    kind: str
    label: str
    value: str
    is_primary: bool = False


async def create_party(
    uow: UnitOfWork, firm: FirmBooks, facts: PartyFacts, *, external_id: str | None = None
) -> PartyChanged:
    """Enter a person or entity.

    ValidationFailed names every field that does not fit; Conflict for an external id that is taken, and
    for a tax id that another party of the same kind has (trusts share their grantor's).
    """
    facts = _checked(facts, firm.business_date())
    party_id, name = new_id(), display_name(facts)
    key = clean_text(external_id, "externalId", what=name, limit=100) if external_id else str(party_id)
    await _refuse_known(uow, facts, party_id, external_id=key)
    await register_subject(uow, party_id, "party", name)
    await uow.execute(
        insert(parties).values(
            tenant_id=uow.tenant_id,
            id=party_id,
            kind=facts.kind,
            name=name,
            name_normalised=normalised(name),
            **{field: getattr(facts, field) for field in _PLAIN},
            **await sealed.birth_date_column(uow, party_id, facts.birth_date),
            **await sealed.tax_id_columns(uow, party_id, facts.tax_id),
            source=MANUAL_SOURCE,
            external_id=key,
            created_at=clock.now(),
            version=1,
        )
    )
    await _index(uow, party_id, facts, key)
    await record(
        uow,
        events.PARTY_CREATED,
        summary=texts.PARTY_CREATED(name=name, kind=facts.kind),
        subject=(party_id, "party", name),
        payload={"partyId": party_id, "version": 1},
        details={"kind": facts.kind, "version": 1},
    )
    return PartyChanged(party_id, 1)


async def update_party(
    uow: UnitOfWork,
    firm: FirmBooks,
    party_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected_version: int,
) -> PartyChanged:
    """Change the fields of ``changes`` (names of ``PartyFacts``; None empties one), no others.

    The kind of a party stays. NotFound, PermissionDenied, Conflict (also for a taken tax id),
    ValidationFailed.
    """
    row = await subject_for_update(uow, "party", party_id, path="partyId", expected_version=expected_version)
    unknown = [name for name in changes if name not in _FIELDS]
    if unknown:
        raise ValueError(f"update_party was given {unknown}, expected among {_FIELDS}")
    old = await _facts_of(uow, row)
    facts = _checked(replace(old, **changes), firm.business_date())
    changed = [name for name in _FIELDS if getattr(facts, name) != getattr(old, name)]
    if not changed:
        return PartyChanged(party_id, row.version)
    await _refuse_known(uow, facts, party_id)
    name = display_name(facts)
    values: dict[str, Any] = {field: getattr(facts, field) for field in _PLAIN}
    values |= {"name": name, "name_normalised": normalised(name)}
    if "birth_date" in changed:
        values |= await sealed.birth_date_column(uow, party_id, facts.birth_date)
    if "tax_id" in changed:
        values |= await sealed.tax_id_columns(uow, party_id, facts.tax_id)
    version = await bump(uow, "party", row, **values)
    if name != row.name:
        await rename_subject(uow, party_id, name)
    await _index(uow, party_id, facts, row.external_id)
    if "kyc_refresh_due" in changed:
        await identity_changed(uow, party_id, old.kyc_refresh_due)
    await record(
        uow,
        events.PARTY_CHANGED,
        summary=texts.PARTY_CHANGED(fields=in_words(changed), name=name),
        subject=(party_id, "party", name),
        payload={"partyId": party_id, "version": version},
        details={"fields": changed, "version": version},
        personal={"from": row.name, "to": name} if name != row.name else None,
    )
    return PartyChanged(party_id, version)


def _checked(facts: PartyFacts, today: date) -> PartyFacts:
    """The facts with their texts on one line; ValidationFailed with everything that does not fit."""
    cleaned: dict[str, Any] = {
        name: " ".join(value.split()) or None if (value := getattr(facts, name)) is not None else None
        for name in _TEXT_LIMITS
    }
    facts = replace(facts, **cleaned)
    if facts.tax_id is not None:
        facts = replace(facts, tax_id=normal_tax_id(facts.tax_id) or facts.tax_id)
    found: list[tuple[str, str, str | None]] = []
    for name, limit in _TEXT_LIMITS.items():
        value = getattr(facts, name)
        if value is not None and (len(value) > limit or not value.isprintable()):
            found.append((_camel(name), texts.TOO_LONG(limit=limit), None))
    for finding in check_party(facts, today):
        shown = getattr(facts, finding.field)
        is_secret = finding.field in ("tax_id", "birth_date")
        found.append(
            (
                _camel(finding.field),
                texts.EXPECTED(expected=finding.expected),
                None if is_secret or shown is None else str(shown)[:60],
            )
        )
    if found:
        raise refused(display_name(facts)[:80] or facts.kind[:20], found)
    # A person without a name of its own is called by given and family name.
    return replace(facts, name=display_name(facts))


async def _facts_of(uow: UnitOfWork, row: Row[Any]) -> PartyFacts:
    birth_date = tax_id = None
    if row.birth_date is not None:
        text = await sealed.opened(uow, "parties", "birth_date", row.id, row.birth_date)
        birth_date = date.fromisoformat(text)
    if row.tax_id is not None:
        tax_id = await sealed.opened(uow, "parties", "tax_id", row.id, row.tax_id)
    plain = {name: getattr(row, name) for name in _PLAIN}
    return PartyFacts(kind=row.kind, name=row.name, birth_date=birth_date, tax_id=tax_id, **plain)


async def _refuse_known(
    uow: UnitOfWork, facts: PartyFacts, party_id: UUID, *, external_id: str | None = None
) -> None:
    others = select(parties.c.name, parties.c.version).where(
        parties.c.tenant_id == uow.tenant_id, parties.c.id != party_id
    )
    if external_id is not None:
        taken = await uow.rows(
            others.where(parties.c.source == MANUAL_SOURCE, parties.c.external_id == external_id)
        )
        if taken:
            raise Conflict(texts.ID_TAKEN(external_id=external_id), path=("input", "externalId"))
    if facts.tax_id is None or facts.kind == "trust":
        return
    hashed = await sealed.hashed(uow, normal_tax_id(facts.tax_id))
    same = await uow.rows(
        others.where(parties.c.tax_id_hash == hashed, parties.c.kind == facts.kind).limit(1)
    )
    if same:
        said = texts.TAX_ID_TAKEN(kind=facts.kind, name=same[0].name)
        raise Conflict(said, current_version=same[0].version, path=("input", "taxId"))


async def _index(uow: UnitOfWork, party_id: UUID, facts: PartyFacts, external_id: str) -> None:
    key = None if external_id == str(party_id) else external_id
    await index_words(uow, party_id, "PARTY", (facts.name, facts.given_name, facts.family_name, key))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


# -- contacts --------------------------------------------------------------------------------------------


async def set_party_contacts(
    uow: UnitOfWork, party_id: UUID, contacts: Sequence[Contact], *, expected_version: int
) -> PartyChanged:
    """The party's contacts are these and no others, at most 50, one primary of each kind at most."""
    row = await subject_for_update(uow, "party", party_id, path="partyId", expected_version=expected_version)
    made = _checked_contacts(row.name, contacts)
    await uow.execute(
        delete(party_contacts).where(
            party_contacts.c.tenant_id == uow.tenant_id, party_contacts.c.party_id == party_id
        )
    )
    version = await bump(uow, "party", row)
    if made:
        await uow.execute(
            insert(party_contacts),
            [
                {
                    "tenant_id": uow.tenant_id,
                    "id": new_id(),
                    "party_id": party_id,
                    "kind": contact.kind,
                    "label": contact.label,
                    "value": contact.value,
                    "is_primary": contact.is_primary,
                    "created_at": clock.now(),
                    "version": 1,
                }
                for contact in made
            ],
        )
    await record(
        uow,
        events.CONTACTS_CHANGED,
        summary=texts.CONTACTS_CHANGED(count=len(made), name=row.name),
        subject=(party_id, "party", row.name),
        payload={"partyId": party_id, "version": version},
        details={"count": len(made), "version": version},
    )
    return PartyChanged(party_id, version)


def _checked_contacts(name: str, contacts: Sequence[Contact]) -> list[Contact]:
    if len(contacts) > CONTACTS_MAX:
        said = texts.TOO_MANY(count=len(contacts), what="contacts", limit=CONTACTS_MAX)
        raise refused(name, [("contacts", said, str(len(contacts)))])
    made: list[Contact] = []
    found: list[tuple[str, str, str | None]] = []
    primaries: set[str] = set()
    for place, contact in enumerate(contacts):
        expected = contact_fault(contact.kind, contact.label, contact.value)
        if contact.kind not in CONTACT_KINDS:
            listed = texts.ONE_OF(listed=", ".join(CONTACT_KINDS))
            found.append((f"contacts.{place}.kind", listed, contact.kind[:40]))
        elif expected is not None:
            found.append((f"contacts.{place}.value", texts.BAD_CONTACT(expected=expected), None))
        if contact.is_primary and contact.kind in primaries:
            found.append(
                (f"contacts.{place}.isPrimary", texts.CONTACT_TWICE(kind=contact.kind), contact.kind)
            )
        if contact.is_primary:
            primaries.add(contact.kind)
        made.append(normal_contact_of(contact))
    if found:
        raise refused(name, found)
    return made


def normal_contact_of(contact: Contact) -> Contact:
    label, value = normal_contact(contact.kind, contact.label, contact.value)
    return replace(contact, label=label, value=value)
