"""For a developer's machine only: bearer tokens without a sign-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import repository
from wealthnexus.domain.identity.directory import PeopleFilter, people_page
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.rules import people as rules
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.domain.identity.service.sessions import SessionTokens, start_session
from wealthnexus.kit.context import RequestInfo, internal_request
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import NotFound, PolicyBlocked
from wealthnexus.kit.paging import PageRequest
from wealthnexus.kit.text import message

TOKEN_MINUTES: Final = 15
_ALLOWED: Final = ("development", "test")
_NOT_HERE = message(
    "identity.development_only",
    "This is for development only and refused in {environment}; nothing was done.",
    environment=str,
)
_NO_SUCH_PERSON = message(
    "identity.no_active_person",
    "No active person at {firm} has the e-mail {email}; no token was issued.",
    firm=str,
    email=str,
)
_NO_ADMIN = message(
    "identity.no_active_admin", "{firm} has no active administrator yet; no token was issued.", firm=str
)


def only_in_development(ground: Ground) -> None:
    """PolicyBlocked elsewhere."""
    if ground.settings.environment not in _ALLOWED:
        raise PolicyBlocked(_NOT_HERE(environment=ground.settings.environment))


async def issue_development_token(
    ground: Ground,
    firm: FirmInfo,
    email: str | None = None,
    *,
    minutes: int = TOKEN_MINUTES,
    request: RequestInfo | None = None,
) -> SessionTokens:
    """A bearer that acts as one person, by default the firm's first active administrator.

    PolicyBlocked outside development and test, NotFound when there is no such active person.
    """
    only_in_development(ground)
    async with ground.db.unit_of_work(Binding(firm.id), request=request or internal_request("token")) as uow:
        user = await _holder_of_token(uow, firm, email)
        return await start_session(
            uow,
            ground.settings,
            firm,
            user.id,
            user.name,
            kind="bearer",
            lifetime=timedelta(minutes=minutes),
        )


async def _holder_of_token(uow: UnitOfWork, firm: FirmInfo, email: str | None) -> Row[Any]:
    if email is not None:
        user = await repository.user_by_email(uow, rules.normalised_email(email))
        if user is None or user.status != "ACTIVE":
            raise NotFound(_NO_SUCH_PERSON(firm=firm.slug, email=email))
        return user
    wanted = PeopleFilter(statuses=("ACTIVE",), role=Role.FIRM_ADMIN)
    admins = await people_page(uow, wanted, PageRequest(1))
    if not admins.rows:
        raise NotFound(_NO_ADMIN(firm=firm.slug))
    return admins.rows[0]
