"""What may be said of a person or entity: identifiers, dates, countries, and how they fit together.

Sources: the SSA's rules of 2011 for social security numbers (no area 000, 666 or 900 to 999, no group 00,
no serial 0000); IRS Publication 1915 for ITINs (9, then 50-65, 70-88, 90-92 or 94-99 as fourth and fifth
digits); the IRS's list of EIN prefixes; ISO 3166-1 alpha-2 for countries, ISO 3166-2 for jurisdictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from babel import Locale

KINDS: Final = ("person", "trust", "company", "estate")
STATUSES: Final = ("active", "prospect", "former", "deceased", "dissolved")
KYC_STATES: Final = ("not_started", "in_progress", "verified", "rejected")
RISK_PROFILES: Final = (
    "conservative",
    "moderately_conservative",
    "moderate",
    "moderately_aggressive",
    "aggressive",
)
TAX_ID_TYPES: Final = ("SSN", "ITIN", "EIN", "FOREIGN")
CONTACT_KINDS: Final = ("email", "phone", "address")
RELATIONSHIPS: Final = (
    "spouse",
    "former_spouse",
    "partner",
    "parent",
    "guardian",
    "sibling",
    "trustee",
    "grantor",
    "executor",
    "attorney",
    "accountant",
    "trusted_contact",
    "officer",
    "employer",
)
SYMMETRIC_RELATIONSHIPS: Final = frozenset({"spouse", "former_spouse", "partner", "sibling"})
MEMBER_ROLES: Final = ("head", "spouse", "partner", "child", "dependant", "entity")
BIRTH_DATE_MIN: Final = date(1890, 1, 1)
FORMED_ON_MIN: Final = date(1600, 1, 1)
# A grantor's own number stands for a revocable trust; a company of one member may use its member's.
_TAX_IDS_OF: Final = {
    "person": ("SSN", "ITIN", "FOREIGN"),
    "trust": ("EIN", "SSN", "ITIN", "FOREIGN"),
    "company": ("EIN", "SSN", "ITIN", "FOREIGN"),
    "estate": ("EIN", "FOREIGN"),
}
_EIN_PREFIXES: Final = frozenset(
    f"{prefix:02d}"
    for first, last in (
        (1, 6), (10, 16), (20, 27), (30, 48), (50, 68), (71, 77), (80, 88), (90, 95), (98, 99),
    )
    for prefix in range(first, last + 1)
)  # fmt: skip
_ITIN_GROUPS: Final = frozenset({*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)})
_FOREIGN: Final = re.compile(r"[A-Z0-9]{4,20}")
_JURISDICTION: Final = re.compile(r"([A-Z]{2})(-[A-Z0-9]{1,3})?")
# CLDR's territories that ISO 3166-1 does not assign.
_NOT_ISO: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
COUNTRIES: Final = frozenset(
    code
    for code in map(str, Locale("en").territories)
    if re.fullmatch("[A-Z]{2}", code) and code not in _NOT_ISO
)


class Fault(StrEnum):
    """Why a fact about a party is refused."""

    UNKNOWN_WORD = "UNKNOWN_WORD"
    MISSING = "MISSING"
    NOT_FOR_THIS_KIND = "NOT_FOR_THIS_KIND"
    BAD_TAX_ID = "BAD_TAX_ID"
    BAD_COUNTRY = "BAD_COUNTRY"
    TOO_EARLY = "TOO_EARLY"
    IN_THE_FUTURE = "IN_THE_FUTURE"
    BEFORE_BEGINNING = "BEFORE_BEGINNING"
    NEEDS_THE_OTHER = "NEEDS_THE_OTHER"


@dataclass(frozen=True, slots=True)
class Finding:
    """``field``: of ``PartyFacts``; ``expected`` in plain words, never with a sensitive value in it."""

    fault: Fault
    field: str
    expected: str


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """Everything kept of a party; words lower case, ``tax_id`` as it was typed."""

    kind: str
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    status: str = "active"
    birth_date: date | None = None
    tax_id: str | None = None
    tax_id_type: str | None = None
    citizenship: str | None = None
    residence: str | None = None
    jurisdiction: str | None = None
    formed_on: date | None = None
    ended_on: date | None = None
    kyc_state: str = "not_started"
    kyc_verified_on: date | None = None
    kyc_refresh_due: date | None = None
    risk_profile: str | None = None
    risk_assessed_on: date | None = None


def display_name(facts: PartyFacts) -> str:
    """The name given, else a person's given and family names; blanks folded; "" when there is none."""
    name = " ".join((facts.name or "").split())
    if name or facts.kind != "person":
        return name
    return " ".join(f"{facts.given_name or ''} {facts.family_name or ''}".split())


