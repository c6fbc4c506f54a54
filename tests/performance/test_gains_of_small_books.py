"""The parts of a gain, each book by hand: shares, dates, payers, in kind, other currencies, Saturdays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from wealthnexus.domain.performance import FeeBasis, Period, PeriodKind
from wealthnexus.domain.performance.borne import expenses_of
from wealthnexus.domain.performance.gains import Parts, gain_in_parts
from wealthnexus.domain.performance.reading import ScopeBook
from wealthnexus.domain.performance.rules.scopes import Membership
from wealthnexus.kit.db.session import Binding, Reader

from tests.performance.stories import Stories, inception_of, with_memberships

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
D = Decimal


async def divided(reader: Reader, book: ScopeBook, period: Period | None = None) -> tuple[Parts, str]:
    """The parts, of which gain, fees and expenses are the sum; and income, realised, unrealised, currency,
    fees, expenses and gain in words."""
    period = period or inception_of(book)
    found, net = await gain_in_parts(reader, book, period), book.figures(period, FeeBasis.NET)
    expenses = expenses_of(book, period)
    if found.reason is None:
        parts = (found.income, found.realised, found.unrealised, found.currency)
        total = sum((part for part in parts if part is not None), D(0))
        assert net.gain is not None
        assert total - net.fees - expenses == pytest.approx(net.gain, abs=D("0.005"))
    names = (found.income, found.realised, found.unrealised, found.currency, net.fees, expenses, net.gain)
    return found, " ".join("-" if each is None else f"{each:.2f}" for each in names)


async def test_what_comes_in_kind_brings_its_own_gain_along(told: Stories) -> None:
    """Bought at 9,000, given at 9,500 and a cost of 25: 475. Received at 9,500: 40 sold at 97 gain 280 since
    they were bought, 80 since they came; 60 are worth 5,940. 280 + 540 - 500 = 320."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        _, giver = await divided(reader, await told.scope(reader, account="GIVER"))
        _, receiver = await divided(reader, await told.scope(reader, account="RECEIVER"))
        _, both = await divided(reader, await told.scope(reader, household="H3"))
    assert giver == "0.00 0.00 500.00 0.00 0.00 25.00 475.00"
    assert receiver == "0.00 280.00 40.00 0.00 0.00 0.00 320.00"
    assert both == "0.00 280.00 540.00 0.00 0.00 25.00 795.00"


async def test_a_fee_is_in_the_gain_of_whom_it_was_billed_to(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        _, payer = await divided(reader, await told.scope(reader, account="PAYER"))
        _, billed = await divided(reader, await told.scope(reader, account="BILLED"))
        _, both = await divided(reader, await told.scope(reader, household="H2"))
    assert payer == "0.00 0.00 0.00 0.00 2000.00 0.00 -2000.00"
    assert billed == "0.00 0.00 0.00 0.00 8000.00 500.00 -8500.00"
    assert both == "0.00 0.00 0.00 0.00 10000.00 500.00 -10500.00"


async def test_a_gain_is_divided_in_another_currency(told: Stories) -> None:
    """EUR 1,000 of price at 1.20 and EUR 100 of dividends at 1.15; 10,000 gained 0.10, 100 0.05."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        _, both = await divided(reader, await told.scope(reader, household="H4"))
        _, alone = await divided(reader, await told.scope(reader, account="EURO"))
    assert both == "215.00 0.00 1200.00 1005.00 0.00 0.00 2420.00"
    assert alone == "100.00 0.00 1000.00 0.00 0.00 0.00 1100.00"


async def test_what_happened_on_a_saturday_is_of_saturday(told: Stories) -> None:
    """100 of interest: in what begins on Saturday, not in what begins on Sunday."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="SATURDAY")
        _, saturday = await divided(reader, book, book.period(PeriodKind.CUSTOM, date(2021, 3, 6)))
        _, sunday = await divided(reader, book, book.period(PeriodKind.CUSTOM, date(2021, 3, 7)))
    assert saturday == "100.00 0.00 0.00 0.00 0.00 0.00 100.00"
    assert sunday == "0.00 0.00 0.00 0.00 0.00 0.00 0.00"


async def test_shares_and_days_of_membership_count(told: Stories) -> None:
    """A third of the receiver, from the day the shares are sold on: of 60 at 2 each, 120, it has 40; the day
    itself, on which 60 and 40 gained 2 each, is before. Until that day the giver's household had it whole."""
    account = told.ids.accounts["RECEIVER"]
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="RECEIVER")
        third = with_memberships(book, Membership(account, date(2021, 3, 15), None, Fraction(1, 3)))
        _, found = await divided(reader, third)
        until = with_memberships(book, Membership(account, date(2021, 3, 1), date(2021, 3, 15)))
        _, before = await divided(reader, until, until.period(PeriodKind.YEAR_TO_DATE))
        grown = with_memberships(
            book,
            Membership(account, date(2021, 3, 1), date(2021, 3, 15), Fraction(1, 2)),
            Membership(account, date(2021, 3, 15)),
        )
        _, risen = await divided(reader, grown)
    assert found == "0.00 0.00 40.00 0.00 0.00 0.00 40.00"
    assert before == "0.00 0.00 0.00 0.00 0.00 0.00 0.00"
    assert risen == "0.00 140.00 80.00 0.00 0.00 0.00 220.00"


async def test_what_has_no_price_takes_no_part_until_its_first(told: Stories) -> None:
    """What it cost went out, what it paid came in: neither is a gain. From 5,000 to 5,100 is one."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        _, late = await divided(reader, await told.scope(reader, account="LATE"))
        _, never = await divided(reader, await told.scope(reader, account="NEVER"))
    assert late == "0.00 0.00 100.00 0.00 0.00 0.00 100.00"
    assert never == "0.00 0.00 0.00 0.00 0.00 0.00 0.00"


async def test_a_scope_that_had_nothing_in_the_period_says_so(told: Stories) -> None:
    """An account that left in the year before: no value of the period is missing."""
    account = told.ids.accounts["RECEIVER"]
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="RECEIVER")
        gone = with_memberships(book, Membership(account, date(2021, 3, 1), date(2021, 3, 10)))
        period = gone.period(PeriodKind.CUSTOM, date(2021, 3, 20))
        assert period is not None
        found, _ = await divided(reader, gone, period)
    assert found.reason == "NEVER_FUNDED"


async def test_income_is_known_though_a_basis_is_not(told: Stories) -> None:
    """Units that came with no lots: price and currency are not divided, and nothing is 0 for it."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        found, _ = await divided(reader, await told.scope(reader, account="ORPHAN"))
    assert (found.income, found.reason) == (D(7), "BASIS_MISSING")
    assert (found.realised, found.unrealised, found.currency) == (None, None, None)
