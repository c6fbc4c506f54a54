"""What this room announces. Payloads carry ids, versions and days, never a name, a share or an amount."""

from __future__ import annotations

from wealthnexus.kit.events import register

PARTY_CREATED = register(
    "clients.party.created",
    description="A person or entity was entered.",
    fields={"partyId": "id", "version": "integer"},
)
PARTY_CHANGED = register(
    "clients.party.changed",
    description="Something kept of a person or entity was changed.",
    fields={"partyId": "id", "version": "integer"},
)
CONTACTS_CHANGED = register(
    "clients.contacts.changed",
    description="The contacts of a person or entity were set.",
    fields={"partyId": "id", "version": "integer"},
)
PARTIES_RELATED = register(
    "clients.relationship.created",
    description="One party became something to another.",
    fields={"relationshipId": "id", "partyId": "id", "relatedId": "id", "bookVersion": "integer"},
)
RELATIONSHIP_ENDED = register(
    "clients.relationship.ended",
    description="A relationship of two parties was given its end.",
    fields={"relationshipId": "id", "partyId": "id", "relatedId": "id", "bookVersion": "integer"},
)
OWNERSHIP_CHANGED = register(
    "clients.ownership.changed",
    description="The share of one party in another was set from a day on.",
    fields={"ownerId": "id", "ownedId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
PARTY_OWNERS_CHANGED = register(
    "clients.party_owners.changed",
    description="The owners of an entity were set from a day on.",
    fields={"ownedId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
OWNERS_CHANGED = register(
    "clients.owners.changed",
    description="The owners of an account were set from a day on.",
    fields={"accountId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
BENEFICIARIES_CHANGED = register(
    "clients.beneficiaries.changed",
    description="The beneficiaries of an account were set from a day on.",
    fields={"accountId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
HOUSEHOLD_CREATED = register(
    "clients.household.created",
    description="A household was made.",
    fields={"householdId": "id"},
)
HOUSEHOLD_RENAMED = register(
    "clients.household.renamed",
    description="A person gave a household another name.",
    fields={"householdId": "id", "version": "integer"},
)
MEMBER_ADDED = register(
    "clients.membership.created",
    description="A person or entity joined a household.",
    fields={"householdId": "id", "partyId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
MEMBER_ENDED = register(
    "clients.membership.ended",
    description="The membership of a person or entity was given its end.",
    fields={"householdId": "id", "partyId": "id", "effectiveTo": "date", "bookVersion": "integer"},
)
ACCOUNT_JOINED = register(
    "clients.account.joined",
    description="An account joined a household.",
    fields={"householdId": "id", "accountId": "id", "effectiveFrom": "date", "bookVersion": "integer"},
)
ACCOUNT_LEFT = register(
    "clients.account.left",
    description="An account left a household.",
    fields={"householdId": "id", "accountId": "id", "effectiveTo": "date", "bookVersion": "integer"},
)
ACCOUNT_OPENED = register(
    "clients.account.opened",
    description="An account was entered by hand.",
    fields={"accountId": "id", "bookVersion": "integer"},
)
ACCOUNT_CHANGED = register(
    "clients.account.changed",
    description="Something kept of an account was changed by hand.",
    fields={"accountId": "id", "version": "integer"},
)
SLEEVE_OPENED = register(
    "clients.sleeve.opened",
    description="An account got a sleeve, a part that is run by itself.",
    fields={"sleeveId": "id", "accountId": "id", "version": "integer"},
)
SLEEVE_CHANGED = register(
    "clients.sleeve.changed",
    description="Name, strategy or first day of a sleeve were changed.",
    fields={"sleeveId": "id", "accountId": "id", "version": "integer"},
)
SLEEVE_CLOSED = register(
    "clients.sleeve.closed",
    description="A sleeve was closed, or opened again.",
    fields={"sleeveId": "id", "accountId": "id", "version": "integer"},
)
ACCOUNT_CLOSED = register(
    "clients.account.closed",
    description="An account was closed, or opened again.",
    fields={"accountId": "id", "version": "integer", "isClosed": "boolean"},
)
LIABILITY_CREATED = register(
    "clients.liability.created",
    description="A debt was entered.",
    fields={"liabilityId": "id", "householdId": "id", "bookVersion": "integer"},
)
LIABILITY_CHANGED = register(
    "clients.liability.changed",
    description="Something kept of a debt was changed by hand.",
    fields={"liabilityId": "id", "version": "integer"},
)
DEBTORS_CHANGED = register(
    "clients.liability.owners_changed",
    description="Those who owe a debt were set from a day on.",
    fields={"liabilityId": "id", "version": "integer", "effectiveFrom": "date", "bookVersion": "integer"},
)
BALANCE_RECORDED = register(
    "clients.liability.balance_recorded",
    description="A balance of a debt was entered by hand.",
    fields={"liabilityId": "id", "day": "date", "bookVersion": "integer"},
)
BOOK_CREATED = register(
    "clients.book.created",
    description="A branch, team or representative's book was made.",
    fields={"bookId": "id"},
)
ACCOUNTS_ASSIGNED = register(
    "clients.accounts.assigned",
    description="Accounts were assigned to books from a day on.",
    fields={"accountIds": "ids", "bookIds": "ids", "effectiveFrom": "date", "bookVersion": "integer"},
)
NOTE_CHANGED = register(
    "clients.note.changed",
    description="A note was written, edited or removed.",
    fields={"noteId": "id", "subjectId": "id", "state": "text"},
)
TAGS_CHANGED = register(
    "clients.tags.changed",
    description="Tags were put on subjects, or taken off.",
    fields={"subjectIds": "ids", "tagIds": "ids", "isAdded": "boolean"},
)
SENSITIVE_REVEALED = register(
    "clients.sensitive.revealed",
    description="A person was shown a value that is kept encrypted.",
    fields={"subjectId": "id", "field": "text"},
)
REQUEST_SENT = register(
    "clients.request.sent",
    description="A client asked something of the firm, or said that what is kept is right.",
    fields={"requestId": "id", "subjectId": "id", "kind": "text"},
)
REQUEST_CLOSED = register(
    "clients.request.closed",
    description="The firm has dealt with what a client asked.",
    fields={"requestId": "id", "subjectId": "id", "kind": "text"},
)
