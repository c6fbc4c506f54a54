"""Taking an import back as a whole, while nothing else stands on it.

An import is all batches of its job. What it created no longer stands from the undo's version on, what it
replaced stands again under that version; nothing is deleted that history needs, so that what was known
before, during and after can each still be asked for.
"""

from wealthnexus.domain.feeds.undo.batches import PastImport, imports_page, one_import
from wealthnexus.domain.feeds.undo.blockers import Blocker
from wealthnexus.domain.feeds.undo.service import UndoPreview, preview_undo, request_undo

__all__ = [
    "Blocker",
    "PastImport",
    "UndoPreview",
    "imports_page",
    "one_import",
    "preview_undo",
    "request_undo",
]
