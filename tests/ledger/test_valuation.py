"""What accounts and positions are worth, computed by the database; every figure by hand arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import Quality
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.repository import PositionRow
from wealthnexus.domain.ledger.service import next_book_version, revalue
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, view_of

pytestmark = pytest.mark.database
D = Decimal


async def account_of(
    reader: Reader, firm: FirmInfo, key: str = "A1", as_of: date | None = None
) -> clients.AccountRow:
    view = await view_of(reader, firm, as_of)
    page = await clients.accounts_page(reader, view, page_request(200, None))
    return next(row for row in page.rows if row.external_id == key)


async def positions_of(
    reader: Reader, firm: FirmInfo, key: str = "A1", as_of: date | None = None
) -> list[PositionRow]:
    view = await view_of(reader, firm, as_of)
    account = await account_of(reader, firm, key, as_of)
    pages = await ledger.positions_by_account(reader, view, [account.id], page_request(200, None))
    return list(pages[account.id].rows)


async def test_cash_and_positions_add_up(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    assert (await acme_book().load(platform, firm, tmp_path)).ok
    async with platform.db.reading(Binding(firm.id)) as reader:
        account = await account_of(reader, firm)
        (position,) = await positions_of(reader, firm)
    # 10,000 - 5,000 of cash; 100 x 60.00
    assert str(account.cash.value) == "5000.00"
    assert str(account.market_value.value) == "11000.00"
    assert account.market_value.quality is Quality.COMPLETE
    assert account.market_value.reasons == ()
    assert (str(position.quantity), str(position.price)) == ("100", "60")
    assert str(position.market_value.value) == "6000.00"
    assert position.weight == D("0.54545455")  # 6,000 / 11,000
    assert (position.price_date, position.price_source, position.stale_days) == (
        LAST_DAY,
        "Test custodian",
        0,
    )


async def test_as_of_an_earlier_day(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await acme_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        before = await account_of(reader, firm, as_of=date(2021, 2, 25))
        funded = await account_of(reader, firm, as_of=date(2021, 2, 28))
        bought = await account_of(reader, firm, as_of=date(2021, 3, 1))
        stale = await account_of(reader, firm, as_of=date(2021, 3, 30))
        (position,) = await positions_of(reader, firm, as_of=date(2021, 3, 30))
    assert str(before.market_value.value) == "0.00"
    assert str(funded.market_value.value) == "10000.00"
    assert str(bought.market_value.value) == "10000.00"  # 5,000 + 100 x 50.00
    # the price of 1 March is 21 weekdays old on 30 March
    assert str(stale.market_value.value) == "10000.00"
    assert stale.market_value.quality is Quality.STALE
    assert [r.message for r in stale.market_value.reasons] == [
        "the latest price of ACME Corp is of 1 Mar 2021"
    ]
    assert position.stale_days == 21
    assert position.market_value.quality is Quality.STALE


async def test_sessions_decide_what_is_stale_in_figures_and_courses(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """Presidents' Day 2021 is no session: five have passed from 9 to 17 February, and six weekdays."""
    book = Book().household("H1").account("A1").security("ACME").security("HOME", exchange=None)
    for key in ("ACME", "HOME"):
        book.price(key, "2021-02-09", "50").transaction(
            "TRANSFER_IN", security=key, quantity="10", on="2021-02-01", key=key
        )
    await book.load(platform, firm, tmp_path)
    day = date(2021, 2, 17)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm, day)
        found = {
            row.price_source and row.security_id: row for row in await positions_of(reader, firm, as_of=day)
        }
        account = await account_of(reader, firm, as_of=day)
        household = (await clients.households_page(reader, view, page_request(5, None))).rows[0].id
        course = (await clients.value_history(reader, view, [household], 2))[household]
    keys = {id_: key for key, id_ in (await ids_of(platform, firm)).securities.items()}
    assert {keys[key]: (row.stale_days, row.market_value.quality) for key, row in found.items()} == {
        "ACME": (0, Quality.COMPLETE), "HOME": (6, Quality.STALE),
    }  # fmt: skip
    assert [r.message for r in account.market_value.reasons] == [
        "the latest price of HOME Corp is of 9 Feb 2021"
    ]
    assert [(p.date, p.quality) for p in course] == [
        (date(2021, 2, 16), Quality.COMPLETE), (day, Quality.STALE),
    ]  # fmt: skip


