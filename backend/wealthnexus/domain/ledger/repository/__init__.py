"""Every read of the ledger. One statement per call; parents' keys in, rows out."""

from wealthnexus.domain.ledger.repository.counts import (
    household_position_count,
    position_counts,
    transaction_counts,
)
from wealthnexus.domain.ledger.repository.groups import (
    HoldingGroup,
    HoldingGrouping,
    groups_of_accounts,
    groups_of_households,
    groups_together,
)
from wealthnexus.domain.ledger.repository.identical import identical_by_id, identical_count, identical_page
from wealthnexus.domain.ledger.repository.positions import PositionRow, positions_by_account, positions_page
from wealthnexus.domain.ledger.repository.transactions import (
    Provenance,
    TransactionFilter,
    TransactionOrder,
    TransactionOrderField,
    TransactionRow,
    transactions_by_account,
    transactions_by_ids,
    transactions_count,
    transactions_page,
)

__all__ = [
    "HoldingGroup",
    "HoldingGrouping",
    "PositionRow",
    "Provenance",
    "TransactionFilter",
    "TransactionOrder",
    "TransactionOrderField",
    "TransactionRow",
    "groups_of_accounts",
    "groups_of_households",
    "groups_together",
    "household_position_count",
    "identical_by_id",
    "identical_count",
    "identical_page",
    "position_counts",
    "positions_by_account",
    "positions_page",
    "transaction_counts",
    "transactions_by_account",
    "transactions_by_ids",
    "transactions_count",
    "transactions_page",
]
