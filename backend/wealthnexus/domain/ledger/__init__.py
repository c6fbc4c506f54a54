"""The ledger: append-only transactions under book versions, and what the books are worth.

Owns transactions, book versions and stored valuations. Invariants: rows are only added, a correction is a
reversal and a replacement; versions are in commit order, so that "as known then" never changes; the stored
valuations of the kept day equal the live computation; every position is rounded once and totals add the
rounded values. Reads are in ``repository``, writes in ``service``, the arithmetic in ``rules``. Tax lots: the
engine is ``lots``; ``lot_books`` reads what it needs and plays it (``load_lot_books``), also for a correction
or a corporate action that is only tried.
"""

from wealthnexus.domain.ledger.figures import (
    Explain,
    ExplainInput,
    ExplainMovement,
    ExplainPart,
    ExplainPosition,
    ExplainSource,
    ExplainTable,
    FigureReason,
    MoneyFigure,
)
from wealthnexus.domain.ledger.rules import Quality
from wealthnexus.domain.ledger.view import BookView, book_view, current_book_version, resolve_known_at

__all__ = [
    "BookView",
    "Explain",
    "ExplainInput",
    "ExplainMovement",
    "ExplainPart",
    "ExplainPosition",
    "ExplainSource",
    "ExplainTable",
    "FigureReason",
    "MoneyFigure",
    "Quality",
    "book_view",
    "current_book_version",
    "resolve_known_at",
]
