"""In kind near a corporate action: the shares it brings are no flow, a transfer beside it is one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import of_period, small, value_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]


async def test_a_journal_between_accounts_before_a_split_is_a_flow_and_the_splits_own_is_none(
    platform: Platform, tmp_path: Path
) -> None:
    """A: 400,000, of it 1,000 ACME at 200, which go to B (200,000) two days before a 2:1 split."""
    book = (
        Book()
        .household()
        .account("A")
        .account("B")
        .security()
        .price("ACME", "2021-03-22", "200")
        .price("ACME", "2021-03-31", "101")
        .deposit("400000", account="A", on="2021-03-22")
        .deposit("200000", account="B", on="2021-03-22")
        .buy("ACME", "1000", "-200000", account="A", on="2021-03-22")
        .transaction("JOURNAL", account="A", on="2021-03-29", security="ACME", quantity="-1000")
        .transaction("JOURNAL", account="B", on="2021-03-29", security="ACME", quantity="1000")
        .transaction("JOURNAL", account="B", on="2021-03-31", security="ACME", quantity="1000", key="SPLIT")
        .action("SPLIT", "2021-03-31", ratio_new=Decimal(2), ratio_old=Decimal(1))
    )
    there = await small(platform, book, tmp_path)
    a, b, whole = [
        await there.book(scope) for scope in (there.account("A"), there.account("B"), there.household())
    ]
    assert [value_of(each) for each in (a, b, whole)] == [
        Decimal("0.00000000"),
        Decimal("0.00500000"),  # 402,000 / 400,000
        Decimal("0.00333333"),  # 602,000 / 600,000
    ]
    assert of_period(a).net_flows == 400_000 - 200_000
    assert [row.of_action for row in b.rows if row.type == "JOURNAL"] == [False, True]
