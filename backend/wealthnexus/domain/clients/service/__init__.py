"""What may be done to clients; each in the caller's unit of work."""

from wealthnexus.domain.clients.service.account_changes import AccountChanged, close_account, update_account
from wealthnexus.domain.clients.service.accounts import AccountCommand, AccountOpened, create_account
from wealthnexus.domain.clients.service.books import (
    ACCOUNTS_MAX,
    Assigned,
    Split,
    assign_accounts,
    create_book,
)
from wealthnexus.domain.clients.service.desk import (
    SUBJECTS_MAX,
    NoteChanged,
    Tagged,
    add_note,
    delete_view,
    edit_note,
    remove_note,
    save_view,
    tag_subjects,
    untag_subjects,
)
from wealthnexus.domain.clients.service.ground import Ties, changed_ties
from wealthnexus.domain.clients.service.households import (
    HouseholdRenamed,
    Membership,
    add_household_account,
    add_household_member,
    create_household,
    end_household_account,
    end_household_membership,
    rename_household,
)
from wealthnexus.domain.clients.service.liabilities import (
    Debtor,
    LiabilityChanged,
    LiabilityCommand,
    create_liability,
    record_liability_balance,
)
from wealthnexus.domain.clients.service.liability_changes import (
    LiabilityUpdated,
    set_liability_owners,
    update_liability,
)
from wealthnexus.domain.clients.service.owners import (
    Beneficiary,
    Owner,
    OwnersSet,
    set_account_beneficiaries,
    set_account_owners,
)
from wealthnexus.domain.clients.service.parties import (
    Contact,
    PartyChanged,
    create_party,
    set_party_contacts,
    update_party,
)
from wealthnexus.domain.clients.service.party_owners import (
    OwnershipSet,
    PartyOwner,
    PartyOwnersSet,
    set_party_owners,
    set_party_ownership,
)
from wealthnexus.domain.clients.service.relationships import Related, end_relationship, relate_parties
from wealthnexus.domain.clients.service.sensitive import reveal_sensitive
from wealthnexus.domain.clients.service.sleeves import (
    SleeveChanged,
    SleeveCommand,
    change_sleeve,
    close_sleeve,
    open_sleeve,
)
from wealthnexus.domain.clients.service.words import index_words

__all__ = [
    "ACCOUNTS_MAX",
    "SUBJECTS_MAX",
    "AccountChanged",
    "AccountCommand",
    "AccountOpened",
    "Assigned",
    "Beneficiary",
    "Contact",
    "Debtor",
    "HouseholdRenamed",
    "LiabilityChanged",
    "LiabilityCommand",
    "LiabilityUpdated",
    "Membership",
    "NoteChanged",
    "Owner",
    "OwnersSet",
    "OwnershipSet",
    "PartyChanged",
    "PartyOwner",
    "PartyOwnersSet",
    "Related",
    "SleeveChanged",
    "SleeveCommand",
    "Split",
    "Tagged",
    "Ties",
    "add_household_account",
    "add_household_member",
    "add_note",
    "assign_accounts",
    "change_sleeve",
    "changed_ties",
    "close_account",
    "close_sleeve",
    "create_account",
    "create_book",
    "create_household",
    "create_liability",
    "create_party",
    "delete_view",
    "edit_note",
    "end_household_account",
    "end_household_membership",
    "end_relationship",
    "index_words",
    "open_sleeve",
    "record_liability_balance",
    "relate_parties",
    "remove_note",
    "rename_household",
    "reveal_sensitive",
    "save_view",
    "set_account_beneficiaries",
    "set_account_owners",
    "set_liability_owners",
    "set_party_contacts",
    "set_party_owners",
    "set_party_ownership",
    "tag_subjects",
    "untag_subjects",
    "update_account",
    "update_liability",
    "update_party",
]
