"""Books of tax lots from the ledger: what the engine ``ledger.lots`` needs, read and played for a caller.

    loaded = await load_lot_books(reader, view, account_ids)   # at most 12 statements, whatever the accounts
    for book in loaded.books:                                  # accounts that are played together
        book.played.open_lots(), book.played.realised(), book.played.findings()

A correction that is tried: ``book.play(entries=…)`` and ``lots.changes(book.played, tried)``. A corporate
action before it posts: ``book.play(before=action.ex_date)`` and ``lots.preview``. An ``Entry`` is made of a
row by ``loaded.entry``. Keys are ids as text; ``loaded.accounts``, ``.securities`` and ``.sources`` say what
they are called. Everything is read under the caller's own row security: accounts that are hidden are in no
book, and ``is_partial`` says that there may be such accounts.
"""

from wealthnexus.domain.ledger.lot_books.load import (
    ENTRIES_MAX,
    EntrySource,
    LotBooks,
    TogetherBook,
    load_apart,
    load_lot_books,
)
from wealthnexus.domain.ledger.lot_books.reach import ACCOUNTS_MAX

__all__ = [
    "ACCOUNTS_MAX",
    "ENTRIES_MAX",
    "EntrySource",
    "LotBooks",
    "TogetherBook",
    "load_apart",
    "load_lot_books",
]
