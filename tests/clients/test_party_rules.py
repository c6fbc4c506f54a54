"""What may be said of a person or entity, by table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.clients.rules.party import (
    COUNTRIES,
    Fault,
    PartyFacts,
    check_party,
    display_name,
    normal_tax_id,
    tax_id_fault,
)

TODAY = date(2021, 3, 31)
ANN = PartyFacts(kind="person", given_name="Ann", family_name="Lee")


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("SSN", "219-09-9999", None),
        ("SSN", "219 09 9999", None),
        ("SSN", "899-99-9999", None),
        ("SSN", "000-12-3456", "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"),
        ("SSN", "666-12-3456", "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"),
        ("SSN", "900-12-3456", "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"),
        ("SSN", "219-00-3456", "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"),
        ("SSN", "219-09-0000", "a number the SSA assigns: not 000, 666 or 9xx first, not 00 or 0000 after"),
        ("SSN", "21909999", "9 digits"),
        ("SSN", "21909999X", "9 digits"),
        ("SSN", "٢١٩٠٩٩٩٩٩", "9 digits"),
        ("ITIN", "912-70-1234", None),
        ("ITIN", "912-50-1234", None),
        ("ITIN", "912-49-1234", "a 9 first, then 50-65, 70-88, 90-92 or 94-99 as fourth and fifth digits"),
        ("ITIN", "912-93-1234", "a 9 first, then 50-65, 70-88, 90-92 or 94-99 as fourth and fifth digits"),
        ("ITIN", "812-70-1234", "a 9 first, then 50-65, 70-88, 90-92 or 94-99 as fourth and fifth digits"),
        ("EIN", "12-3456789", None),
        ("EIN", "99-0000001", None),
        ("EIN", "07-3456789", "one of the IRS's two-digit prefixes first"),
        ("EIN", "00-3456789", "one of the IRS's two-digit prefixes first"),
        ("FOREIGN", "DE 12/345/67890", None),
        ("FOREIGN", "AB1", "4 to 20 letters and digits"),
    ],
)
def test_tax_ids(type_: str, text: str, expected: str | None) -> None:
    assert tax_id_fault(type_, text) == expected


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"birth_date": date(2021, 3, 31)}, []),
        ({"birth_date": date(2021, 4, 1)}, [("birth_date", Fault.IN_THE_FUTURE)]),
        ({"birth_date": date(1890, 1, 1)}, []),
        ({"birth_date": date(1889, 12, 31)}, [("birth_date", Fault.TOO_EARLY)]),
        ({"formed_on": date(2000, 1, 1)}, [("formed_on", Fault.NOT_FOR_THIS_KIND)]),
        ({"status": "dissolved"}, [("status", Fault.NOT_FOR_THIS_KIND)]),
        ({"status": "asleep"}, [("status", Fault.UNKNOWN_WORD)]),
        ({"tax_id": "219-09-9999"}, [("tax_id_type", Fault.NEEDS_THE_OTHER)]),
        ({"tax_id_type": "SSN"}, [("tax_id", Fault.NEEDS_THE_OTHER)]),
        ({"tax_id": "219-09-9999", "tax_id_type": "SSN"}, []),
        ({"tax_id": "12-3456789", "tax_id_type": "EIN"}, [("tax_id_type", Fault.NOT_FOR_THIS_KIND)]),
        ({"tax_id": "666-09-9999", "tax_id_type": "SSN"}, [("tax_id", Fault.BAD_TAX_ID)]),
        ({"citizenship": "US", "residence": "CH"}, []),
        ({"citizenship": "UK"}, [("citizenship", Fault.BAD_COUNTRY)]),
        ({"residence": "EU"}, [("residence", Fault.BAD_COUNTRY)]),
        ({"jurisdiction": "US-DE"}, []),
        ({"jurisdiction": "Delaware"}, [("jurisdiction", Fault.BAD_COUNTRY)]),
        (
            {"birth_date": date(1950, 5, 5), "ended_on": date(1950, 5, 4)},
            [("ended_on", Fault.BEFORE_BEGINNING)],
        ),
        ({"kyc_state": "verified"}, [("kyc_verified_on", Fault.NEEDS_THE_OTHER)]),
        ({"kyc_state": "verified", "kyc_verified_on": date(2020, 1, 1)}, []),
        (
            {"kyc_verified_on": date(2020, 1, 1), "kyc_refresh_due": date(2020, 1, 1)},
            [("kyc_refresh_due", Fault.BEFORE_BEGINNING)],
        ),
        ({"risk_assessed_on": date(2020, 1, 1)}, [("risk_profile", Fault.NEEDS_THE_OTHER)]),
        ({"risk_assessed_on": date(2020, 1, 1), "risk_profile": "moderate"}, []),
    ],
)
def test_a_person(changes: dict[str, Any], faults: list[tuple[str, Fault]]) -> None:
    found = check_party(replace(ANN, **changes), TODAY)
    assert [(finding.field, finding.fault) for finding in found] == faults


@pytest.mark.parametrize(
    ("facts", "faults"),
    [
        (PartyFacts("trust", "Lee Family Trust", tax_id="219-09-9999", tax_id_type="SSN"), []),
        (PartyFacts("company", "Lee LLC", tax_id="12-3456789", tax_id_type="EIN"), []),
        (
            PartyFacts("company", "Lee LLC", birth_date=date(2000, 1, 1)),
            [("birth_date", "NOT_FOR_THIS_KIND")],
        ),
        (PartyFacts("company", "  "), [("name", "MISSING")]),
        (PartyFacts("company", "Lee LLC", given_name="Ann"), [("given_name", "NOT_FOR_THIS_KIND")]),
        (PartyFacts("estate", "Estate of Ann Lee", status="deceased"), [("status", "NOT_FOR_THIS_KIND")]),
        (PartyFacts("club", "Chess"), [("kind", "UNKNOWN_WORD")]),
    ],
)
def test_an_entity(facts: PartyFacts, faults: list[tuple[str, str]]) -> None:
    assert [(finding.field, finding.fault.value) for finding in check_party(facts, TODAY)] == faults


@given(st.text(max_size=30))
def test_a_refusal_never_repeats_the_number(text: str) -> None:
    for type_ in ("SSN", "ITIN", "EIN", "FOREIGN"):
        expected = tax_id_fault(type_, text)
        digits = "".join(character for character in normal_tax_id(text) if character.isdigit())
        assert expected is None or len(digits) < 5 or digits not in expected


def test_names_and_countries() -> None:
    assert display_name(ANN) == "Ann Lee"
    assert display_name(replace(ANN, name="  Dr  Ann Lee ")) == "Dr Ann Lee"
    assert {"US", "GB", "DE", "JP", "CH"} <= COUNTRIES
    assert 245 <= len(COUNTRIES) <= 252  # ISO 3166-1 assigns 249
    assert not {"EU", "UN", "ZZ", "XK", "UK"} & COUNTRIES
