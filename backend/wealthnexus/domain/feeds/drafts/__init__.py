"""Drafts of imports: files of others mapped to the bundle, looked at row by row, mended, then imported.

A draft belongs to the person who made it and lives as long as the upload it is of.
"""

from wealthnexus.domain.feeds.drafts.mapping import DraftMapping, FileMapping, headers_of
from wealthnexus.domain.feeds.drafts.rows import DraftRow, draft_rows
from wealthnexus.domain.feeds.drafts.service import (
    CellEdit,
    Draft,
    create_draft,
    discard_draft,
    find_draft,
    map_draft,
    mend_draft,
    request_draft,
)

__all__ = [
    "CellEdit",
    "Draft",
    "DraftMapping",
    "DraftRow",
    "FileMapping",
    "create_draft",
    "discard_draft",
    "draft_rows",
    "find_draft",
    "headers_of",
    "map_draft",
    "mend_draft",
    "request_draft",
]
