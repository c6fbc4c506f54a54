"""A firm for tests of parts: one book, imported once, of which each account tells one story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.performance import PeriodKind
from wealthnexus.domain.performance.reading import ScopeBook, scope_book
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.rules.flows import movements_of
from wealthnexus.domain.performance.rules.periods import Period
from wealthnexus.domain.performance.rules.scopes import Membership, scope_series
from wealthnexus.domain.performance.rules.time_weighted import inception
from wealthnexus.domain.performance.service import (
    AssignBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.domain.performance.sessions import valuation_days
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.runtime import Platform

from tests.factories import make_firm
from tests.factories_ledger import LAST_DAY, Book, Ids, ids_of

D = Decimal


@dataclass(frozen=True)
class Stories:
    """The firm and the ids of its book by the keys of the book."""

    platform: Platform
    firm: FirmInfo
    ids: Ids

    async def scope(self, reader: Reader, *, account: str = "", household: str = "") -> ScopeBook:
        key: UUID = self.ids.accounts[account] if account else self.ids.households[household]
        kind = ScopeKind.ACCOUNT if account else ScopeKind.HOUSEHOLD
        view = await book_view(reader, self.firm)
        found = await scope_book(reader, view, Scope(kind, key))
        assert found is not None
        return found


def inception_of(book: ScopeBook) -> Period:
    period = book.period(PeriodKind.SINCE_INCEPTION)
    assert period is not None
    return period


async def imported(platform: Platform, book: Book, folder: Path) -> Stories:
    firm = await make_firm(platform, pinned_business_date=LAST_DAY)
    report = await book.load(platform, firm, folder)
    assert report.ok, list(report.lines())
    return Stories(platform, firm, await ids_of(platform, firm))


async def put_beside(told: Stories, security: str) -> None:
    """A benchmark beside the whole firm: 60 % of the security, 40 % cash that earns nothing."""
    since = date(2020, 1, 1)
    parts = (
        Component(since, D("0.6"), security_id=told.ids.securities[security]),
        Component(since, D("0.4"), yearly_rate=D(0)),
    )
    async with told.platform.db.unit_of_work(Binding(told.firm.id), actor=SYSTEM) as uow:
        benchmark = await create_benchmark(uow, CreateBenchmark("Beside", parts, "a test"))
        await assign_benchmark(uow, AssignBenchmark(benchmark, since, "a test"))


def stories() -> Book:
    """Each account begins on Monday 1 March 2021; actions are of Monday 15 March."""
    made = Book().household().household("H2")
    for key in ("RENAMED", "AWAITED", "SPUN", "MERGED", "FEES"):
        made.account(key)
    for key in ("PAYER", "BILLED"):
        made.account(key, "H2")
    made.household("H3").account("GIVER", "H3").account("RECEIVER", "H3")
    made.household("H6").account("LATE", "H6").account("NEVER", "H6")
    made.household("H5").account("ORPHAN", "H5").account("BONDS", "H5")
    made.household("H7").account("COUPONS", "H7").account("HEIR", "H7")
    made.household("H4").account("EURO", "H4", currency="EUR").account("SATURDAY", "H4")
    _renamed(made)
    _awaited(made)
    _spun(made)
    _merged(made)
    _fees(made)
    _paid_for_others(made)
    _in_kind(made)
    _euro(made)
    _without_a_price(made)
    _bonds(made)
    _coupons(made)
    made.transaction("TRANSFER_IN", account="ORPHAN", security="GIFT", quantity="10")
    made.transaction("DIVIDEND", "7", account="ORPHAN", security="GIFT", on="2021-03-10")
    made.deposit("1000", account="SATURDAY")
    made.transaction("INTEREST", "100", account="SATURDAY", on="2021-03-06")
    return made


def _renamed(made: Book) -> None:
    """100 OLD of 40,000 become 100 NEW, which rise by a tenth."""
    made.security("OLD").security("NEW", asset_class="ALTERNATIVE")
    made.price("OLD", "2021-03-01", "400").price("NEW", "2021-03-15", "400").price("NEW", LAST_DAY, "440")
    made.action("SYMBOL_CHANGE", "2021-03-15", security="OLD", key="X1", new_value="NEW",
                other_security_key="NEW")  # fmt: skip
    made.deposit("100000", account="RENAMED").buy("OLD", "100", "-40000", account="RENAMED")
    of = {"account": "RENAMED", "on": "2021-03-15"}
    made.transaction("SYMBOL_CHANGE", security="OLD", quantity="-100", **of)
    made.transaction("SYMBOL_CHANGE", security="NEW", quantity="100", **of)


def _awaited(made: Book) -> None:
    """The same, and the new name closes two days later for the first time."""
    made.security("BEFORE").security("AFTER")
    made.price("BEFORE", "2021-03-01", "400").price("AFTER", "2021-03-17", "400").price(
        "AFTER", LAST_DAY, "440"
    )
    made.action("SYMBOL_CHANGE", "2021-03-15", security="BEFORE", key="X4", new_value="AFTER",
                other_security_key="AFTER")  # fmt: skip
    made.deposit("100000", account="AWAITED").buy("BEFORE", "100", "-40000", account="AWAITED")
    of = {"account": "AWAITED", "on": "2021-03-15"}
    made.transaction("SYMBOL_CHANGE", security="BEFORE", quantity="-100", **of)
    made.transaction("SYMBOL_CHANGE", security="AFTER", quantity="100", **of)


def _spun(made: Book) -> None:
    """30 of 100 PARENT go to CHILD, of which one comes for two and rises by a tenth; the parent stays."""
    made.security("PARENT").security("CHILD")
    made.price("PARENT", "2021-03-01", "100").price("PARENT", "2021-03-15", "70")
    made.price("CHILD", "2021-03-15", "60").price("CHILD", LAST_DAY, "66")
    made.action("SPIN_OFF", "2021-03-15", security="PARENT", key="X2", ratio_new=D(1), ratio_old=D(2),
                other_security_key="CHILD")  # fmt: skip
    made.deposit("20000", account="SPUN").buy("PARENT", "100", "-10000", account="SPUN")
    made.transaction("SPIN_OFF", security="CHILD", quantity="50", account="SPUN", on="2021-03-15")


def _merged(made: Book) -> None:
    """100 TARGET of 50 for 20 ACQUIRER of 200 and 1,000 in cash."""
    made.security("TARGET").security("ACQUIRER")
    made.price("TARGET", "2021-03-01", "50").price("ACQUIRER", "2021-03-15", "200")
    made.price("ACQUIRER", LAST_DAY, "220")
    made.action("MERGER", "2021-03-15", security="TARGET", key="X3", ratio_new=D(1), ratio_old=D(5),
                cash_amount=D(10), currency="USD", other_security_key="ACQUIRER")  # fmt: skip
    made.deposit("10000", account="MERGED").buy("TARGET", "100", "-5000", account="MERGED")
    of = {"account": "MERGED", "on": "2021-03-15", "corporate_action_external_id": "X3"}
    made.transaction("MERGER", "1000", security="TARGET", quantity="-100", **of)
    made.transaction("MERGER", security="ACQUIRER", quantity="20", **of)


def _fees(made: Book) -> None:
    """Cash of 1,000 beside 9,000 of SHARE, which rise by a tenth; a fee of 2,500 is taken from the cash."""
    made.security("SHARE")
    for day in valuation_days(date(2021, 2, 26), LAST_DAY):  # an index has a level on each of them
        made.price("SHARE", day, "99" if day == LAST_DAY else "90")
    made.deposit("10000", account="FEES").buy("SHARE", "100", "-9000", account="FEES")
    made.transaction("ADVISORY_FEE", "-2500", account="FEES", on="2021-03-16")


def _paid_for_others(made: Book) -> None:
    """The payer's 500,000 pay 10,000 of which 8,000 are the other's; 500 of expenses are the other's too."""
    made.deposit("500000", account="PAYER").deposit("100000", account="BILLED")
    of = {"account": "PAYER", "on": "2021-03-16"}
    made.transaction("ADVISORY_FEE", "-2000", **of)
    made.transaction("ADVISORY_FEE", "-8000", billed_account_external_id="BILLED", **of)
    made.transaction("EXPENSE", "-500", billed_account_external_id="BILLED", **of)


