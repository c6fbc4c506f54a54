"""What identifies a security: forms, check digits, and the same thing in another scheme or notation.

CUSIP: ANSI X9.6, modulus 10 double-add-double over 9 characters. ISIN: ISO 6166, the Luhn formula over
the expanded digits. SEDOL: weights 1 3 1 7 3 9 1, no vowels. FIGI: ANSI X9.145, double-add-double over 12
characters, no vowels, third character G. LEI: ISO 17442, the two check digits of ISO 7064 MOD 97-10.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

SCHEMES: Final = ("SYMBOL", "CUSIP", "ISIN", "SEDOL", "FIGI", "LEI", "CUSTODIAN")
VALUE_CHARACTERS_MAX: Final = 60

_CUSIP: Final = re.compile(r"[0-9A-Z*@#]{8}[0-9]")
_ISIN: Final = re.compile(r"[A-Z]{2}[0-9A-Z]{9}[0-9]")
_SEDOL: Final = re.compile(r"[0-9B-DF-HJ-NP-TV-Z]{6}[0-9]")
_FIGI: Final = re.compile(r"[B-DF-HJ-NP-TV-Z]{2}G[0-9B-DF-HJ-NP-TV-Z]{8}[0-9]")
_LEI: Final = re.compile(r"[0-9A-Z]{18}[0-9]{2}")
# FIGI leaves out prefixes that would look like the country of an ISIN.
_FIGI_REFUSED_PREFIXES: Final = frozenset({"BS", "BM", "GG", "GB", "GH", "KY", "VG"})
_SEDOL_WEIGHTS: Final = (1, 3, 1, 7, 3, 9)
# Countries whose numbering agency puts the nine characters of the CUSIP into the ISIN.
_CUSIP_COUNTRIES: Final = ("US", "CA")


def _value(character: str) -> int:
    """0-9 for digits, 10-35 for A-Z, then * @ # as 36, 37, 38 (the CUSIP alphabet)."""
    if character.isdigit():
        return int(character)
    if "A" <= character <= "Z":
        return ord(character) - ord("A") + 10
    return 36 + "*@#".index(character)


def _double_add_double(body: str) -> int:
    """Check digit of CUSIP and FIGI: every second value doubled, the digits of each result added."""
    total = 0
    for position, character in enumerate(body):
        value = _value(character) * (2 if position % 2 else 1)
        total += value // 10 + value % 10
    return -total % 10


def cusip_check_digit(first_eight: str) -> int:
    """The ninth character of a CUSIP from its first eight."""
    return _double_add_double(first_eight)


def figi_check_digit(first_eleven: str) -> int:
    """The twelfth character of a FIGI from its first eleven."""
    return _double_add_double(first_eleven)


def isin_check_digit(first_eleven: str) -> int:
    """The twelfth character of an ISIN from its first eleven (letters become two digits, then Luhn)."""
    digits = "".join(str(_value(character)) for character in first_eleven)
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 if position % 2 else 2)
        total += value // 10 + value % 10
    return -total % 10


def sedol_check_digit(first_six: str) -> int:
    """The seventh character of a SEDOL from its first six."""
    total = sum(_value(c) * weight for c, weight in zip(first_six, _SEDOL_WEIGHTS, strict=True))
    return -total % 10


def lei_check_digits(first_eighteen: str) -> str:
    """The last two characters of an LEI from its first eighteen: the whole number is 1 modulo 97."""
    number = int("".join(str(_value(character)) for character in first_eighteen) + "00")
    return f"{98 - number % 97:02d}"


def is_cusip(text: str) -> bool:
    """Whether ``text`` is nine CUSIP characters whose check digit holds."""
    return _CUSIP.fullmatch(text) is not None and cusip_check_digit(text[:8]) == int(text[8])


def is_isin(text: str) -> bool:
    """Whether ``text`` is twelve ISIN characters whose check digit holds."""
    return _ISIN.fullmatch(text) is not None and isin_check_digit(text[:11]) == int(text[11])


def is_sedol(text: str) -> bool:
    """Whether ``text`` is seven SEDOL characters whose check digit holds."""
    return _SEDOL.fullmatch(text) is not None and sedol_check_digit(text[:6]) == int(text[6])


def is_figi(text: str) -> bool:
    """Whether ``text`` is twelve FIGI characters whose check digit holds."""
    return (
        _FIGI.fullmatch(text) is not None
        and text[:2] not in _FIGI_REFUSED_PREFIXES
        and figi_check_digit(text[:11]) == int(text[11])
    )


def is_lei(text: str) -> bool:
    """Whether ``text`` is twenty LEI characters whose check digits hold."""
    return _LEI.fullmatch(text) is not None and lei_check_digits(text[:18]) == text[18:]


# -- what is wrong with one ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class IdentifierFault:
    """``form``: not the characters of the scheme. ``check_digit``: ``expected`` would make it hold."""

    kind: Literal["form", "check_digit"]
    expected: str


# Length, form, and the check digits from what stands before them.
_CHECKED: Final[dict[str, tuple[re.Pattern[str], int, Callable[[str], str], str]]] = {
    "CUSIP": (_CUSIP, 8, lambda body: str(cusip_check_digit(body)), "9 letters and digits, the last a digit"),
    "ISIN": (_ISIN, 11, lambda body: str(isin_check_digit(body)), "a country's 2 letters and 10 characters"),
    "SEDOL": (_SEDOL, 6, lambda body: str(sedol_check_digit(body)), "7 characters without vowels"),
    "FIGI": (_FIGI, 11, lambda body: str(figi_check_digit(body)), "12 characters, the third of them G"),
    "LEI": (_LEI, 18, lei_check_digits, "20 letters and digits, the last two digits"),
}
_PLAIN: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")


