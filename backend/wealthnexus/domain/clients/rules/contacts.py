"""How a person or entity is reached: e-mail addresses, telephone numbers, postal addresses."""

from __future__ import annotations

import re
from typing import Final

LABEL_CHARACTERS_MAX: Final = 40
_LIMITS: Final = {"email": 254, "phone": 40, "address": 400}
_EMAIL: Final = re.compile(r"[^\s@<>\"',;]{1,64}@([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_PHONE: Final = re.compile(r"\+?[0-9 ().\-/]{5,30}( ?(x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)
_DIGITS_MIN: Final = 7
_DIGITS_MAX: Final = 21


def contact_fault(kind: str, label: str, value: str) -> str | None:
    """What was expected when the contact is none of its kind; None when it is one."""
    label, value = normal_contact(kind, label, value)
    if len(label) > LABEL_CHARACTERS_MAX or not label.isprintable():
        return f"a label of at most {LABEL_CHARACTERS_MAX} printable characters"
    limit = _LIMITS.get(kind)
    if limit is None:
        return "an e-mail address, telephone number or postal address"
    if not 1 <= len(value) <= limit or not value.replace("\n", "").isprintable():
        return f"1 to {limit} printable characters"
    if kind == "email" and not _EMAIL.fullmatch(value):
        return "an e-mail address such as ann@example.com"
    if kind == "phone":
        digits = sum(character.isdigit() for character in value)
        if not _PHONE.fullmatch(value) or not _DIGITS_MIN <= digits <= _DIGITS_MAX:
            return "a telephone number of 7 to 21 digits, with its country code when it is abroad"
    return None


def normal_contact(kind: str, label: str, value: str) -> tuple[str, str]:
    """Label and value as they are kept: blanks folded, an address keeps its lines."""
    if kind == "address":
        lines = (" ".join(line.split()) for line in value.splitlines())
        return " ".join(label.split()), "\n".join(line for line in lines if line)
    return " ".join(label.split()), " ".join(value.split())
