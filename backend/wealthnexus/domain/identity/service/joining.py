"""Joining the firm: invited by e-mail, accepted with a password; and a new password by e-mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from wealthnexus.domain.clients.repository import parties_by_ids
from wealthnexus.domain.clients.service import index_words
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import directory, events, repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.permissions import (
    FIRM_WIDE_ROLES,
    Permission,
    Role,
    kind_of,
    may_give,
    needs_second_person,
)
from wealthnexus.domain.identity.records import record
from wealthnexus.domain.identity.rules import people
from wealthnexus.domain.identity.service import tokens
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.domain.identity.service.mail import queue_mail
from wealthnexus.domain.identity.service.outcome import settle
from wealthnexus.domain.identity.service.sessions import end_sessions
from wealthnexus.domain.identity.service.sign_in import EnrolmentNeeded, TotpNeeded, next_step
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.context import RequestInfo
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import (
    Conflict,
    DomainError,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.kit.ids import new_id


def check_scope_of(roles: frozenset[Role], scope: str, *, path: tuple[str, ...]) -> None:
    """ValidationFailed for a role that concerns the whole firm in the hands of somebody limited to a part."""
    unfit = roles & FIRM_WIDE_ROLES
    if scope == "limited" and unfit:
        raise ValidationFailed(texts.ROLE_NOT_LIMITED(roles=", ".join(sorted(unfit))), path=path)


def roles_named(names: Iterable[str]) -> frozenset[Role]:
    """Roles by their names; ValidationFailed on none or a mixture of staff and clients."""
    roles = frozenset(Role(name) for name in names)
    if not roles:
        raise ValidationFailed(texts.ROLES_NONE(), path=("input", "roles"))
    try:
        kind_of(roles)
    except ValueError:
        raise ValidationFailed(
            texts.ROLES_MIXED(roles=", ".join(sorted(roles))), path=("input", "roles")
        ) from None
    return roles


async def invite_user(
    uow: UnitOfWork,
    caller: Caller,
    *,
    email: str,
    name: str,
    roles: frozenset[Role],
    scope: Literal["firm", "limited"] | None = None,
    party_id: UUID | None = None,
) -> UUID:
    """Invites a person by e-mail; returns the new user's id.

    PermissionDenied without ``users.invite``, with access to a part of the firm only, or for a role the
    caller may not give; ValidationFailed for a role that needs a second person; Conflict when the e-mail
    is taken; LimitExceeded beyond the tier. ``party_id``: who of the book this client is, NotFound when it
    is no living person, Conflict when that person can sign in already.
    """
    caller.require(Permission.USERS_INVITE)
    # Somebody new belongs to no book yet: who is limited to one could neither see nor count people.
    if caller.scope == "limited":
        raise PermissionDenied(texts.INVITE_LIMITED())
    for role in sorted(roles):
        if not may_give(caller.roles, role):
            raise PermissionDenied(texts.ROLE_NOT_YOURS_TO_GIVE(role=role.value), path=("input", "roles"))
    for role in sorted(roles):
        if needs_second_person(role):
            raise ValidationFailed(texts.ROLE_NEEDS_SECOND_PERSON(role=role.value), path=("input", "roles"))
    if party_id is not None:
        if kind_of(roles_named(roles)) == "STAFF":
            raise ValidationFailed(texts.PARTY_NOT_STAFF(), path=("input", "partyId"))
        await repository.lock_people(uow)
        await _check_party(uow, party_id)
    return await add_invited_user(
        uow, caller.firm, email=email, name=name, roles=roles, scope=scope, party_id=party_id,
        invited_by=caller.user_id,
    )  # fmt: skip


async def _check_party(uow: UnitOfWork, party_id: UUID) -> None:
    """The lock on people is held: nobody else becomes this person meanwhile."""
    party = (await parties_by_ids(uow, [party_id])).get(party_id)
    if party is None or party.kind != "person" or party.status == "deceased":
        raise NotFound(texts.NO_PARTY_TO_LINK(id=party_id), path=("input", "partyId"))
    for user in await directory.people_of_parties(uow, [party_id]):
        if user.status != "DEACTIVATED":
            raise Conflict(texts.PARTY_HAS_ACCESS(email=user.email), path=("input", "partyId"))


async def add_invited_user(
    uow: UnitOfWork,
    firm: FirmInfo,
    *,
    email: str,
    name: str,
    roles: frozenset[Role],
    scope: Literal["firm", "limited"] | None = None,
    party_id: UUID | None = None,
    invited_by: UUID | None = None,
) -> UUID:
    """The invitation itself, without asking who may: for ``invite_user`` and the installation's operator."""
    address = people.normalised_email(email, path=("input", "email"))
    full_name = people.checked_name(name, path=("input", "name"))
    kind = kind_of(roles_named(roles))
    check_scope_of(roles, scope or "firm", path=("input", "scope"))
    await repository.lock_people(uow)
    count = await repository.count_people(uow)
    if count >= firm.limit("users_max"):
        raise LimitExceeded(texts.TOO_MANY_PEOPLE(count=count, limit=firm.limit("users_max")))
    user_id, now = new_id(), clock.now()
    is_new = await repository.insert_user(
        uow,
        {
            "id": user_id,
            "email": email.strip(),
            "email_normalised": address,
            "name": full_name,
            "name_normalised": people.normalised_name(full_name),
            "kind": kind,
            "status": "INVITED",
            "scope": "limited" if kind == "CLIENT" else (scope or "firm"),
            "party_id": party_id,
            "failed_count": 0,
            "invited_at": now,
            "created_at": now,
            "version": 1,
        },
    )
    if not is_new:
        raise Conflict(texts.EMAIL_TAKEN(), path=("input", "email"))
    await register_subject(uow, user_id, "user", full_name)
    await index_words(uow, user_id, "USER", (full_name, email))
    await repository.replace_roles(uow, user_id, roles, granted_by=invited_by, at=now)
    await _send_invitation(uow, user_id, full_name, email.strip(), now)
    await record(
        uow,
        events.USER_INVITED,
        summary=texts.AUDIT_INVITED(roles=texts.role_words(roles)),
        user_id=user_id,
        user_name=full_name,
        payload={"userId": user_id, "kind": kind},
        details={"roles": sorted(roles), "kind": kind},
        personal={"email": email.strip()},
    )
    return user_id


