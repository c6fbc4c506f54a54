"""The tables of this room: people and entities, households, accounts, debts, books, and the desk's own."""

from wealthnexus.domain.clients.models.accounts import (
    account_beneficiaries,
    account_owners,
    account_securities,
    account_terms,
    accounts,
    portfolios,
)
from wealthnexus.domain.clients.models.books import account_assignments, books
from wealthnexus.domain.clients.models.desk import notes, saved_views, search_words, subject_tags, tags
from wealthnexus.domain.clients.models.households import household_accounts, household_members, households
from wealthnexus.domain.clients.models.liabilities import liabilities, liability_balances, liability_owners
from wealthnexus.domain.clients.models.parties import (
    parties,
    party_contacts,
    party_ownerships,
    party_relationships,
)
from wealthnexus.domain.clients.models.requests import client_requests
from wealthnexus.domain.clients.models.summaries import household_summaries, summarised_days

__all__ = [
    "account_assignments",
    "account_beneficiaries",
    "account_owners",
    "account_securities",
    "account_terms",
    "accounts",
    "books",
    "client_requests",
    "household_accounts",
    "household_members",
    "household_summaries",
    "households",
    "liabilities",
    "liability_balances",
    "liability_owners",
    "notes",
    "parties",
    "party_contacts",
    "party_ownerships",
    "party_relationships",
    "portfolios",
    "saved_views",
    "search_words",
    "subject_tags",
    "summarised_days",
    "tags",
]
