"""Signing in: password, then a code from the authenticator; the first time, enrolling it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import events, repository, texts
from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.errors import AccountLocked, InvalidCode, InvalidCredentials
from wealthnexus.domain.identity.permissions import Role
from wealthnexus.domain.identity.records import record, record_failed_attempt
from wealthnexus.domain.identity.rules import lockout, people, totp
from wealthnexus.domain.identity.service import strangers, tokens
from wealthnexus.domain.identity.service.ground import Ground
from wealthnexus.domain.identity.service.outcome import settle
from wealthnexus.domain.identity.service.second_factor import (
    enrolment_facts,
    issue_recovery_codes,
    sealed_secret,
    spend_code,
    spend_totp,
)
from wealthnexus.domain.identity.service.sessions import SessionTokens, start_session
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor, RequestInfo
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.errors import DomainError, ValidationFailed


@dataclass(frozen=True, slots=True)
class TotpNeeded:
    """The password was right; a code is next, within five minutes."""

    challenge: str


@dataclass(frozen=True, slots=True)
class EnrolmentNeeded:
    """The password was right and there is no authenticator yet. ``facts``: secret, otpauthUri, qrSvg."""

    challenge: str
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Both factors were right."""

    tokens: SessionTokens
    user_id: UUID
    name: str
    email: str
    kind: str
    roles: frozenset[Role]
    recovery_codes_left: int
    recovery_codes: tuple[str, ...] = ()


async def sign_in(
    ground: Ground, firm: FirmInfo, email: str, password: str, *, request: RequestInfo
) -> TotpNeeded | EnrolmentNeeded:
    """The first step. InvalidCredentials (the same whatever is wrong) or AccountLocked.

    An unknown address takes as long as a known one and is locked after as many failures.
    """
    try:
        address = people.normalised_email(email)
    except ValidationFailed:
        await ground.passwords.verify(None, password)
        raise InvalidCredentials from None
    async with ground.db.reading(Binding(firm.id)) as reader:
        user = await repository.user_by_email(reader, address)
    if user is None or user.status != "ACTIVE" or user.password_hash is None:
        await strangers.refuse_while_locked(ground, firm, address)
        await ground.passwords.verify(None, password)
        await strangers.count_failure(ground, firm, address)
        raise InvalidCredentials
    if left := lockout.seconds_left(user.locked_until, clock.now()):
        raise AccountLocked(left)
    if not await ground.passwords.verify(user.password_hash, password):
        await _refuse(ground, firm, user.id, InvalidCredentials(), request=request)
    new_hash = None
    if ground.passwords.is_outdated(user.password_hash):
        new_hash = await ground.passwords.hash(password)

    async def work(uow: UnitOfWork) -> TotpNeeded | EnrolmentNeeded | DomainError:
        current = await repository.user_for_update(uow, user.id)
        if current is None or current.status != "ACTIVE" or current.password_hash != user.password_hash:
            return InvalidCredentials()
        if left := lockout.seconds_left(current.locked_until, clock.now()):
            return AccountLocked(left)
        if new_hash is not None:
            await repository.update_user(uow, user.id, {"password_hash": new_hash})
        return await next_step(uow, firm, current)

    return await settle(ground, firm, work, request=request)


async def next_step(uow: UnitOfWork, firm: FirmInfo, user: Row[Any]) -> TotpNeeded | EnrolmentNeeded:
    """After a right password: the code, or enrolment when there is no authenticator yet."""
    if user.mfa_enrolled_at is not None:
        return TotpNeeded(await tokens.issue_token(uow, user.id, "sign_in"))
    secret = totp.new_secret()
    challenge = await tokens.issue_token(uow, user.id, "enrolment", payload=secret)
    return EnrolmentNeeded(challenge, enrolment_facts(secret, firm, user.email))


async def _refuse(
    ground: Ground, firm: FirmInfo, user_id: UUID, error: DomainError, *, request: RequestInfo
) -> None:
    """Counts a failed password and raises ``error``, or AccountLocked when this failure locks."""

    async def work(uow: UnitOfWork) -> DomainError | None:
        user = await repository.user_for_update(uow, user_id)
        return error if user is None else await _count_failure(uow, user, error)

    await settle(ground, firm, work, request=request)


async def _count_failure(uow: UnitOfWork, user: Row[Any], error: DomainError) -> DomainError:
    """One more failure on a locked row: what to answer. A lock that runs already is not extended."""
    now = clock.now()
    if left := lockout.seconds_left(user.locked_until, now):
        return AccountLocked(left)
    failed = user.failed_count + 1
    until = lockout.locked_until(failed, now)
    await repository.update_user(uow, user.id, {"failed_count": failed, "locked_until": until})
    await record_failed_attempt(uow, user.id, user.name, failed)
    if until is None:
        return error
    seconds = lockout.lock_seconds(failed)
    await record(
        uow,
        events.USER_LOCKED,
        summary=texts.AUDIT_LOCKED(seconds=seconds, count=failed),
        user_id=user.id,
        user_name=user.name,
        payload={"userId": user.id, "seconds": seconds},
        details={"failedAttempts": failed, "seconds": seconds},
    )
    return AccountLocked(seconds)


