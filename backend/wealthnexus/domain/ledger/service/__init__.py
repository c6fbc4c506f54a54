"""What may be done to the ledger; each in the caller's unit of work."""

from wealthnexus.domain.ledger.service.commands import (
    Corrected,
    Posted,
    TransactionCommand,
    TransactionPreview,
)
from wealthnexus.domain.ledger.service.posting import correct_transaction, post_transaction
from wealthnexus.domain.ledger.service.revaluation import revalue, value_business_date
from wealthnexus.domain.ledger.service.versions import BookHead, lock_book, next_book_version

__all__ = [
    "BookHead",
    "Corrected",
    "Posted",
    "TransactionCommand",
    "TransactionPreview",
    "correct_transaction",
    "lock_book",
    "next_book_version",
    "post_transaction",
    "revalue",
    "value_business_date",
]