async def test_settled_cash_follows_the_settlement_date(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().sell("ACME", "50", "3000", on="2021-03-30", settlement_date=date(2021, 4, 1))
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        account = await account_of(reader, firm)
    assert (str(account.cash.value), str(account.settled_cash.value)) == ("8000.00", "5000.00")
    assert account.cash.basis == "trade date"
    assert account.settled_cash.basis == "settlement date"


async def test_an_unpriced_position_makes_the_total_partial(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security(
        "ART", name="Art collection", security_type="COLLECTIBLE", asset_class="OTHER"
    )
    book.transaction("TRANSFER_IN", security="ART", quantity="14")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        account = await account_of(reader, firm)
        priced, unpriced = await positions_of(reader, firm)
    assert str(account.market_value.value) == "11000.00"
    assert account.market_value.quality is Quality.PARTIAL
    assert [(r.code, r.message) for r in account.market_value.reasons] == [
        ("UNPRICED", "Art collection has no price on or before the date")
    ]
    assert priced.market_value.value is not None
    assert (unpriced.market_value.value, unpriced.price, unpriced.stale_days, unpriced.weight) == (
        None, None, None, None,
    )  # fmt: skip
    assert unpriced.market_value.quality is Quality.UNAVAILABLE


async def test_nothing_priced_and_no_cash_is_null_and_not_zero(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = Book().household().account().security("ART", name="Art collection")
    book.transaction("TRANSFER_IN", security="ART", quantity="14")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        account = await account_of(reader, firm)
        (household,) = (await clients.households_page(reader, view, page_request(10, None))).rows
        firm_wide = await clients.firm_totals(reader, view)
    for figure in (account.market_value, household.market_value, firm_wide.total_value):
        assert (figure.value, figure.quality) == (None, Quality.UNAVAILABLE)
        assert [r.code for r in figure.reasons] == ["UNPRICED"]
    assert str(household.cash.value) == "0.00"
    assert household.cash_share is None


def euro_book() -> Book:
    """An account in euros that holds a US share; the firm reports in dollars."""
    return (
        Book()
        .household()
        .account("E1", currency="EUR")
        .security()
        .price("ACME", LAST_DAY, "60")
        .rate("EUR", "USD", LAST_DAY, "1.1725")
        .deposit("10000", account="E1")
        .buy("ACME", "100", "-4500", account="E1")
    )


async def test_a_foreign_holding_is_converted_and_rounded_once(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await euro_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        account = await account_of(reader, firm, "E1")
        (position,) = await positions_of(reader, firm, "E1")
        (household,) = (await clients.households_page(reader, view, page_request(10, None))).rows
    # 100 x 60 x 0.85287846481876 (1 / 1.1725) = 5117.27078891256
    assert (str(position.market_value.value), position.market_value.currency) == ("5117.27", "EUR")
    # 10,000 - 4,500 + 5,117.27
    assert (str(account.market_value.value), account.currency) == ("10617.27", "EUR")
    # 10,617.27 x 1.1725 = 12448.749075; cash 5,500 x 1.1725 = 6448.75
    assert (str(household.market_value.value), household.market_value.currency) == ("12448.75", "USD")
    assert str(household.cash.value) == "6448.75"


async def test_a_cross_rate_over_a_common_currency(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = euro_book().security("JPN", currency="JPY").price("JPN", LAST_DAY, "12000")
    book.rate("USD", "JPY", LAST_DAY, "110.72").buy("JPN", "10", "-900", account="E1")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        positions = await positions_of(reader, firm, "E1")
    (yen,) = [p for p in positions if p.price == 12000]
    # JPY to USD 1 / 110.72, USD to EUR 1 / 1.1725: 0.007703020816643454897272
    # 10 x 12,000 x that = 924.3624979972
    assert str(yen.market_value.value) == "924.36"
    inputs = {item.name: item.value for item in yen.market_value.explain.inputs}
    assert inputs["rate"] == "0.00770302081664"


async def test_without_a_rate_there_is_no_value(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    book = euro_book().security("KWT", currency="KWD").price("KWT", LAST_DAY, "1.250")
    book.buy("KWT", "10", "-30", account="E1")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        account = await account_of(reader, firm, "E1")
    assert account.market_value.quality is Quality.PARTIAL
    assert [r.message for r in account.market_value.reasons] == [
        "no exchange rate for KWD in EUR on or before the date"
    ]


async def test_an_account_the_firm_cannot_convert_is_named(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().account("K1", currency="KWD").deposit("125.500", account="K1")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        (household,) = (await clients.households_page(reader, view, page_request(10, None))).rows
        live = await clients.households_page(reader, replace(view, is_stored=False), page_request(10, None))
        account = await account_of(reader, firm, "K1")
    assert str(account.market_value.value) == "125.500"
    for row in (household, live.rows[0]):
        assert (str(row.market_value.value), row.market_value.quality) == ("11000.00", Quality.PARTIAL)
        assert [r.message for r in row.market_value.reasons] == ["1 account has no exchange rate into USD"]
        assert (str(row.cash.value), row.cash.quality) == ("5000.00", Quality.PARTIAL)


async def test_a_stale_rate_makes_the_position_stale(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = euro_book()
    book.fx_rates.clear()
    book.rate("EUR", "USD", "2021-03-22", "1.1725")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        (position,) = await positions_of(reader, firm, "E1")
    assert position.market_value.quality is Quality.STALE
    assert [r.message for r in position.market_value.reasons] == [
        "the latest exchange rate for USD in EUR is of 22 Mar 2021"
    ]
    assert position.stale_days == 0  # the price itself is fresh


async def test_a_short_position_is_worth_less_than_nothing(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("SHRT").price("SHRT", LAST_DAY, "20.005")
    book.transaction("SHORT", "400", security="SHRT", quantity="20")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        account = await account_of(reader, firm)
        positions = await positions_of(reader, firm)
    short = next(p for p in positions if p.quantity < 0)
    assert (short.quantity, short.market_value.value) == (D(-20), D("-400.10"))
    assert account.market_value.value == D("10999.90")  # 5,400 + 6,000 - 400.10


async def test_an_account_of_two_households_counts_once_for_the_firm(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().household("H2").account("A1", "H2").account("A2", "H2").deposit("1000", account="A2")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        page = await clients.households_page(reader, view, page_request(10, None))
        everyone = await clients.firm_totals(reader, view)
        listed = await clients.households_totals(reader, view)
        ids = await ids_of(platform, firm)
        refs = await clients.household_refs_by_account_ids(reader, view, [ids.accounts["A1"]])
    assert [str(row.market_value.value) for row in page.rows] == ["11000.00", "12000.00"]
    assert str(everyone.total_value.value) == "12000.00"
    assert (everyone.household_count, everyone.account_count) == (2, 2)
    assert (listed.count, str(listed.total_value.value)) == (2, "12000.00")
    assert [ref.name for ref in refs[ids.accounts["A1"]]] == ["Household H1", "Household H2"]


async def test_a_figure_explains_itself(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await acme_book().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        (position,) = await positions_of(reader, firm)
        account = await account_of(reader, firm)
    explain = position.market_value.explain
    assert (
        explain.formula == "units x close x multiplier x rate, rounded once half-up to the minor unit of USD"
    )
    assert [(i.name, i.value, i.note) for i in explain.inputs] == [
        ("units", "100", "effective transactions traded by 2021-03-31"),
        ("close", "60 USD", "of 2021-03-31"),
        ("book version", "1", None),
    ]
    assert [(s.kind, s.label) for s in explain.sources] == [
        ("SECURITY", "ACME Corp"),
        ("PRICE", "Test custodian"),
    ]
    assert [(i.name, i.value) for i in account.market_value.explain.inputs] == [
        ("positions", "6000.00 USD"),
        ("cash", "5000.00 USD"),
        ("positions counted", "1"),
        ("book version", "1"),
    ]
    assert account.market_value.book_version == 1


async def test_a_price_entered_by_hand_wins_over_the_feed_of_its_day(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await next_book_version(uow, "price")
        for on, close in ((LAST_DAY, 62), (date(2021, 3, 30), 99)):
            await uow.execute(
                text(
                    "insert into security_prices (tenant_id, security_id, day, source, book_version, close)"
                    " select :t, id, :day, 'MANUAL', :version, :close from securities where tenant_id = :t"
                ),
                {"t": firm.id, "day": on, "version": version, "close": close},
            )
        await revalue(uow, firm, LAST_DAY)
    await acme_book().price("ACME", "2021-03-29", "58").load(platform, firm, tmp_path)  # a later version
    async with platform.db.reading(Binding(firm.id)) as reader:
        (position,) = await positions_of(reader, firm)
        account = await account_of(reader, firm)
    # the latest day wins, and within it the hand
    assert (position.price, position.price_source) == (D(62), "MANUAL")
    assert str(account.market_value.value) == "11200.00"
