"""Before a trade: what it would wash and what would wash it."""

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.inputs import Entry
from wealthnexus.domain.ledger.lots.prospective import check
from wealthnexus.domain.ledger.lots.taxpayers import AccountOwner, taxpayer_groups
from wealthnexus.domain.ledger.lots.vocabulary import EntryType

from tests.lots.build import D, day, facts, number, script
from tests.lots.test_wash_sales import family, loss

pytestmark = pytest.mark.unit


def proposed(kind: str, when: str, units: Any, amount: Any, **more: Any) -> Entry:
    own = {"account": "A", "security": "X", **more}
    return Entry(
        "NEW",
        own.pop("account"),
        EntryType(kind),
        day(when),
        own.pop("security"),
        number(units),
        number(amount),
        sequence=99,
        **own,
    )


def test_a_sale_is_checked_against_what_was_bought_and_what_is_planned() -> None:
    """30 bought ten days ago and a standing reinvestment of 1 next week: 31 % of the loss would be washed."""
    book = script().buy("2020-01-06", 100, 5000, id="OLD").buy("2021-05-22", 30, 1200).play(family())
    before = book.open_lots()
    plan = Entry("PLAN", "IRA", EntryType.REINVEST, day("2021-06-08"), "X", D(1), D(-40))
    found = check(book, proposed("SELL", "2021-06-01", 100, 4000), [plan])
    assert (found.disallowed, found.lost, found.free_from) == (D(310), D(10), day("2021-07-02"))
    assert [match.units for match in found.matches] == [D(30), D(1)]
    assert [line.gain for line in found.gains] == [D(-1000)]
    assert book.open_lots() == before


def test_a_sale_at_a_gain_stands_in_nobodys_way() -> None:
    book = script().buy("2020-01-06", 100, 3000).buy("2021-05-22", 30, 1200).play(family())
    found = check(book, proposed("SELL", "2021-06-01", 100, 4000))
    assert (found.disallowed, found.free_from, found.matches) == (D(0), None, ())


def test_a_purchase_is_checked_against_the_losses_of_the_days_before() -> None:
    book = loss().play(family())
    found = check(book, proposed("BUY", "2021-06-20", 40, -1600, account="IRA"))
    assert (found.disallowed, found.lost, found.free_from) == (D(400), D(400), day("2021-07-02"))
    late = check(book, proposed("BUY", "2021-07-02", 40, -1600))
    assert (late.disallowed, late.free_from) == (D(0), None)


def test_a_purchase_is_checked_against_a_planned_sale() -> None:
    book = script().buy("2020-01-06", 100, 5000).play(family())
    sale = Entry("PLAN", "A", EntryType.SELL, day("2021-06-10"), "X", D(100), D(4000))
    assert check(book, proposed("BUY", "2021-06-01", 40, -1600), [sale]).disallowed == D(400)


def test_a_check_warns_of_a_relative() -> None:
    groups = taxpayer_groups(
        [
            AccountOwner("A", "JOHN", "OWNER"),
            AccountOwner("B", "CHILD", "MINOR"),
            AccountOwner("B", "JOHN", "CUSTODIAN"),
        ],
        [],
    )
    book = loss().play(facts(groups=groups))
    found = check(book, proposed("BUY", "2021-06-20", 40, -1600, account="B"))
    assert (found.disallowed, [match.units for match in found.warnings]) == (D(0), [D(40)])
