"""The caller: one authenticated person in one firm, and what that person may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from wealthnexus.domain.firms.info import FirmInfo
from wealthnexus.domain.identity import texts
from wealthnexus.domain.identity.permissions import Kind, Permission, Role, permissions_of
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import PermissionDenied, StepUpRequired


@dataclass(frozen=True, slots=True)
class Caller:
    """Made by ``authenticate`` alone. ``scope`` is ``limited`` for clients and book-limited staff."""

    firm: FirmInfo
    user_id: UUID
    name: str
    email: str
    kind: Kind
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    scope: Literal["firm", "limited"]
    session_id: UUID
    stepped_up_until: datetime | None
    access_expires_at: datetime
    via: Literal["cookie", "bearer"]

    def binding(self) -> Binding:
        """How the database sees this caller: clients come in by the role ``portal``."""
        return Binding(self.firm.id, self.user_id, self.scope, "portal" if self.kind == "CLIENT" else "app")

    def actor(self) -> Actor:
        return Actor("user", self.user_id, self.name)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """PermissionDenied unless the caller's roles and scope allow ``permission``."""
        if permission not in self.permissions:
            if self.scope == "limited" and permission in permissions_of(self.roles):
                raise PermissionDenied(texts.NOT_WHILE_LIMITED(permission=permission.value))
            roles = ", ".join(sorted(self.roles)) or "none"
            raise PermissionDenied(texts.NOT_ALLOWED(permission=permission.value, roles=roles))

    def is_stepped_up(self) -> bool:
        return self.stepped_up_until is not None and self.stepped_up_until > clock.now()

    def require_step_up(self) -> None:
        """StepUpRequired unless this session proved itself again within the last minutes."""
        if not self.is_stepped_up():
            raise StepUpRequired(texts.STEP_UP_FIRST())