def normal_tax_id(text: str) -> str:
    """Letters and digits alone, capitals: how a tax id is stored, hashed and compared."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())


def tax_id_fault(type_: str, text: str) -> str | None:
    """What a tax id of ``type_`` should look like when ``text`` is none; None when it is one.

    The answer never repeats the value: it may be a real number with one digit wrong.
    """
    value = normal_tax_id(text)
    if type_ == "FOREIGN":
        return None if _FOREIGN.fullmatch(value) else "4 to 20 letters and digits"
    if not re.fullmatch(r"[0-9]{9}", value):
        return "9 digits"
    area, group, serial = int(value[:3]), int(value[3:5]), int(value[5:])
    if type_ == "SSN" and (area in (0, 666) or area >= 900 or group == 0 or serial == 0):
        return "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"
    if type_ == "ITIN" and (area < 900 or group not in _ITIN_GROUPS):
        return "a 9 first, then 50-65, 70-88, 90-92 or 94-99 as fourth and fifth digits"
    if type_ == "EIN" and value[:2] not in _EIN_PREFIXES:
        return "one of the IRS's two-digit prefixes first"
    return None


def check_party(facts: PartyFacts, today: date) -> list[Finding]:
    """Everything that does not fit, field by field; ``today``: the firm's business date."""
    if facts.kind not in KINDS:
        return [Finding(Fault.UNKNOWN_WORD, "kind", " or ".join(KINDS))]
    return [
        *_words(facts),
        *_names(facts),
        *_dates(facts, today),
        *_tax_id(facts),
        *_countries(facts),
        *_kyc_and_risk(facts),
    ]


def _words(facts: PartyFacts) -> Iterator[Finding]:
    for field, allowed in (
        ("status", STATUSES),
        ("kyc_state", KYC_STATES),
        ("risk_profile", RISK_PROFILES),
        ("tax_id_type", TAX_ID_TYPES),
    ):
        value = getattr(facts, field)
        if value is not None and value not in allowed:
            yield Finding(Fault.UNKNOWN_WORD, field, " or ".join(allowed))
    wrong = {"person": "dissolved"}.get(facts.kind, "deceased")
    if facts.status == wrong:
        yield Finding(Fault.NOT_FOR_THIS_KIND, "status", f"another status: a {facts.kind} is not {wrong}")


def _names(facts: PartyFacts) -> Iterator[Finding]:
    if not display_name(facts):
        yield Finding(Fault.MISSING, "name", "a name")
    if facts.kind != "person":
        for field in ("given_name", "family_name"):
            if getattr(facts, field) is not None:
                yield Finding(Fault.NOT_FOR_THIS_KIND, field, f"none: a {facts.kind} has one name")


def _dates(facts: PartyFacts, today: date) -> Iterator[Finding]:
    if facts.kind == "person":
        if facts.formed_on is not None:
            yield Finding(Fault.NOT_FOR_THIS_KIND, "formed_on", "none: a person is born, not formed")
    elif facts.birth_date is not None:
        yield Finding(Fault.NOT_FOR_THIS_KIND, "birth_date", f"none: a {facts.kind} is formed, not born")
    for field, first in (("birth_date", BIRTH_DATE_MIN), ("formed_on", FORMED_ON_MIN)):
        value: date | None = getattr(facts, field)
        if value is not None and value < first:
            yield Finding(Fault.TOO_EARLY, field, f"a day from {first}")
    for field in ("birth_date", "formed_on", "ended_on", "kyc_verified_on", "risk_assessed_on"):
        value = getattr(facts, field)
        if value is not None and value > today:
            yield Finding(Fault.IN_THE_FUTURE, field, f"a day up to {today}")
    began = facts.birth_date if facts.kind == "person" else facts.formed_on
    if facts.ended_on is not None and began is not None and facts.ended_on < began:
        yield Finding(Fault.BEFORE_BEGINNING, "ended_on", "a day not before the beginning")


def _tax_id(facts: PartyFacts) -> Iterator[Finding]:
    if (facts.tax_id is None) != (facts.tax_id_type is None):
        field = "tax_id" if facts.tax_id is None else "tax_id_type"
        yield Finding(Fault.NEEDS_THE_OTHER, field, "the number and its type together")
        return
    if facts.tax_id is None or facts.tax_id_type not in TAX_ID_TYPES:
        return
    allowed = _TAX_IDS_OF[facts.kind]
    if facts.tax_id_type not in allowed:
        yield Finding(Fault.NOT_FOR_THIS_KIND, "tax_id_type", f"{' or '.join(allowed)} for a {facts.kind}")
        return
    expected = tax_id_fault(facts.tax_id_type, facts.tax_id)
    if expected is not None:
        yield Finding(Fault.BAD_TAX_ID, "tax_id", expected)


def _countries(facts: PartyFacts) -> Iterator[Finding]:
    for field in ("citizenship", "residence"):
        value = getattr(facts, field)
        if value is not None and value not in COUNTRIES:
            yield Finding(Fault.BAD_COUNTRY, field, "an ISO 3166-1 country of two capitals such as US")
    if facts.jurisdiction is not None:
        found = _JURISDICTION.fullmatch(facts.jurisdiction)
        if found is None or found[1] not in COUNTRIES:
            yield Finding(Fault.BAD_COUNTRY, "jurisdiction", "a country or its part such as US-DE")


def _kyc_and_risk(facts: PartyFacts) -> Iterator[Finding]:
    if facts.kyc_state == "verified" and facts.kyc_verified_on is None:
        yield Finding(Fault.NEEDS_THE_OTHER, "kyc_verified_on", "the day on which it was verified")
    if (
        facts.kyc_verified_on is not None
        and facts.kyc_refresh_due is not None
        and facts.kyc_refresh_due <= facts.kyc_verified_on
    ):
        yield Finding(
            Fault.BEFORE_BEGINNING,
            "kyc_refresh_due",
            f"a day after the verification of {facts.kyc_verified_on}",
        )
    if facts.risk_assessed_on is not None and facts.risk_profile is None:
        yield Finding(Fault.NEEDS_THE_OTHER, "risk_profile", "the profile that was assessed")