def _in_kind(made: Book) -> None:
    """100 GIFT bought at 90 go over at 95 for a cost of 25, and end at 99; the receiver sells 40 at 97."""
    made.security("GIFT").price("GIFT", "2021-03-01", "90").price("GIFT", "2021-03-08", "95")
    made.price("GIFT", "2021-03-15", "97").price("GIFT", LAST_DAY, "99")
    made.deposit("10000", account="GIVER").buy("GIFT", "100", "-9000", account="GIVER")
    made.deposit("1000", account="RECEIVER")
    made.transaction("TRANSFER_OUT", "-25", account="GIVER", on="2021-03-08", security="GIFT",
                     quantity="100", key="OUT", related_external_id="IN")  # fmt: skip
    made.transaction("TRANSFER_IN", account="RECEIVER", on="2021-03-08", security="GIFT",
                     quantity="100", key="IN", related_external_id="OUT")  # fmt: skip
    made.sell("GIFT", "40", "3880", account="RECEIVER", on="2021-03-15")


def _without_a_price(made: Book) -> None:
    """4,000 of 10,000 buy what pays 20; one is first priced at 5,000 and ends at 5,100, one never."""
    kind = {"security_type": "COLLECTIBLE", "asset_class": "REAL_ASSETS"}
    made.security("PICTURE", **kind).security("HEIRLOOM", **kind)
    made.price("PICTURE", "2021-03-15", "5000").price("PICTURE", LAST_DAY, "5100")
    for account, what in (("LATE", "PICTURE"), ("NEVER", "HEIRLOOM")):
        made.deposit("10000", account=account).buy(what, "1", "-4000", account=account)
        made.transaction("DIVIDEND", "20", account=account, on="2021-03-08", security=what)


