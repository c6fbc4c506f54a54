"""Drafts of imports: files of others mapped to the bundle, looked at row by row, mended, then imported.

A draft belongs to the person who made it and lives as long as the upload it is of.
"""

from wealthnexus.domain.feeds.drafts.mapping import DraftMapping, FileMapping, headers_of
from wealthnexus.domain.feeds.drafts.rows import ROWS_MAX, DraftRow, Judged, draft_rows, problems_by_line
from wealthnexus.domain.feeds.drafts.service import (
    CellEdit,
    Draft,
    create_draft,
    discard_draft,
    find_draft,
    map_draft,
    mend_draft,
    open_drafts,
    replace_in_draft,
    request_draft,
    skip_rows,
)
from wealthnexus.domain.feeds.drafts.verdicts import counts, lines_of, verdicts_of

__all__ = [
    "ROWS_MAX",
    "CellEdit",
    "Draft",
    "DraftMapping",
    "DraftRow",
    "FileMapping",
    "Judged",
    "counts",
    "create_draft",
    "discard_draft",
    "draft_rows",
    "find_draft",
    "headers_of",
    "lines_of",
    "map_draft",
    "mend_draft",
    "open_drafts",
    "problems_by_line",
    "replace_in_draft",
    "request_draft",
    "skip_rows",
    "verdicts_of",
]
