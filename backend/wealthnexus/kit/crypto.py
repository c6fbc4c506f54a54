"""Envelope encryption: master key wraps a firm's key, the firm's key wraps a data key per subject.

AES-256-GCM throughout. The additional data names the place (table, column, row), so a ciphertext
moved to another row or another firm does not open. Destroying a subject's data key erases every
value under it while hashes over the ciphertext still verify.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = b"\x01"


class CryptoError(Exception):
    """A key is missing or a ciphertext does not belong where it was found."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value lives; part of the authenticated data."""

    tenant_id: UUID
    table: str
    column: str
    row_id: UUID

    def aad(self) -> bytes:
        return f"{self.tenant_id}|{self.table}|{self.column}|{self.row_id}".encode()


def encrypt(key: bytes, plaintext: bytes, place: Place) -> bytes:
    """Format byte, nonce, ciphertext with tag."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORMAT + nonce + AESGCM(key).encrypt(nonce, plaintext, place.aad())


def decrypt(key: bytes, blob: bytes, place: Place) -> bytes:
    """Opens what ``encrypt`` sealed; CryptoError if the key or the place is another."""
    if blob[:1] != _FORMAT:
        raise CryptoError(f"{place.table}.{place.column} holds an unknown ciphertext format {blob[:1]!r}")
    try:
        return AESGCM(key).decrypt(blob[1 : 1 + _NONCE_BYTES], blob[1 + _NONCE_BYTES :], place.aad())
    except InvalidTag:
        raise CryptoError(
            f"{place.table}.{place.column} of row {place.row_id} does not open with this key at this place"
        ) from None


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def derive(key: bytes, purpose: str) -> bytes:
    """A sub-key for one purpose (HMAC-SHA256 as a PRF), e.g. look-up hashes."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def lookup_hash(key: bytes, value: str) -> bytes:
    """Keyed hash of a normalised value, for finding an encrypted value without opening any."""
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


def token_hash(token: str) -> bytes:
    """SHA-256 of a random token of at least 128 bits (no salt needed at that entropy)."""
    return hashlib.sha256(token.encode()).digest()


def load_or_make_master_key(path: Path, *, may_make: bool) -> bytes:
    """The 32-byte master key (base64 in a 0600 file). Made once, only where ``may_make``."""
    if not path.exists():
        if not may_make:
            raise CryptoError(
                f"the master key file {path} does not exist; restore it, data under it cannot be read"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(base64.b64encode(new_key()).decode() + "\n")
        try:
            os.link(temporary, path)  # the first process wins, the others read its key
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    try:
        key = base64.b64decode(path.read_text().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise CryptoError(
            f"the master key file {path} holds {len(key)} bytes, expected {KEY_BYTES} in base64"
        )
    return key
