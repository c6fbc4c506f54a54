"""The one approvals engine: nobody does alone what the firm says needs two.

A room registers a kind of command with its executor and policy (``register_command``) and asks with
``request_approval``. What is approved is the exact command: it is stored, hashed, and executed as stored
in the transaction of the decision that completes the quorum. The maker never decides. Decisions are only
ever added to.
"""

from wealthnexus.domain.approvals.registry import ApprovedCommand, Executor, Policy, register_command
from wealthnexus.domain.approvals.rules import command_hash
from wealthnexus.domain.approvals.service import (
    Person,
    cancel,
    cancel_all_of,
    decide,
    expire_due,
    request_approval,
)

__all__ = [
    "ApprovedCommand",
    "Executor",
    "Person",
    "Policy",
    "cancel",
    "cancel_all_of",
    "command_hash",
    "decide",
    "expire_due",
    "register_command",
    "request_approval",
]