async def verify_totp(
    ground: Ground, firm: FirmInfo, challenge: str, code: str, *, request: RequestInfo
) -> SignedIn:
    """The second step, with a six-digit or a recovery code. InvalidCode or AccountLocked."""

    async def right(uow: UnitOfWork, user: Row[Any], _payload: bytes | None) -> tuple[str, ...] | None:
        return () if await spend_code(uow, user, code) else None

    return await _second_step(ground, firm, challenge, "sign_in", right, request=request)


async def enrol(
    ground: Ground, firm: FirmInfo, challenge: str, code: str, *, request: RequestInfo
) -> SignedIn:
    """The first code of a new authenticator: stores its secret, gives ten recovery codes, signs in."""

    async def right(uow: UnitOfWork, user: Row[Any], secret: bytes | None) -> tuple[str, ...] | None:
        if secret is None or user.mfa_enrolled_at is not None:
            return None
        now = clock.now()
        step = totp.matching_step(secret, "".join(code.split()), now, None)
        if step is None:
            return None
        await repository.update_user(
            uow,
            user.id,
            {
                "totp_secret": await sealed_secret(uow, user.id, secret),
                "totp_last_step": step,
                "mfa_enrolled_at": now,
            },
            edit=True,
        )
        await tokens_end(uow, user.id, now)
        await record(
            uow,
            events.SECOND_FACTOR_ENROLLED,
            summary=texts.AUDIT_ENROLLED(),
            user_id=user.id,
            user_name=user.name,
            payload={"userId": user.id},
        )
        return tuple(await issue_recovery_codes(uow, user.id))

    return await _second_step(ground, firm, challenge, "enrolment", right, request=request)


async def tokens_end(uow: UnitOfWork, user_id: UUID, at: datetime) -> None:
    """Other sign-ins of this person that wait for an enrolment are over."""
    await repository.end_tokens(uow, user_id, ["enrolment"], at)


async def _second_step(
    ground: Ground,
    firm: FirmInfo,
    challenge: str,
    purpose: tokens.Purpose,
    right: Callable[[UnitOfWork, Row[Any], bytes | None], Awaitable[tuple[str, ...] | None]],
    *,
    request: RequestInfo,
) -> SignedIn:
    """``right`` judges the code on the locked user; new recovery codes, or None when it is wrong."""
    async with ground.db.reading(Binding(firm.id)) as reader:
        waiting = await tokens.find_token(reader, challenge, purpose)
        user = await repository.user_by_id(reader, waiting.user_id) if waiting is not None else None
    if waiting is None or user is None:
        raise InvalidCode(texts.CHALLENGE_OVER())
    user_id = UUID(str(user.id))

    async def work(uow: UnitOfWork) -> SignedIn | DomainError:
        now = clock.now()
        current = await repository.user_for_update(uow, user_id)
        token = await tokens.find_token(uow, challenge, purpose)
        if current is None or token is None or current.status != "ACTIVE":
            return InvalidCode(texts.CHALLENGE_OVER())
        if left := lockout.seconds_left(current.locked_until, now):
            return AccountLocked(left)
        payload = await tokens.payload_of(uow, token) if token.payload is not None else None
        new_codes = await right(uow, current, payload)
        if new_codes is None:
            await repository.count_attempt(uow, token.id, attempts_max=tokens.ATTEMPTS_MAX, at=now)
            return await _count_failure(uow, current, InvalidCode(texts.WRONG_CODE()))
        await repository.use_token(uow, token.id, now)
        await repository.update_user(
            uow, user_id, {"failed_count": 0, "locked_until": None, "last_sign_in_at": now}
        )
        session = await start_session(uow, ground.settings, firm, user_id, current.name)
        return SignedIn(
            tokens=session,
            user_id=user_id,
            name=current.name,
            email=current.email,
            kind=current.kind,
            roles=repository.role_set(current),
            recovery_codes_left=await repository.recovery_codes_left(uow, user_id),
            recovery_codes=new_codes,
        )

    return await settle(ground, firm, work, request=request, actor=Actor("user", user_id, user.name))


async def step_up(ground: Ground, caller: Caller, code: str, *, request: RequestInfo) -> datetime:
    """Proves the session again; until when sensitive acts are open. InvalidCode or AccountLocked."""

    async def work(uow: UnitOfWork) -> datetime | DomainError:
        now = clock.now()
        user = await repository.user_for_update(uow, caller.user_id)
        if user is None or user.status != "ACTIVE":
            return InvalidCode(texts.WRONG_CODE())
        if left := lockout.seconds_left(user.locked_until, now):
            return AccountLocked(left)
        if not await spend_totp(uow, user, "".join(code.split())):
            return await _count_failure(uow, user, InvalidCode(texts.WRONG_CODE()))
        until = now + timedelta(minutes=ground.settings.step_up_minutes)
        await repository.update_user(uow, user.id, {"failed_count": 0, "locked_until": None})
        await repository.update_session(uow, caller.session_id, {"stepped_up_until": until})
        await record(
            uow,
            events.SESSION_STEPPED_UP,
            summary=texts.AUDIT_STEPPED_UP(),
            user_id=user.id,
            user_name=user.name,
            payload={"userId": user.id, "sessionId": caller.session_id},
        )
        return until

    return await settle(ground, caller.firm, work, request=request, actor=caller.actor())
