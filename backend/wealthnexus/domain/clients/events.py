"""What this room announces. Payloads carry ids, versions and days, never a name, a share or an amount."""

from __future__ import annotations

from typing import Final

from wealthnexus.kit.events import EventType, register


def _party(name: str, description: str) -> EventType:
    return register(name, description=description, fields={"partyId": "id", "version": "integer"})


PARTY_CREATED: Final = _party("clients.party.created", "A person or entity was entered.")
PARTY_CHANGED: Final = _party("clients.party.changed", "Something kept of a person or entity was changed.")
CONTACTS_CHANGED: Final = _party("clients.contacts.changed", "The contacts of a person or entity were set.")
PARTIES_RELATED: Final = register(
    "clients.relationship.created",
    description="One party became something to another.",
    fields={"relationshipId": "id", "partyId": "id", "relatedId": "id", "bookVersion": "integer"},
)
RELATIONSHIP_ENDED: Final = register(
    "clients.relationship.ended",
    description="A relationship of two parties was given its end.",
    fields={"relationshipId": "id", "partyId": "id", "relatedId": "id", "bookVersion": "integer"},
)
OWNERSHIP_CHANGED: Final = register(
    "clients.ownership.changed",
    description="The share of one party in another was set from a day on.",
    fields={"ownerId": "id", "ownedId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
OWNERS_CHANGED: Final = register(
    "clients.owners.changed",
    description="The owners of an account were set from a day on.",
    fields={"accountId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
BENEFICIARIES_CHANGED: Final = register(
    "clients.beneficiaries.changed",
    description="The beneficiaries of an account were set from a day on.",
    fields={"accountId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
HOUSEHOLD_CREATED: Final = register(
    "clients.household.created",
    description="A household was made.",
    fields={"householdId": "id"},
)
HOUSEHOLD_RENAMED: Final = register(
    "clients.household.renamed",
    description="A person gave a household another name.",
    fields={"householdId": "id", "version": "integer"},
)
MEMBER_ADDED: Final = register(
    "clients.membership.created",
    description="A person or entity joined a household.",
    fields={"householdId": "id", "partyId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
MEMBER_ENDED: Final = register(
    "clients.membership.ended",
    description="The membership of a person or entity was given its end.",
    fields={"householdId": "id", "partyId": "id", "effectiveTo": "date", "bookVersion": "integer"},
)
ACCOUNT_JOINED: Final = register(
    "clients.account.joined",
    description="An account joined a household.",
    fields={"householdId": "id", "accountId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
ACCOUNT_LEFT: Final = register(
    "clients.account.left",
    description="An account left a household.",
    fields={"householdId": "id", "accountId": "id", "effectiveTo": "date", "bookVersion": "integer"},
)
ACCOUNT_OPENED: Final = register(
    "clients.account.opened",
    description="An account was entered by hand.",
    fields={"accountId": "id", "bookVersion": "integer"},
)
LIABILITY_CREATED: Final = register(
    "clients.liability.created",
    description="A debt was entered.",
    fields={"liabilityId": "id", "householdId": "id", "bookVersion": "integer"},
)
BALANCE_RECORDED: Final = register(
    "clients.liability.balance_recorded",
    description="A balance of a debt was entered by hand.",
    fields={"liabilityId": "id", "day": "date", "bookVersion": "integer"},
)
BOOK_CREATED: Final = register(
    "clients.book.created",
    description="A branch, team or representative's book was made.",
    fields={"bookId": "id"},
)
ACCOUNTS_ASSIGNED: Final = register(
    "clients.accounts.assigned",
    description="Accounts were assigned to books from a day on.",
    fields={"accountIds": "ids", "bookIds": "ids", "effectiveFrom": "date", "bookVersion": "integer"},
)
NOTE_CHANGED: Final = register(
    "clients.note.changed",
    description="A note was written, edited or removed.",
    fields={"noteId": "id", "subjectId": "id", "state": "text"},
)
TAGS_CHANGED: Final = register(
    "clients.tags.changed",
    description="Tags were put on subjects, or taken off.",
    fields={"subjectIds": "ids", "tagIds": "ids", "isAdded": "boolean"},
)
SENSITIVE_REVEALED: Final = register(
    "clients.sensitive.revealed",
    description="A person was shown a value that is kept encrypted.",
    fields={"subjectId": "id", "field": "text"},
)
