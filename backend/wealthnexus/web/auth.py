"""The sign-in routes: JSON in, JSON out, cookies that scripts cannot read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, Literal

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wealthnexus.domain.identity.caller import Caller
from wealthnexus.domain.identity.errors import (
    AccountLocked,
    AuthenticationFailed,
    InvalidCode,
    RefreshAgain,
    SessionEnded,
    TooBusy,
)
from wealthnexus.domain.identity.service import joining, sessions, sign_in
from wealthnexus.domain.identity.service.sessions import SessionTokens, csrf_token
from wealthnexus.domain.identity.service.sign_in import EnrolmentNeeded, SignedIn, TotpNeeded
from wealthnexus.domain.identity.texts import STEP_UP_NEEDS_CODE
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import lookup_hash
from wealthnexus.kit.errors import (
    DomainError,
    Expired,
    LimitExceeded,
    NotFound,
    PermissionDenied,
    ValidationFailed,
)
from wealthnexus.kit.ratelimit import RateLimit
from wealthnexus.kit.telemetry import SIGN_INS
from wealthnexus.kit.text import message
from wealthnexus.runtime import Platform
from wealthnexus.web.context import (
    ForeignOrigin,
    Place,
    authenticate_request,
    check_csrf,
    cookie_names,
    origin_matches,
    place_of,
)
from wealthnexus.web.responses import JsonResponse, error_response

BODY_BYTES_MAX: Final = 65_536
_EMAIL_MAX, _PASSWORD_MAX, _TOKEN_MAX, _CODE_MAX = 320, 1_024, 200, 40
# An answer about an address takes at least this long, whether somebody has the address or not.
_ANSWER_SECONDS_MIN: Final = 0.25

PER_ADDRESS: Final = {
    "sign-in": RateLimit("sign-in", 60, 60),
    "totp": RateLimit("totp", 60, 60),
    "enrol": RateLimit("enrol", 30, 60),
    "refresh": RateLimit("refresh", 120, 60),
    "session": RateLimit("session", 240, 60),
    "step-up": RateLimit("step-up", 30, 60),
    "sign-out": RateLimit("sign-out", 60, 60),
    "password-reset": RateLimit("password-reset", 10, 60),
    "invitation": RateLimit("invitation", 30, 60),
}
RESETS_PER_PERSON: Final = RateLimit("password-reset-person", 5, 3_600)

_NOT_SIGNED_IN = message("web.not_signed_in", "Sign in first; nothing was done.")
_TOO_LARGE = message(
    "web.too_large", "The request has more than {limit, number} bytes; nothing was done.", limit=int
)
_NOT_JSON = message(
    "web.not_json", "The body is not a JSON object (content type application/json); nothing was done."
)
_BAD_FIELD = message(
    "web.bad_field",
    "{field} is missing or not a text of 1 to {limit, number} characters; nothing was done.",
    field=str,
    limit=int,
)
_TOO_MANY_ATTEMPTS = message(
    "web.too_many_attempts",
    "Too many attempts from this address. Try again in"
    " {seconds, plural, one {# second} other {# seconds}}; nothing was done.",
    seconds=int,
)


class TooManyAttempts(LimitExceeded):
    """A rate limit; ``retry_after_seconds`` says when one more may follow."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(_TOO_MANY_ATTEMPTS(seconds=retry_after_seconds))
        self.retry_after_seconds = retry_after_seconds


class BodyTooLarge(LimitExceeded):
    """More than 64 KiB."""

    def __init__(self) -> None:
        super().__init__(_TOO_LARGE(limit=BODY_BYTES_MAX))


class NotJson(ValidationFailed):
    """The body is no JSON object."""

    code = "BAD_USER_INPUT"

    def __init__(self) -> None:
        super().__init__(_NOT_JSON())


_STATUS: Final[dict[type[DomainError], HTTPStatus]] = {
    AccountLocked: HTTPStatus.LOCKED,
    AuthenticationFailed: HTTPStatus.UNAUTHORIZED,
    RefreshAgain: HTTPStatus.CONFLICT,
    TooBusy: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyAttempts: HTTPStatus.TOO_MANY_REQUESTS,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotJson: HTTPStatus.BAD_REQUEST,
    PermissionDenied: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Expired: HTTPStatus.GONE,
    ValidationFailed: HTTPStatus.UNPROCESSABLE_ENTITY,
}
_BUSY_RETRY_SECONDS: Final = 3

Handler = Callable[[Request, Place, dict[str, Any]], Awaitable[Response]]


