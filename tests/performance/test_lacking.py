"""What a return lacks is told: what has no price is left out by name, old prices make it stale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.ledger import Quality
from wealthnexus.domain.performance import FeeBasis
from wealthnexus.domain.performance.figures import ReturnFigure, return_figure, told_of
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book
from tests.performance.small import of_period, small, value_of
from tests.performance.stories import Stories

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
END = date(2021, 3, 31)


def shown(book: ScopeBook, *, first: date | None = None) -> ReturnFigure:
    found = of_period(book, first=first)
    told = told_of(book.flaws_within(found.period.begin, found.period.end))
    return return_figure(book, found.time_weighted, path="ITD/net", basis="TWR net", told=told)


def with_art(book: Book, **price: str) -> Book:
    """10,000, of which 4,000 buy a picture on 1 February and 5,000 shares that rise by a tenth."""
    book.household().account().security().security(
        "ART", security_type="COLLECTIBLE", asset_class="REAL_ASSETS"
    )
    book.price("ACME", "2021-02-01", "50").price("ACME", "2021-03-30", "55").price("ACME", END, "55")
    for day, close in price.items():
        book.price("ART", day.replace("_", "-").removeprefix("on-"), close)
    book.deposit("10000", on="2021-01-29").buy("ACME", "100", "-5000", on="2021-02-01")
    return book.buy("ART", "1", "-4000", on="2021-02-01")


async def test_a_holding_without_a_price_is_left_out_by_name(platform: Platform, tmp_path: Path) -> None:
    """The picture's 4,000 went out on 1 February: (6,000 + 4,000) / 10,000, then 6,500 / 6,000 = 8.33 %."""
    there = await small(platform, with_art(Book()), tmp_path)
    book = await there.book(there.household())
    found = shown(book)
    assert found.value == Decimal("0.08333333")
    assert found.quality is Quality.PARTIAL
    assert next(each.message for each in found.reasons) == (
        "ART Corp has no price from 1 Feb 2021 to 31 Mar 2021"
    )
    assert (of_period(book).closing, of_period(book).net_flows) == (6_500, 6_000)
    before = shown(await there.book(there.household(), as_of=date(2021, 1, 29)))
    assert (before.quality, before.reasons) == (Quality.COMPLETE, ())


async def test_it_comes_in_at_its_first_price(platform: Platform, tmp_path: Path) -> None:
    """5,000 on 15 March are no gain of 5,000; 5,100 on the last day are one of 100: (6,500 + 5,100) / 11,000
    is 5.4545 % of that day."""
    book = with_art(Book(), **{"2021_03_15": "5000", "2021_03_31": "5100"})
    there = await small(platform, book, tmp_path)
    found = await there.book(there.household())
    assert of_period(found).net_flows == 10_000 - 4_000 + 5_000
    assert of_period(found).gain == 600
    # 15 to 29 March nothing moves; ACME + 500 on 30 March over 11,000, the picture + 100 on the 31st.
    expected = Decimal(11_500) / 11_000 * 11_600 / 11_500 - 1
    assert value_of(found) == round(expected, 8)
    sold = with_art(Book())
    sold.sell("ART", "1", "4500", on="2021-03-10")
    there = await small(platform, sold, tmp_path)
    found = await there.book(there.household())
    assert of_period(found).gain == 500
    assert of_period(found).net_flows == 10_000 - 4_000 + 4_500


async def test_a_short_wait_is_linked_across(platform: Platform, tmp_path: Path) -> None:
    """Priced two days later at 4,400: the gain since the purchase counts, and no day is made up."""
    there = await small(platform, with_art(Book(), **{"2021_02_03": "4400"}), tmp_path)
    book = await there.book(there.household())
    assert of_period(book).gain == 900
    missing = [row.day for row in book.series.days if row.value is None]
    assert missing == [date(2021, 2, 1), date(2021, 2, 2)]
    assert of_period(book).net_flows == 10_000
    assert shown(book).quality is Quality.PARTIAL


async def test_a_moved_picture_is_worth_nothing_to_either_end(platform: Platform, tmp_path: Path) -> None:
    book = with_art(Book()).account("A2")
    book.transaction("TRANSFER_OUT", on="2021-03-01", security="ART", quantity="1")
    book.transaction("TRANSFER_IN", account="A2", on="2021-03-01", security="ART", quantity="1")
    there = await small(platform, book, tmp_path)
    for scope in (there.household(), there.account("A1")):
        assert value_of(await there.book(scope)) == Decimal("0.08333333")


async def test_an_old_price_makes_a_return_stale(platform: Platform, tmp_path: Path) -> None:
    """Last priced on 26 February: more than five sessions later, from 8 March on, the return says so."""
    book = Book().household().account().security().price("ACME", "2021-02-26", "50")
    book.deposit("10000", on="2021-02-25").buy("ACME", "100", "-5000", on="2021-02-26")
    there = await small(platform, book, tmp_path)
    found = await there.book(there.account("A1"))
    for basis in FeeBasis:
        assert value_of(found, basis) == 0
    assert shown(found).quality is Quality.STALE
    assert [(each.code, each.message) for each in shown(found).reasons] == [
        ("STALE_PRICE", "from 8 Mar 2021 to 31 Mar 2021 the latest price of ACME Corp is of 26 Feb 2021")
    ]
    early = await there.book(there.account("A1"), as_of=date(2021, 3, 5))
    assert (shown(early).quality, shown(early).reasons) == (Quality.COMPLETE, ())


async def test_an_old_rate_makes_a_return_stale(platform: Platform, tmp_path: Path) -> None:
    book = Book().household().account(currency="EUR").rate("EUR", "USD", "2021-03-01", "1.25")
    book.deposit("1000", on="2021-03-01")
    there = await small(platform, book, tmp_path)
    told = shown(await there.book(there.household()))
    assert (told.quality, told.reasons[0].code) == (Quality.STALE, "STALE_RATE")
    assert "EUR in USD is of 1 Mar 2021" in told.reasons[0].message
    own = shown(await there.book(there.account("A1")))
    assert own.quality is Quality.COMPLETE


async def test_a_bond_without_terms_is_valued_without_accrued_interest_and_the_return_says_so(
    told: Stories,
) -> None:
    """While it is held: the days before and after have nothing that accrues, and zeros never have."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="BONDS")
    found = shown(book)
    assert (found.value, found.quality) == (Decimal("0.00100000"), Quality.PARTIAL)
    assert [(each.code, each.message) for each in found.reasons if each.code != "STALE_PRICE"] == [
        (
            "NO_ACCRUED_INTEREST",
            "from 3 Mar 2021 to 22 Mar 2021 NOTE Corp is valued without accrued interest,"
            " which its terms do not tell and which counts when paid",
        )
    ]
    later = shown(book, first=date(2021, 3, 25))
    assert "NO_ACCRUED_INTEREST" not in {each.code for each in later.reasons}