def _bonds(made: Book) -> None:
    """10,000 of face at 100 from 3 to 22 March; zeros accrue nothing."""
    of = {"asset_class": "FIXED_INCOME", "price_multiplier": D("0.01")}
    made.security("NOTE", security_type="CORPORATE_BOND", coupon=D(5), **of)
    made.security("STRIP", security_type="GOVERNMENT_BOND", coupon=D(0), **of)
    made.deposit("20000", account="BONDS")
    for key in ("NOTE", "STRIP"):
        made.price(key, "2021-03-03", "100").price(key, LAST_DAY, "100")
        made.buy(key, "10000", "-10000", account="BONDS", on="2021-03-03")
    made.sell("NOTE", "10000", "10020", account="BONDS", on="2021-03-22", accrued_interest=D(20))


def _coupons(made: Book) -> None:
    """500,000 of face bought with 12,000 of interest, 200,000 with 3,320, which pay 3,600 on 15 March; on the
    22nd 100,000 of them go to the heir with 70 of interest."""
    of = {"asset_class": "FIXED_INCOME", "price_multiplier": D("0.01"), "security_type": "CORPORATE_BOND"}
    of |= {"payments_per_year": 2, "day_count": "30/360"}
    made.security("LONG", coupon=D("5.76"), maturity=date(2031, 10, 1), **of)
    made.security("PAYS", coupon=D("3.6"), maturity=date(2031, 3, 15), **of)
    made.deposit("1000000", account="COUPONS", on="2021-02-26")
    for key, face, paid, interest in (
        ("LONG", "500000", "-512000", "12000"),
        ("PAYS", "200000", "-203320", "3320"),
    ):
        made.price(key, "2021-03-01", "100").price(key, LAST_DAY, "100")
        made.buy(key, face, paid, account="COUPONS", on="2021-03-01", accrued_interest=D(interest))
    made.transaction("INTEREST", "3600", account="COUPONS", on="2021-03-15", security="PAYS")
    made.deposit("1000", account="HEIR", on="2021-02-26")
    moved = {"security": "PAYS", "quantity": "100000", "on": "2021-03-22"}
    made.transaction("TRANSFER_OUT", account="COUPONS", key="GIVEN", **moved)
    made.transaction("TRANSFER_IN", account="HEIR", related_external_id="GIVEN", **moved)


def _euro(made: Book) -> None:
    """EUR 10,000 at 1.10, half of it in shares that rise from 50 to 60; dividends of 100 at 1.15; 1.20."""
    made.rate("EUR", "USD", "2021-03-01", "1.10").rate("EUR", "USD", "2021-03-15", "1.15")
    made.rate("EUR", "USD", LAST_DAY, "1.20")
    made.security("EUROS", currency="EUR").price("EUROS", "2021-03-01", "50").price("EUROS", LAST_DAY, "60")
    made.deposit("10000", account="EURO").buy("EUROS", "100", "-5000", account="EURO")
    made.transaction("DIVIDEND", "100", account="EURO", on="2021-03-15", security="EUROS")


def with_memberships(book: ScopeBook, *memberships: Membership) -> ScopeBook:
    """The same accounts at other shares and on other days."""
    days = [row.day for row in book.series.days]
    series = scope_series(
        dict(book.values.items()), movements_of(book.rows).movements, memberships, days, book.policies
    )
    members = replace(book.members, memberships=memberships)
    began = inception(series.days, book.conventions.gap_treatment)
    return replace(book, members=members, series=series, inception=began, _known={})
