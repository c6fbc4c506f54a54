"""Subjects, the one work queue and the one findings table.

Any room registers what others may point at (``register_subject``), posts items for people
(``post_item``) and reports what its checks found (``post_finding``). An open item is unique per kind
and dedupe key, an open finding per code and dedupe key. Home is the list of open items.
"""

from wealthnexus.domain.work.kinds import ItemKind, item_kind, register_item_kind
from wealthnexus.domain.work.service import (
    Evidence,
    Fix,
    Worker,
    assign_item,
    cancel_item,
    close_findings,
    close_item_for,
    complete_item,
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
    "ItemKind",
    "Worker",
    "assign_item",
    "cancel_item",
    "close_findings",
    "close_item_for",
    "complete_item",
    "item_kind",
    "post_finding",
    "post_item",
    "register_item_kind",
    "register_subject",
    "register_subjects",
    "rename_subject",
    "resolve_finding",
    "subject_ref",
]
