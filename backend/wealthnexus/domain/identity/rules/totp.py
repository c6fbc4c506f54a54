"""One-time passwords by time (RFC 6238 over RFC 4226, SHA-1, 6 digits, 30 seconds)."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1
_SECRET_BYTES = 20  # the length of the hash, as RFC 4226 section 4 recommends


def new_secret() -> bytes:
    return secrets.token_bytes(_SECRET_BYTES)


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of one time step; ``step`` is the unix time divided by 30, rounded down."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(instant: datetime) -> int:
    return int(instant.timestamp()) // STEP_SECONDS


def matching_step(secret: bytes, code: str, instant: datetime, last_step: int | None) -> int | None:
    """The step whose code this is, one step early or late allowed; None if wrong or used before.

    ``last_step``: the newest step already accepted; it and all before it are spent (RFC 6238 5.2).
    """
    now = step_of(instant)
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        # Every candidate is compared: the time taken says nothing about which one matched.
        if hmac.compare_digest(code_at(secret, step).encode(), code.encode()) and found is None:
            found = step
    if found is None or (last_step is not None and found <= last_step):
        return None
    return found


def base32(secret: bytes) -> str:
    """As people type it into an authenticator."""
    return base64.b32encode(secret).decode().rstrip("=")


def otpauth_uri(secret: bytes, *, firm_name: str, email: str) -> str:
    """What an authenticator reads from the QR code; issuer and label are the firm's."""
    label = quote(f"{firm_name}:{email}", safe="")
    parameters = {
        "secret": base32(secret),
        "issuer": firm_name,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": STEP_SECONDS,
    }
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote)}"
