"""What is typed of an entry keeps to the rules of a bundle: it goes out in exports and must come in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from wealthnexus.domain.ledger.facts import AccountFacts
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.domain.ledger.service.checks import refuse_unless_valid
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.ids import new_id

TODAY = date(2021, 3, 31)
ACCOUNT = AccountFacts(new_id(), new_id(), "Brokerage", "USD", None)
DEPOSIT = TransactionCommand(
    account_id=ACCOUNT.id, type="DEPOSIT", trade_date=date(2021, 3, 30), amount=Decimal(100)
)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"external_id": ""}, "externalId", "expected a key of 1 to 100 characters"),
        ({"external_id": " T-1"}, "externalId", "expected a key without a space at either end"),
        ({"external_id": "[T]1"}, "externalId", "expected a key that does not begin with ["),
        ({"external_id": "T\u202e1"}, "externalId", "expected a key of printable UTF-8 characters"),
        ({"order_reference": "O\n1"}, "orderReference", "expected a key of printable UTF-8 characters"),
        ({"related_external_id": "\x01"}, "relatedExternalId", "expected a key of printable"),
        ({"lot_selection": " "}, "lotSelection", "expected a text of 1 to 200 characters"),
        ({"description": "a\x01b"}, "description", "expected text without control characters (found U+0001)"),
        ({"settlement_date": date(2201, 1, 1)}, "settlementDate", "expected a date from 1900-01-01 to 2200"),
        ({"trade_date": date(1899, 12, 31)}, "tradeDate", "expected a date from 1900-01-01 to 2200"),
    ],
)
def test_what_no_bundle_could_say_is_refused(change: dict[str, Any], field: str, message: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        refuse_unless_valid(replace(DEPOSIT, **change), ACCOUNT, TODAY)
    assert [problem.path for problem in refused.value.problems] == [("input", field)]
    assert refused.value.problems[0].message.startswith(message)


@pytest.mark.parametrize("description", [None, "two\nlines", "Überweisung 😀"])
def test_what_a_bundle_says_is_taken(description: str | None) -> None:
    refuse_unless_valid(replace(DEPOSIT, description=description, external_id="T 1"), ACCOUNT, TODAY)
