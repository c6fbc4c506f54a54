"""Corporate actions at work: what is announced, due, posted and contradicted, its effects, and its posting.

An action is told by a feed; what it does to the books are transactions (``SPLIT`` and the others), sent by a
custodian or posted here, as one act under one book version. Invariants: a holding is never given the entries
of one action twice; what a person tells of an action (the fraction of the basis, the price of a fraction)
stands under the version of the act and goes with it when it is taken back. Effects on lots are those of
``ledger.lots``.
"""

from wealthnexus.domain.actions.preview import AccountEffect, ActionPreview, Moved, Terms, preview_action
from wealthnexus.domain.actions.repository import (
    ActionCounts,
    ActionFilter,
    ActionRow,
    ActionState,
    Holding,
    action_by_id,
    action_counts,
    actions_count,
    actions_page,
    holdings_of,
)
from wealthnexus.domain.actions.service import ActionPosted, ActionReversed, post_action, reverse_action

__all__ = [
    "AccountEffect",
    "ActionCounts",
    "ActionFilter",
    "ActionPosted",
    "ActionPreview",
    "ActionReversed",
    "ActionRow",
    "ActionState",
    "Holding",
    "Moved",
    "Terms",
    "action_by_id",
    "action_counts",
    "actions_count",
    "actions_page",
    "holdings_of",
    "post_action",
    "preview_action",
    "reverse_action",
]
