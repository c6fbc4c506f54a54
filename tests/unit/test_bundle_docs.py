"""What people read about the bundle and the demo is what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from wealthnexus.demo.people import DEMO_PASSWORD, USERS
from wealthnexus.domain.bundle import FILES, TRANSACTION_TYPES, terms
from wealthnexus.domain.bundle.format import LATER_FILES

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


def test_every_type_and_reserved_file_is_named() -> None:
    assert [kind for kind in TRANSACTION_TYPES if f"`{kind}`" not in BUNDLE] == []
    assert [name for name in LATER_FILES if f"`{name}`" not in BUNDLE] == []


def test_every_demo_user_is_listed_with_what_signs_in() -> None:
    assert f"`{DEMO_PASSWORD}`" in DEMO
    for person in USERS:
        assert f"| `{person.email}` | {', '.join(person.roles)} | " in DEMO
        assert f"| `{person.totp_secret}` |" in DEMO
