"""Which kinds of command can be approved, by whom, and what executes them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import UnitOfWork

_KIND: Final = re.compile(r"^[a-z]+\.[a-z_]+$")
QUORUM_MAX: Final = 10


@dataclass(frozen=True, slots=True)
class Policy:
    """Who must agree: ``quorum`` people other than the maker who hold ``permission``.

    ``needs_step_up``: each proves itself again first. ``owner_role``: whose queue the work item is in.
    """

    permission: str = "approvals.decide"
    quorum: int = 1
    needs_step_up: bool = True
    expires_after: timedelta = timedelta(days=7)
    owner_role: str | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.quorum <= QUORUM_MAX:
            raise ValueError(f"a quorum of {self.quorum} was asked for, expected 1 to {QUORUM_MAX}")
        if self.expires_after <= timedelta():
            raise ValueError(f"an approval that expires after {self.expires_after} can never be given")

    def stored(self) -> dict[str, Any]:
        """As it is kept with each request: a policy that changes later changes no open request."""
        return {
            "permission": self.permission,
            "quorum": self.quorum,
            "needs_step_up": self.needs_step_up,
            "never_maker": True,
        }


@dataclass(frozen=True, slots=True)
class ApprovedCommand:
    """What the executor is told beside the command: for whom it acts."""

    request_id: UUID
    maker: Actor
    reason: str | None
    subject_id: UUID | None


# Gets the stored command, exactly as it was hashed, and who asked for it. A DomainError fails the request
# and undoes what the executor did, the decision stays; any other exception undoes the decision too.
Executor = Callable[[UnitOfWork, dict[str, Any], ApprovedCommand], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class CommandKind:
    kind: str
    executor: Executor
    policy: Policy


_kinds: dict[str, CommandKind] = {}


def register_command(kind: str, executor: Executor, policy: Policy | None = None) -> None:
    """Declare a kind of command (``room.verb``) at import of its room; ValueError when doubled."""
    if not _KIND.match(kind):
        raise ValueError(f"the command kind {kind!r} is not named room.verb")
    entry = CommandKind(kind, executor, policy or Policy())
    known = _kinds.setdefault(kind, entry)
    if known.executor is not executor:
        raise ValueError(f"two executors want the command kind {kind!r}")


def command_kind(kind: str) -> CommandKind:
    try:
        return _kinds[kind]
    except KeyError:
        raise ValueError(f"no room has registered the command kind {kind!r}") from None