def fault_of(scheme: str, value: str) -> IdentifierFault | None:
    """What is wrong with ``value`` in ``scheme``; None when it holds. ValueError for an unknown scheme.

    Symbols and custodians' codes have no check digit: any 1 to 60 printable characters hold.
    """
    if scheme not in SCHEMES:
        raise ValueError(f"{scheme!r} is no scheme of identifiers, expected one of {', '.join(SCHEMES)}")
    rule = _CHECKED.get(scheme)
    if rule is None:
        if len(value) <= VALUE_CHARACTERS_MAX and _PLAIN.fullmatch(value):
            return None
        return IdentifierFault("form", f"1 to {VALUE_CHARACTERS_MAX} printable characters")
    form, length, check, words = rule
    if not form.fullmatch(value) or (scheme == "FIGI" and value[:2] in _FIGI_REFUSED_PREFIXES):
        return IdentifierFault("form", words)
    right = check(value[:length])
    return None if value[length:] == right else IdentifierFault("check_digit", value[:length] + right)


def normalised_identifier(scheme: str, value: str) -> str:
    """As identifiers are kept: no blanks around or inside, capitals; a custodian's code as it is given."""
    if scheme == "CUSTODIAN":
        return value.strip()
    if scheme == "SYMBOL":
        return canonical_symbol(value)
    return "".join(value.split()).upper()


# -- the notations of a symbol -------------------------------------------------------------------------------

# The same share is ABRpD on the consolidated tape (CQS), ABR$D at NYSE and ABR-D at Nasdaq; units, warrants
# and rights likewise. The tape's notation is the canonical one.
_TAPE: Final = re.compile(r"([A-Z0-9]+)(p[A-Z]?w?|rw?|w)(?:\.[A-Z]+)*")
_PREFERRED: Final = re.compile(r"([A-Z0-9]+)[$-]([A-Z]?)")
_NASDAQ: Final = re.compile(r"([A-Z0-9]+)([=+^])([A-Z]?)")
_CLASS: Final = re.compile(r"([A-Z0-9]+)[./ ]([A-Z])")


def canonical_symbol(text: str) -> str:
    """A symbol in the notation of the consolidated tape: ``ABR$D`` and ``ABR-D`` are ``ABRpD``.

    Capitals, except the tape's own ``p`` and ``r``; ``BRK/B`` is ``BRK.B``.
    """
    given = text.strip()
    if _TAPE.fullmatch(given):
        return given
    upper = given.upper()
    if len(upper) > 1 and upper.endswith("#"):  # traded when issued
        return canonical_symbol(upper[:-1]) + "w"
    if found := _PREFERRED.fullmatch(upper):
        return f"{found[1]}p{found[2]}"
    if found := _NASDAQ.fullmatch(upper):
        base, sign, letter = found.groups()
        if sign == "+":
            return f"{base}.WS" + (f".{letter}" if letter else "")
        return f"{base}.U{letter}" if sign == "=" else f"{base}r{letter}"
    if found := _CLASS.fullmatch(upper):
        return f"{found[1]}.{found[2]}"
    return upper


def symbol_notations(text: str) -> tuple[str, ...]:
    """Every way the symbol may have been written down by a source, the canonical one first.

    A hyphen stands for a class of shares with some sources and for a preferred share with others: both
    are looked for.
    """
    canonical = canonical_symbol(text)
    found = [canonical, text.strip(), text.strip().upper()]
    if tape := re.fullmatch(r"([A-Z0-9]+)p([A-Z]?)", canonical):
        found += [f"{tape[1]}{sign}{tape[2]}" for sign in ("$", "-", ".PR", "/PR")]
    elif share := _CLASS.fullmatch(canonical):
        found += [f"{share[1]}{sign}{share[2]}" for sign in ("/", "-", " ")]
    if hyphen := re.fullmatch(r"([A-Z0-9]+)-([A-Z])", text.strip().upper()):
        found += [f"{hyphen[1]}{sign}{hyphen[2]}" for sign in (".", "/", " ")]
    return tuple(dict.fromkeys(found))


# -- the same thing in another scheme ------------------------------------------------------------------------


def isin_of(country: str, national: str) -> str:
    """The ISIN made of a country and its nine-character national number."""
    body = country + national.rjust(9, "0")
    return f"{body}{isin_check_digit(body)}"


def equivalents(scheme: str, value: str) -> tuple[tuple[str, str], ...]:
    """``(scheme, value)`` under which the same security may be kept, what was given first.

    A CUSIP stands inside US and Canadian ISINs, a SEDOL inside British ones.
    """
    found = [(scheme, value)]
    if scheme == "CUSIP" and is_cusip(value) and value.isalnum():
        found += [("ISIN", isin_of(country, value)) for country in _CUSIP_COUNTRIES]
    elif scheme == "SEDOL" and is_sedol(value):
        found.append(("ISIN", isin_of("GB", value)))
    elif scheme == "ISIN" and is_isin(value):
        if value[:2] in _CUSIP_COUNTRIES and is_cusip(value[2:11]):
            found.append(("CUSIP", value[2:11]))
        if value[:2] == "GB" and value[2:4] == "00" and is_sedol(value[4:11]):
            found.append(("SEDOL", value[4:11]))
    return tuple(found)


def schemes_of(text: str) -> tuple[tuple[str, str], ...]:
    """What a text that somebody typed may identify a security by: every scheme in which it holds."""
    bare = "".join(text.split()).upper()
    checked = ("ISIN", "CUSIP", "SEDOL", "FIGI", "LEI")
    found = [(scheme, bare) for scheme in checked if fault_of(scheme, bare) is None]
    return (*found, ("SYMBOL", canonical_symbol(text)), ("CUSTODIAN", text.strip()))