def _route(limit: str) -> Callable[[Handler], Callable[[Request], Awaitable[Response]]]:
    """Origin, rate limit, size and shape of the body before the handler; errors as JSON after it."""

    def wrap(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        @wraps(handler)
        async def endpoint(request: Request) -> Response:
            place = place_of(request)
            try:
                if not origin_matches(request):
                    raise ForeignOrigin
                await _limit(place, PER_ADDRESS[limit], place.request.ip_address or "unknown")
                return await handler(request, place, await read_json(request))
            except DomainError as error:
                return _refused(request, place, error)

        return endpoint

    return wrap


async def _limit(place: Place, limit: RateLimit, who: str) -> None:
    verdict = await place.platform.rates.take(place.firm.id, limit, who)
    if not verdict.is_allowed:
        raise TooManyAttempts(verdict.retry_after_seconds)


async def read_json(request: Request) -> dict[str, Any]:
    """The body, at most 64 KiB, a JSON object; BodyTooLarge or NotJson otherwise."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    raw = bytearray()
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > BODY_BYTES_MAX:
            raise BodyTooLarge
    try:
        body = orjson.loads(bytes(raw)) if media_type == "application/json" else None
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise NotJson
    return body


def _text(body: dict[str, Any], field: str, limit: int) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= limit:
        raise ValidationFailed(_BAD_FIELD(field=field, limit=limit), path=(field,))
    return value


def _refused(request: Request, place: Place, error: DomainError) -> Response:
    status = next(
        (found for kind, found in _STATUS.items() if isinstance(error, kind)), HTTPStatus.UNPROCESSABLE_ENTITY
    )
    facts: dict[str, Any] = {"path": list(error.path)} if error.path else {}
    headers: dict[str, str] = {}
    retry = _retry_after_seconds(error)
    if retry is not None:
        facts["retryAfterSeconds"] = retry
        headers["retry-after"] = str(retry)
    response = error_response(request, status, error.code, error.message, headers=headers, **facts)
    if isinstance(error, SessionEnded):
        _clear_cookies(place, response)
    return response


def _retry_after_seconds(error: DomainError) -> int | None:
    if isinstance(error, AccountLocked | TooManyAttempts):
        return error.retry_after_seconds
    return _BUSY_RETRY_SECONDS if isinstance(error, TooBusy) else None


# Cookies.


def _set_cookies(place: Place, response: Response, tokens: SessionTokens) -> None:
    names = cookie_names(place.platform)
    access_seconds = _seconds_until(tokens.access_expires_at)
    session_seconds = _seconds_until(tokens.expires_at)
    csrf = csrf_token(place.platform.keyring, place.firm.id, tokens.session_id)
    _cookie(place, response, names.access, tokens.access, access_seconds, same_site="lax")
    _cookie(place, response, names.csrf, csrf, session_seconds, readable=True)
    if tokens.refresh is not None:
        _cookie(place, response, names.refresh, tokens.refresh, session_seconds, path="/auth")


def _clear_cookies(place: Place, response: Response) -> None:
    names = cookie_names(place.platform)
    _cookie(place, response, names.access, "", 0, same_site="lax")
    _cookie(place, response, names.csrf, "", 0, readable=True)
    _cookie(place, response, names.refresh, "", 0, path="/auth")


def _cookie(
    place: Place,
    response: Response,
    name: str,
    value: str,
    seconds: int,
    *,
    path: str = "/",
    same_site: Literal["lax", "strict"] = "strict",
    readable: bool = False,
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path=path,
        secure=place.platform.settings.public_scheme == "https",
        httponly=not readable,
        samesite=same_site,
    )


def _seconds_until(instant: datetime) -> int:
    return max(int((instant - clock.now()).total_seconds()), 0)


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


# Routes.


def _step(step: TotpNeeded | EnrolmentNeeded) -> Response:
    if isinstance(step, TotpNeeded):
        return JsonResponse({"next": "totp", "challenge": step.challenge})
    return JsonResponse({"next": "enrol", "challenge": step.challenge, **step.facts})


def _viewer(who: SignedIn | Caller) -> dict[str, Any]:
    """The person as the API's ``viewer`` names them: the same id, so that a page can tell who came back."""
    return {
        "id": to_global("User", who.user_id),
        "name": who.name,
        "email": who.email,
        "roles": sorted(who.roles),
        "kind": who.kind,
    }


def _done(place: Place, who: SignedIn) -> Response:
    body: dict[str, Any] = {
        "next": "done",
        "viewer": _viewer(who),
        "recoveryCodesLeft": who.recovery_codes_left,
        "accessExpiresAt": _instant(who.tokens.access_expires_at),
    }
    if who.recovery_codes:
        body["recoveryCodes"] = list(who.recovery_codes)
    response = JsonResponse(body)
    _set_cookies(place, response, who.tokens)
    return response


def _count(step: str, outcome: str) -> None:
    SIGN_INS.labels(f"{step}:{outcome}".lower()).inc()


@_route("sign-in")
async def sign_in_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    email, password = _text(body, "email", _EMAIL_MAX), _text(body, "password", _PASSWORD_MAX)
    try:
        step = await sign_in.sign_in(place.platform, place.firm, email, password, request=place.request)
    except AuthenticationFailed as error:
        _count("password", error.code)
        raise
    _count("password", "RIGHT")
    return _step(step)


@_route("totp")
async def totp_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    challenge, code = _text(body, "challenge", _TOKEN_MAX), _text(body, "code", _CODE_MAX)
    try:
        who = await sign_in.verify_totp(place.platform, place.firm, challenge, code, request=place.request)
    except AuthenticationFailed as error:
        _count("code", error.code)
        raise
    _count("code", "RIGHT")
    return _done(place, who)


@_route("enrol")
async def enrol_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    challenge, code = _text(body, "challenge", _TOKEN_MAX), _text(body, "code", _CODE_MAX)
    who = await sign_in.enrol(place.platform, place.firm, challenge, code, request=place.request)
    return _done(place, who)


@_route("refresh")
async def refresh_route(request: Request, place: Place, _body: dict[str, Any]) -> Response:
    token = request.cookies.get(cookie_names(place.platform).refresh)
    if token is None:
        raise SessionEnded(_NOT_SIGNED_IN())
    session_id = await sessions.session_of_refresh_token(place.platform, place.firm, token)
    if session_id is None:
        raise SessionEnded(_NOT_SIGNED_IN())
    check_csrf(request, session_id)
    tokens = await sessions.refresh(place.platform, place.firm, token, request=place.request)
    response = JsonResponse({"accessExpiresAt": _instant(tokens.access_expires_at)})
    _set_cookies(place, response, tokens)
    return response


@_route("sign-out")
async def sign_out_route(request: Request, place: Place, _body: dict[str, Any]) -> Response:
    """Works with an expired access token too, as long as the refresh cookie is there; never fails twice."""
    token = request.cookies.get(cookie_names(place.platform).refresh)
    session_id = None
    if token is not None:
        session_id = await sessions.session_of_refresh_token(place.platform, place.firm, token)
    if session_id is not None:
        check_csrf(request, session_id)
        await sessions.sign_out(place.platform, place.firm, session_id, request=place.request)
    response = JsonResponse({})
    _clear_cookies(place, response)
    return response


@_route("step-up")
async def step_up_route(request: Request, place: Place, body: dict[str, Any]) -> Response:
    caller = await authenticate_request(request)
    if caller is None:
        return _unauthenticated(request)
    if "code" not in body and "password" in body:
        raise InvalidCode(STEP_UP_NEEDS_CODE())
    code = _text(body, "code", _CODE_MAX)
    until = await sign_in.step_up(place.platform, caller, code, request=place.request)
    return JsonResponse({"steppedUpUntil": _instant(until)})


@_route("session")
async def session_route(request: Request, _place: Place, _body: dict[str, Any]) -> Response:
    caller = await authenticate_request(request)
    if caller is None:
        return _unauthenticated(request)
    return JsonResponse({"viewer": _viewer(caller), "accessExpiresAt": _instant(caller.access_expires_at)})


def _unauthenticated(request: Request) -> Response:
    return error_response(request, HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", _NOT_SIGNED_IN())


@_route("password-reset")
async def reset_request_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    email = _text(body, "email", _EMAIL_MAX)
    started_at = time.monotonic()
    # Who asked is nobody else's business, not even of whoever reads the counters.
    who = lookup_hash(place.platform.keyring.process_key("reset-limit"), email.strip().casefold()).hex()
    # Beyond the limit the answer is the same and nothing is sent: it must not tell who is here.
    if (await place.platform.rates.take(place.firm.id, RESETS_PER_PERSON, who)).is_allowed:
        await joining.request_password_reset(place.platform, place.firm, email, request=place.request)
    await asyncio.sleep(max(_ANSWER_SECONDS_MIN - (time.monotonic() - started_at), 0))
    return JsonResponse({})


@_route("password-reset")
async def reset_confirm_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    token, password = _text(body, "token", _TOKEN_MAX), _text(body, "password", _PASSWORD_MAX)
    await joining.confirm_password_reset(place.platform, place.firm, token, password, request=place.request)
    response = JsonResponse({})
    _clear_cookies(place, response)
    return response


@_route("invitation")
async def invitation_inspect_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    facts = await joining.inspect_invitation(place.platform, place.firm, _text(body, "token", _TOKEN_MAX))
    return JsonResponse({"email": facts.email, "name": facts.name, "firmName": facts.firm_name})


@_route("invitation")
async def invitation_accept_route(_request: Request, place: Place, body: dict[str, Any]) -> Response:
    token, password = _text(body, "token", _TOKEN_MAX), _text(body, "password", _PASSWORD_MAX)
    step = await joining.accept_invitation(place.platform, place.firm, token, password, request=place.request)
    return _step(step)


_ROUTES: Final = [
    Route("/sign-in", sign_in_route, methods=["POST"]),
    Route("/totp", totp_route, methods=["POST"]),
    Route("/enrol", enrol_route, methods=["POST"]),
    Route("/refresh", refresh_route, methods=["POST"]),
    Route("/sign-out", sign_out_route, methods=["POST"]),
    Route("/step-up", step_up_route, methods=["POST"]),
    Route("/session", session_route, methods=["POST"]),
    Route("/password-reset/request", reset_request_route, methods=["POST"]),
    Route("/password-reset/confirm", reset_confirm_route, methods=["POST"]),
    Route("/invitation/inspect", invitation_inspect_route, methods=["POST"]),
    Route("/invitation/accept", invitation_accept_route, methods=["POST"]),
]


def auth_routes(_platform: Platform) -> list[Route]:
    """For ``Mount("/auth", ...)``; the process is found through the request."""
    return list(_ROUTES)
