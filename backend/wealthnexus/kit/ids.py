"""Identifiers: UUIDv7 (RFC 9562) made here, never by a database default."""

from __future__ import annotations

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ms = 0
_counter = 0
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}
_B32 = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> UUID:
    """A UUIDv7, strictly increasing within the process (12-bit counter, RFC 9562 section 6.2 method 1)."""
    global _last_ms, _counter  # noqa: PLW0603
    with _lock:
        now = time.time_ns() // 1_000_000
        if now <= _last_ms:
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
        else:
            _last_ms = now
            _counter = int.from_bytes(os.urandom(1), "big")
        ms, counter = _last_ms, _counter
    tail = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(ms << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | tail)


def new_id_hexes(count: int) -> list[str]:
    """``count`` identifiers as ``new_id`` makes them, as 32 hex digits each, for writing rows in bulk."""
    global _last_ms, _counter  # noqa: PLW0603
    tails = os.urandom(8 * count).hex()
    found = []
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms, _counter = now, int.from_bytes(os.urandom(1), "big")
        for start in range(0, 16 * count, 16):
            _counter += 1
            if _counter > 0xFFF:
                _last_ms += 1
                _counter = 0
            variant = _VARIANT[tails[start]]
            found.append(f"{_last_ms:012x}7{_counter:03x}{variant}{tails[start + 1 : start + 16]}")
    return found


def to_base32(value: UUID) -> str:
    """The 26-character Crockford form, for peers that want text (order ids, references)."""
    number = value.int
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(_B32[digit])
    return "".join(reversed(digits))
