"""Subjects, the one work queue and the one findings table.

Any room registers what others may point at (``register_subject``), posts items for people
(``post_item``) and reports what its checks found (``post_finding``). An open item is unique per kind
and dedupe key, an open finding per code and dedupe key. Home is the list of open items.
"""

from wealthnexus.domain.work.kinds import ItemKind, item_kind, register_item_kind
from wealthnexus.domain.work.many import (
    Found,
    Wanted,
    close_found,
    close_items,
    keep_findings,
    keep_items,
)
from wealthnexus.domain.work.service import (
    Evidence,
    Fix,
    Worker,
    assign_item,
    cancel_item,
    change_item_for,
    close_findings,
    close_item_for,
    complete_item,
    count_open_findings,
    post_finding,
    post_item,
    register_subject,
    register_subjects,
    rename_subject,
    resolve_finding,
    subject_ref,
)

__all__ = [
    "Evidence",
    "Fix",
    "Found",
    "ItemKind",
    "Wanted",
    "Worker",
    "assign_item",
    "cancel_item",
    "change_item_for",
    "close_findings",
    "close_found",
    "close_item_for",
    "close_items",
    "complete_item",
    "count_open_findings",
    "item_kind",
    "keep_findings",
    "keep_items",
    "post_finding",
    "post_item",
    "register_item_kind",
    "register_subject",
    "register_subjects",
    "rename_subject",
    "resolve_finding",
    "subject_ref",
]
