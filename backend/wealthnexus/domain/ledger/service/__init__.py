"""What may be done to the ledger; each in the caller's unit of work."""

from wealthnexus.domain.ledger.service.commands import (
    Corrected,
    Posted,
    TransactionCommand,
    TransactionPreview,
)
from wealthnexus.domain.ledger.service.correction_preview import (
    CorrectionPreview,
    UnitsChange,
    WashChange,
    preview_correction,
)
from wealthnexus.domain.ledger.service.identical import JudgeIdentical, judge_identical, withdraw_identical
from wealthnexus.domain.ledger.service.journals import (
    Journaled,
    SleeveEnd,
    SleeveJournal,
    journal_between_sleeves,
)
from wealthnexus.domain.ledger.service.posting import correct_transaction, post_transaction
from wealthnexus.domain.ledger.service.revaluation import revalue, value_business_date
from wealthnexus.domain.ledger.service.versions import BookHead, lock_book, next_book_version

__all__ = [
    "BookHead",
    "Corrected",
    "CorrectionPreview",
    "Journaled",
    "JudgeIdentical",
    "Posted",
    "SleeveEnd",
    "SleeveJournal",
    "TransactionCommand",
    "TransactionPreview",
    "UnitsChange",
    "WashChange",
    "correct_transaction",
    "journal_between_sleeves",
    "judge_identical",
    "lock_book",
    "next_book_version",
    "post_transaction",
    "preview_correction",
    "revalue",
    "value_business_date",
    "withdraw_identical",
]
