"""The custodian's word beside our books: compared by account and day, differences worked until none is left.

``rules`` compares, ``reconciling`` writes what came of it, ``acts`` are what people do about a difference,
``repository`` reads.
"""

from wealthnexus.domain.feeds.custody.acts import (
    REASON_CODES,
    AssignBreak,
    ReopenBreak,
    SignOffBreak,
    assign_break,
    reopen_break,
    sign_off_break,
)
from wealthnexus.domain.feeds.custody.desk import reconcile_now
from wealthnexus.domain.feeds.custody.reconciling import RECONCILE_JOB, Reconciled, reconcile, reconcile_due
from wealthnexus.domain.feeds.custody.rules import POLICY, Policy

__all__ = [
    "POLICY",
    "REASON_CODES",
    "RECONCILE_JOB",
    "AssignBreak",
    "Policy",
    "Reconciled",
    "ReopenBreak",
    "SignOffBreak",
    "assign_break",
    "reconcile",
    "reconcile_due",
    "reconcile_now",
    "reopen_break",
    "sign_off_break",
]
