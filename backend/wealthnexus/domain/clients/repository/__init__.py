"""Every read of clients: households, accounts, their figures over time, search. One statement per call."""

from wealthnexus.domain.clients.repository.accounts import (
    AccountFilter,
    AccountOrder,
    AccountOrderField,
    AccountRow,
    accounts_by_household_ids,
    accounts_by_ids,
    accounts_count,
    accounts_page,
)
from wealthnexus.domain.clients.repository.history import ValuePoint, firm_value_history, value_history
from wealthnexus.domain.clients.repository.households import (
    HouseholdFilter,
    HouseholdOrder,
    HouseholdOrderField,
    HouseholdRef,
    HouseholdRow,
    household_refs_by_account_ids,
    households_by_ids,
    households_page,
)
from wealthnexus.domain.clients.repository.search import SearchGroup, SearchHit, search
from wealthnexus.domain.clients.repository.totals import (
    FirmTotals,
    HouseholdTotals,
    firm_totals,
    households_totals,
)

__all__ = [
    "AccountFilter",
    "AccountOrder",
    "AccountOrderField",
    "AccountRow",
    "FirmTotals",
    "HouseholdFilter",
    "HouseholdOrder",
    "HouseholdOrderField",
    "HouseholdRef",
    "HouseholdRow",
    "HouseholdTotals",
    "SearchGroup",
    "SearchHit",
    "ValuePoint",
    "accounts_by_household_ids",
    "accounts_by_ids",
    "accounts_count",
    "accounts_page",
    "firm_totals",
    "firm_value_history",
    "household_refs_by_account_ids",
    "households_by_ids",
    "households_page",
    "households_totals",
    "search",
    "value_history",
]
