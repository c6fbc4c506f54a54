"""What people read about the bundle and the demo is what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from wealthnexus.demo.people import DEMO_PASSWORD, USERS
from wealthnexus.domain.bundle import FILES, TRANSACTION_TYPES, terms, terms_book

pytestmark = pytest.mark.unit

DOCS = Path(__file__).resolve().parents[2] / "docs" / "domain"
BUNDLE = (DOCS / "bundle.md").read_text(encoding="utf-8")
DEMO = (DOCS / "demo-books.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_column_is_described_in_its_section(name: str) -> None:
    section = BUNDLE.split(f"## {name}.csv")[1].split("\n## ")[0]
    assert [column for column in FILES[name].column_names if f"`{column}`" not in section] == []


@pytest.mark.parametrize(
    ("column", "allowed"),
    [
        ("account_type", terms.ACCOUNT_TYPES),
        ("tax_status", terms.TAX_STATUSES),
        ("lot_method", terms.LOT_METHODS),
        ("security_type", terms.SECURITY_TYPES),
        ("asset_class", terms.ASSET_CLASSES),
        ("option_type", terms.OPTION_TYPES),
        ("day_count", terms.DAY_COUNTS),
    ],
)
def test_every_term_is_listed_with_its_meaning(column: str, allowed: dict[str, str]) -> None:
    section = BUNDLE.split(f"### {column}\n")[1].split("\n##")[0]
    assert [code for code, meaning in allowed.items() if f"| `{code}` | {meaning} |" not in section] == []
    assert section.count("\n| `") == len(allowed)
    assert [alias for alias in terms.ALIASES[column] if f"`{alias}` as" not in section] == []


@pytest.mark.parametrize(
    ("title", "allowed"),
    [
        ("client kind", terms_book.PARTY_KINDS),
        ("status", terms_book.PARTY_STATUSES),
        ("tax_id_type", terms_book.TAX_ID_TYPES),
        ("kyc_state", terms_book.KYC_STATES),
        ("risk_profile", terms_book.RISK_PROFILES),
        ("role", terms_book.OWNER_ROLES),
        ("tier", terms_book.TIERS),
        ("relationship kind", terms_book.RELATIONSHIP_KINDS),
        ("member_role", terms_book.MEMBER_ROLES),
        ("liability kind", terms_book.LIABILITY_KINDS),
        ("corporate action", terms_book.CORPORATE_ACTION_TYPES),
        ("scheme", terms_book.IDENTIFIER_SCHEMES),
        ("fractions", terms_book.FRACTION_RULES),
    ],
)
def test_every_word_of_the_further_files_is_listed(title: str, allowed: dict[str, str]) -> None:
    section = BUNDLE.split(f"### {title}\n")[1].split("\n##")[0]
    assert [code for code, meaning in allowed.items() if f"| `{code}` | {meaning} |" not in section] == []
    assert section.count("\n| `") == len(allowed)


def test_every_type_is_named() -> None:
    assert [kind for kind in TRANSACTION_TYPES if f"`{kind}`" not in BUNDLE] == []


def test_every_demo_user_is_listed_with_what_signs_in() -> None:
    assert f"`{DEMO_PASSWORD}`" in DEMO
    for person in USERS:
        assert f"| `{person.email}` | {', '.join(person.roles)} | " in DEMO
        assert f"| `{person.totp_secret}` |" in DEMO
