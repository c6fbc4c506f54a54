"""The second factor: checking a code once, recovery codes, enrolment's secret."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import segno
from sqlalchemy import Row

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.identity import repository
from wealthnexus.domain.identity.rules import people, totp
from wealthnexus.kit import clock
from wealthnexus.kit.crypto import Place, decrypt, derive, encrypt, lookup_hash
from wealthnexus.kit.db.session import Reader, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.secrets import keys_of


def _place(reader: Reader, user_id: UUID) -> Place:
    return Place(reader.tenant_id, "users", "totp_secret", user_id)


async def sealed_secret(uow: UnitOfWork, user_id: UUID, secret: bytes) -> bytes:
    """The authenticator's secret as it is stored."""
    return encrypt(await keys_of(uow).firm_key(uow), secret, _place(uow, user_id))


async def spend_totp(uow: UnitOfWork, user: Row[Any], code: str) -> bool:
    """Whether the code is right and new; a right one is spent. The user's row must be locked."""
    if user.totp_secret is None:
        return False
    secret = decrypt(await keys_of(uow).firm_key(uow), user.totp_secret, _place(uow, user.id))
    step = totp.matching_step(secret, code, clock.now(), user.totp_last_step)
    if step is None:
        return False
    await repository.update_user(uow, user.id, {"totp_last_step": step})
    return True


async def spend_code(uow: UnitOfWork, user: Row[Any], code: str) -> bool:
    """The same for a six-digit code or a recovery code, whichever it is."""
    digits = "".join(code.split())
    if digits.isascii() and digits.isdigit() and len(digits) == totp.DIGITS:
        return await spend_totp(uow, user, digits)
    recovery = people.as_recovery_code(code)
    if recovery is None:
        return False
    code_hash = await _recovery_hash(uow, user.id, recovery)
    return await repository.use_recovery_code(uow, user.id, code_hash, clock.now())


async def _recovery_hash(uow: UnitOfWork, user_id: UUID, code: str) -> bytes:
    key = derive(await keys_of(uow).firm_key(uow), "recovery-codes")
    return lookup_hash(key, f"{user_id}:{code}")


async def issue_recovery_codes(uow: UnitOfWork, user_id: UUID) -> list[str]:
    """Ten new codes; all older ones stop working."""
    codes = people.new_recovery_codes()
    rows: list[Mapping[str, Any]] = [
        {"id": new_id(), "code_hash": await _recovery_hash(uow, user_id, code)} for code in codes
    ]
    await repository.replace_recovery_codes(uow, user_id, rows)
    return codes


def enrolment_facts(secret: bytes, firm: FirmInfo, email: str) -> dict[str, str]:
    """What the enrolment page shows: the secret in base32, the URI, the URI as a QR code."""
    uri = totp.otpauth_uri(secret, firm_name=firm.name, email=email)
    return {"secret": totp.base32(secret), "otpauthUri": uri, "qrSvg": qr_svg(uri)}


def qr_svg(text: str) -> str:
    """A QR code as plain SVG: no style, no script, current colour, so that any page may inline it."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        nl=False,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
    )
    return out.getvalue().decode()