async def _send_invitation(uow: UnitOfWork, user_id: UUID, name: str, email: str, now: datetime) -> None:
    token = await tokens.issue_token(uow, user_id, "invitation")
    until = now + tokens.LIFETIME["invitation"]
    await queue_mail(
        uow,
        "invitation",
        user_id=user_id,
        recipient=email,
        params={"name": name, "token": token, "until": until},
    )


async def resend_invitation(uow: UnitOfWork, caller: Caller, user_id: UUID) -> None:
    """A new link; the old one stops working. NotFound, PermissionDenied, or Conflict when not invited."""
    caller.require(Permission.USERS_INVITE)
    if caller.scope == "limited":
        raise PermissionDenied(texts.RESEND_LIMITED())
    user = await repository.user_for_update(uow, user_id)
    if user is None:
        raise NotFound(texts.NO_SUCH_USER(id=user_id), path=("input", "userId"))
    if user.status != "INVITED":
        raise Conflict(texts.USER_NOT_INVITED(status=user.status), current_version=user.version)
    for role in repository.role_set(user):
        if not may_give(caller.roles, role):
            raise PermissionDenied(texts.ROLE_NOT_YOURS_TO_GIVE(role=role.value))
    now = clock.now()
    await repository.end_tokens(uow, user_id, ["invitation"], now)
    await repository.update_user(uow, user_id, {"invited_at": now})
    await _send_invitation(uow, user_id, user.name, user.email, now)
    await record(
        uow,
        events.INVITATION_RESENT,
        summary=texts.AUDIT_INVITED_AGAIN(),
        user_id=user_id,
        user_name=user.name,
        payload={"userId": user_id},
    )


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What the invited person sees before choosing a password."""

    email: str
    name: str
    firm_name: str


async def inspect_invitation(ground: Ground, firm: FirmInfo, token: str) -> InvitationFacts:
    """NotFound when the link is unknown, used or too old."""
    async with ground.db.reading(Binding(firm.id)) as reader:
        row = await tokens.find_token(reader, token, "invitation")
        user = await repository.user_by_id(reader, row.user_id) if row is not None else None
    if user is None or user.status != "INVITED":
        raise NotFound(texts.LINK_OVER())
    return InvitationFacts(user.email, user.name, firm.name)


async def accept_invitation(
    ground: Ground, firm: FirmInfo, token: str, password: str, *, request: RequestInfo
) -> TotpNeeded | EnrolmentNeeded:
    """Sets the password and opens the account; enrolling an authenticator is next.

    Expired when the link is unknown, used or too old; ValidationFailed on a weak password.
    """
    facts = await _holder(ground, firm, token, "invitation")
    people.check_password(password, email=facts.email, firm_name=firm.name)
    password_hash = await ground.passwords.hash(password)

    async def work(uow: UnitOfWork) -> TotpNeeded | EnrolmentNeeded | DomainError:
        now = clock.now()
        user = await repository.user_for_update(uow, facts.user_id)
        row = await tokens.find_token(uow, token, "invitation")
        if user is None or row is None or user.status != "INVITED":
            return Expired(texts.LINK_OVER())
        await repository.end_tokens(uow, user.id, ["invitation"], now)
        await repository.update_user(
            uow,
            user.id,
            {"password_hash": password_hash, "password_changed_at": now, "status": "ACTIVE"},
            edit=True,
        )
        await record(
            uow,
            events.USER_ACTIVATED,
            summary=texts.AUDIT_ACTIVATED(),
            user_id=user.id,
            user_name=user.name,
            payload={"userId": user.id},
        )
        return await next_step(uow, firm, user)

    return await settle(ground, firm, work, request=request)


@dataclass(frozen=True, slots=True)
class _Holder:
    user_id: UUID
    email: str


async def _holder(ground: Ground, firm: FirmInfo, token: str, purpose: tokens.Purpose) -> _Holder:
    """Who holds a live link; Expired when nobody does."""
    async with ground.db.reading(Binding(firm.id)) as reader:
        row = await tokens.find_token(reader, token, purpose)
        user = await repository.user_by_id(reader, row.user_id) if row is not None else None
    if user is None:
        raise Expired(texts.LINK_OVER())
    return _Holder(UUID(str(user.id)), user.email)


async def request_password_reset(ground: Ground, firm: FirmInfo, email: str, *, request: RequestInfo) -> None:
    """Sends a link when somebody active has this e-mail; tells nobody whether it did."""
    try:
        address = people.normalised_email(email)
    except ValidationFailed:
        return

    async def work(uow: UnitOfWork) -> None:
        found = await repository.user_by_email(uow, address)
        user = await repository.user_for_update(uow, found.id) if found is not None else None
        if user is None or user.status != "ACTIVE":
            return
        now = clock.now()
        await repository.end_tokens(uow, user.id, ["password_reset"], now)
        token = await tokens.issue_token(uow, user.id, "password_reset")
        until = now + tokens.LIFETIME["password_reset"]
        await queue_mail(
            uow,
            "password_reset",
            user_id=user.id,
            recipient=user.email,
            params={"name": user.name, "token": token, "until": until},
        )
        await record(
            uow,
            events.PASSWORD_RESET_REQUESTED,
            summary=texts.AUDIT_RESET_REQUESTED(),
            user_id=user.id,
            user_name=user.name,
            payload={"userId": user.id},
        )

    await settle(ground, firm, work, request=request)


async def confirm_password_reset(
    ground: Ground, firm: FirmInfo, token: str, password: str, *, request: RequestInfo
) -> None:
    """Sets the new password and ends every session; the authenticator stays as it is.

    Expired when the link is unknown, used or too old; ValidationFailed on a weak password.
    """
    holder = await _holder(ground, firm, token, "password_reset")
    people.check_password(password, email=holder.email, firm_name=firm.name)
    password_hash = await ground.passwords.hash(password)

    async def work(uow: UnitOfWork) -> DomainError | None:
        now = clock.now()
        user = await repository.user_for_update(uow, holder.user_id)
        row = await tokens.find_token(uow, token, "password_reset")
        if user is None or row is None or user.status != "ACTIVE":
            return Expired(texts.LINK_OVER())
        await repository.end_tokens(uow, user.id, ["password_reset", "sign_in", "enrolment"], now)
        await repository.update_user(
            uow,
            user.id,
            {
                "password_hash": password_hash,
                "password_changed_at": now,
                "failed_count": 0,
                "locked_until": None,
            },
        )
        await end_sessions(uow, user.id, user.name, reason="PASSWORD_CHANGED")
        await queue_mail(
            uow, "password_changed", user_id=user.id, recipient=user.email, params={"name": user.name}
        )
        await record(
            uow,
            events.PASSWORD_CHANGED,
            summary=texts.AUDIT_PASSWORD_CHANGED(),
            user_id=user.id,
            user_name=user.name,
            payload={"userId": user.id},
        )
        return None

    await settle(ground, firm, work, request=request)
