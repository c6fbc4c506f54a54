"""Interest counts on the days on which it accrues: bought, paid as a coupon, given in kind, and its parts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.repository import HoldingGrouping
from wealthnexus.domain.performance import FeeBasis
from wealthnexus.domain.performance.gains import gain_in_parts
from wealthnexus.domain.performance.parts_by_day import part_days
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.rules.flaws import FlawKind
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.paging import page_request

from tests.factories_ledger import view_of
from tests.performance.stories import Stories, inception_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
D = Decimal


async def test_interest_bought_and_a_coupon_are_no_result_of_their_day(told: Stories) -> None:
    """15,320 are paid for interest and are in the value at once: a day of 0.00 %. 500,000 earn 80 a day,
    200,000 20; the coupon of Monday the 15th is cash of 3,600 for 3,540 that had accrued by Friday."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="COUPONS")
    values = {row.day: row.value for row in book.series.days}
    assert values[date(2021, 2, 26)] == values[date(2021, 3, 1)] == D("1000000.00")
    assert values[date(2021, 3, 2)] == D("1000100.00")
    assert values[date(2021, 3, 12)] == D("1001100.00")
    # 80 x 3 for the weekend, and 3,600 - 3,540.
    assert values[date(2021, 3, 15)] == D("1001400.00")
    days = [row.value or D(0) for row in book.series.days[1:15]]
    assert {later - earlier for earlier, later in pairwise(days)} == {D(100), D(300)}
    assert {flaw.kind for flaw in book.flaws} == {FlawKind.STALE_PRICE}
    figures = book.figures(inception_of(book), FeeBasis.NET)
    assert figures.gain == D("2910.00")


async def test_what_accrues_is_income(told: Stories) -> None:
    """2,400 on the one; on the other 3,600 - 3,320, 160 on what is left, and of what was given the 70 that
    went with it. The heir earned 90 after it came."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        parts = {}
        for key in ("COUPONS", "HEIR"):
            book = await told.scope(reader, account=key)
            parts[key] = await gain_in_parts(reader, book, inception_of(book))
        both = await told.scope(reader, household="H7")
        parts["H7"] = await gain_in_parts(reader, both, inception_of(both))
    shown = {key: (each.income, each.realised, each.unrealised, each.currency) for key, each in parts.items()}
    nothing = (D(0), D(0), D(0))
    assert shown["COUPONS"] == (D("2910.00"), *nothing)
    assert shown["HEIR"][0] == D("90.00")
    assert shown["H7"] == (D("3000.00"), *nothing)


async def test_a_bond_contributes_what_it_accrues(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="COUPONS")
        _, days, labels = await part_days(reader, book, inception_of(book), PartKind.SECURITY, FeeBasis.NET)
    gained: dict[str, Decimal] = {}
    for parts in days:
        for key, part in parts.items():
            gained[labels[key].split()[0]] = gained.get(labels[key].split()[0], D(0)) + part.gain
    assert {key: round(gain, 2) for key, gain in gained.items()} == {
        "LONG": D("2400.00"), "PAYS": D("510.00"), "Cash": D("0.00"),
    }  # fmt: skip


async def test_screens_of_one_day_do_not_contradict_each_other(told: Stories) -> None:
    """14,400 + 160 accrued by the 31st: in the account, its groups, its positions beside clean values."""
    key = told.ids.accounts["COUPONS"]
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        view = await book_view(reader, told.firm)
        account = (await clients.accounts_by_ids(reader, view, [key]))[key]
        groups = (await ledger.groups_of_accounts(reader, view, [key], HoldingGrouping.ASSET_CLASS))[key]
        positions = (await ledger.positions_page(reader, view, page_request(10, None), account_id=key)).rows
        household = told.ids.households["H7"]
        history = (await clients.value_history(reader, view, [household], 2))[household]
        whole = (await clients.households_by_ids(reader, view, [household]))[household]
        friday = await view_of(reader, told.firm, date(2021, 3, 12))
        then = (await clients.accounts_by_ids(reader, friday, [key]))[key]
        book = await told.scope(reader, account="COUPONS")
    assert account.accrued_interest.value == D("14560.00")
    assert account.market_value.value == D("902840.00")
    assert account.market_value.value == book.series.days[-1].value
    assert sum(group.value.value or D(0) for group in groups) == D("902840.00")
    told_of = {
        row.market_value.value: row.accrued_interest and row.accrued_interest.value for row in positions
    }
    assert told_of == {D("500000.00"): D("14400.00"), D("100000.00"): D("160.00")}
    weights = sum(row.weight or D(0) for row in positions) + account.cash.value / account.market_value.value
    assert round(weights, 6) == 1
    assert (history[-1].value, whole.accrued_interest.value) == (whole.market_value.value, D("14720.00"))
    assert then.accrued_interest.value == D("16420.00")
    names = [each.name for each in account.market_value.explain.inputs]
    assert names[:3] == ["positions", "accrued interest", "cash"]


async def test_what_accrued_explains_itself(told: Stories) -> None:
    key = told.ids.accounts["COUPONS"]
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        view = await book_view(reader, told.firm)
        positions = (await ledger.positions_page(reader, view, page_request(10, None), account_id=key)).rows
    accrued = next(row.accrued_interest for row in positions if row.quantity == 100000)
    assert accrued is not None
    assert [(each.name, each.value) for each in accrued.explain.inputs][:-1] == [
        ("face", "100000 USD"),
        ("coupon", "3.6 %"),
        ("maturity", "2031-03-15"),
        ("coupon period", "2021-03-15 to 2021-09-15"),
        ("days accrued", "16"),
        ("accrued of a unit of face", "0.0016"),
    ]


async def test_a_bond_whose_terms_nobody_told_is_named(told: Stories) -> None:
    """NOTE has a coupon and no maturity: the total of its days is partial by its name."""
    key = told.ids.accounts["BONDS"]
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        view = await view_of(reader, told.firm, date(2021, 3, 8))
        account = (await clients.accounts_by_ids(reader, view, [key]))[key]
        positions = (await ledger.positions_page(reader, view, page_request(10, None), account_id=key)).rows
    for figure in (account.market_value, account.accrued_interest):
        assert [(each.code, each.message) for each in figure.reasons if each.code != "STALE_PRICE"] == [
            (
                "NO_ACCRUED_INTEREST",
                "NOTE Corp bears interest, and its terms do not tell how much has accrued",
            )
        ]
    assert (account.market_value.quality, account.accrued_interest.value) == ("PARTIAL", None)
    note = next(row for row in positions if row.security_id == told.ids.securities["NOTE"])
    strip = next(row for row in positions if row.security_id == told.ids.securities["STRIP"])
    assert note.accrued_interest is not None
    assert (note.accrued_interest.value, note.market_value.value) == (None, D("10000.00"))
    assert strip.accrued_interest is None
