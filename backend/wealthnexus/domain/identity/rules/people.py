"""E-mail addresses, names and passwords: what is accepted and how it is compared."""

from __future__ import annotations

import re
import secrets
import unicodedata

from wealthnexus.domain.identity import texts
from wealthnexus.kit.errors import ValidationFailed

EMAIL_LENGTH_MAX = 254
NAME_LENGTH_MAX = 120
REASON_LENGTH_MAX = 1_000
PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 128
DIFFERENT_CHARACTERS_MIN = 5
RECOVERY_CODE_COUNT = 10

_EMAIL = re.compile(
    r"^[^@\s\"(),:;<>\[\]\\\x00-\x1f\x7f-\x9f]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$"
)
# They turn the direction of writing: a name could read on the screen as one that it is not.
_DIRECTIONS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_HALF = 5
# Long enough to pass the length rule and tried first by everybody who guesses.
_GUESSED_FIRST = (
    "password",
    "passwort",
    "qwerty",
    "letmein",
    "welcome",
    "iloveyou",
    "administrator",
    "changeme",
    "123456",
    "abcdef",
    "trustno1",
    "football",
    "baseball",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
    "superman",
    "starwars",
    "whatever",
)


def normalised_email(email: str, *, path: tuple[str, ...] = ("email",)) -> str:
    """The form by which people are found: NFKC, no blanks around, lower case. ValidationFailed if none."""
    text = unicodedata.normalize("NFKC", email).strip().casefold()
    if len(text) > EMAIL_LENGTH_MAX or not _EMAIL.match(text) or ".." in text:
        raise ValidationFailed(texts.BAD_EMAIL(email=repr(email[:80])), path=path)
    return text


def checked_name(name: str, *, path: tuple[str, ...] = ("name",)) -> str:
    """A person's name without blanks around and control characters; ValidationFailed if empty or too long."""
    text = " ".join(name.split())
    unfit = any(unicodedata.category(c) == "Cc" or c in _DIRECTIONS for c in text)
    if not text or len(text) > NAME_LENGTH_MAX or unfit:
        raise ValidationFailed(texts.BAD_NAME(count=len(text), limit=NAME_LENGTH_MAX), path=path)
    return text


def checked_reason(reason: str) -> str:
    """Why somebody did it, as the audit log keeps it; ValidationFailed if empty or too long."""
    text = reason.strip()
    if not 1 <= len(text) <= REASON_LENGTH_MAX:
        raise ValidationFailed(
            texts.NO_REASON(count=len(text), limit=REASON_LENGTH_MAX), path=("input", "reason")
        )
    return text


def normalised_name(name: str) -> str:
    """For sorting and searching: no accents, lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def check_password(password: str, *, email: str, firm_name: str) -> None:
    """ValidationFailed on a password that is too short, too long or among the first to be guessed.

    Length decides, not a mixture of characters (NIST SP 800-63B section 5.1.1.2).
    """
    length = len(password)
    if not PASSWORD_LENGTH_MIN <= length <= PASSWORD_LENGTH_MAX:
        raise ValidationFailed(
            texts.PASSWORD_LENGTH(count=length, least=PASSWORD_LENGTH_MIN, most=PASSWORD_LENGTH_MAX),
            path=("password",),
        )
    plain = re.sub(r"[^a-z0-9]", "", password.casefold())
    obvious = [*_GUESSED_FIRST, re.sub(r"[^a-z0-9]", "", firm_name.casefold())]
    obvious += [part for part in re.split(r"[^a-z0-9]+", email.casefold().split("@")[0]) if len(part) > 3]
    for word in obvious:
        # What is left around the guessable word must be a password of some length itself.
        if word and word in plain and len(plain.replace(word, "")) < PASSWORD_LENGTH_MIN // 2:
            raise ValidationFailed(texts.PASSWORD_GUESSABLE(), path=("password",))
    if len(set(password)) < DIFFERENT_CHARACTERS_MIN:
        raise ValidationFailed(
            texts.PASSWORD_MONOTONE(count=len(set(password)), least=DIFFERENT_CHARACTERS_MIN),
            path=("password",),
        )


def new_recovery_codes() -> list[str]:
    """Ten codes of ten characters (49 bits each) in two halves, to be shown once."""
    return [
        "-".join("".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(_RECOVERY_HALF)) for _ in range(2))
        for _ in range(RECOVERY_CODE_COUNT)
    ]


def as_recovery_code(text: str) -> str | None:
    """The code as it was issued, whatever blanks, dashes and capitals were typed; None if it is none."""
    plain = re.sub(r"[\s-]", "", text).casefold()
    if len(plain) != 2 * _RECOVERY_HALF or any(c not in _RECOVERY_ALPHABET for c in plain):
        return None
    return f"{plain[:_RECOVERY_HALF]}-{plain[_RECOVERY_HALF:]}"
