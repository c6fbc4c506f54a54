"""Wash sales: partial matches, chains, orders, the group, IRAs, options, other names, both views, before."""

from __future__ import annotations

from typing import Any

import pytest
from wealthnexus.domain.ledger.lots.book import LotBook
from wealthnexus.domain.ledger.lots.inputs import CorporateAction, Facts, GivenLot
from wealthnexus.domain.ledger.lots.policy import LotPolicy
from wealthnexus.domain.ledger.lots.results import RealisedGain, WashMatch
from wealthnexus.domain.ledger.lots.taxpayers import (
    AccountOwner,
    Membership,
    TaxpayerGroups,
    Tie,
    accounts_of_one_book,
    taxpayer_groups,
)
from wealthnexus.domain.ledger.lots.vocabulary import (
    ActionType,
    Reason,
    Term,
    View,
    WashEffect,
)

from tests.lots.build import D, Script, account, day, facts, lots, number, script

pytestmark = pytest.mark.unit

FAMILY = TaxpayerGroups([Membership("A", "JOHN"), Membership("B", "JOHN"), Membership("IRA", "JOHN")])


def family(**more: Any) -> Facts:
    """A, B and an IRA of one taxpayer."""
    return facts(**{"groups": FAMILY, **more})


def loss() -> Script:
    """100 X bought long ago for 5,000.00 are sold on 1 June 2021 for 4,000.00: a loss of 1,000.00."""
    return script().buy("2020-01-06", 100, 5000, id="OLD").sell("2021-06-01", 100, 4000, id="SOLD")


def disallowed(book: LotBook, view: View = View.ECONOMIC) -> list[str]:
    return [f"{line.views[view].disallowed:.2f}" for line in book.realised()]


def basis(book: LotBook, root: str, view: View = View.ECONOMIC) -> list[str]:
    return [f"{lot.basis[view]:.2f}" for lot in lots(book) if lot.root == root]


def first(book: LotBook) -> RealisedGain:
    return book.realised()[0]


def matches(book: LotBook) -> tuple[WashMatch, ...]:
    return book.wash_sales()


@pytest.mark.parametrize(
    ("bought", "washed"),
    [("2021-05-01", "0.00"), ("2021-05-02", "1000.00"), ("2021-06-01", "1000.00"), ("2021-07-01", "1000.00"),
     ("2021-07-02", "0.00")],
)  # fmt: skip
def test_sixty_one_days(bought: str, washed: str) -> None:
    """30 days before through 30 days after, both included."""
    given = script().buy("2020-01-06", 100, 5000, id="OLD").buy(bought, 100, 4100, id="NEW")
    given.sell("2021-06-01", 100, 4000, lots=(("OLD", None),))
    assert disallowed(given.play()) == [washed]


def test_basis_of_the_replacement_at_a_higher_and_a_lower_price() -> None:
    """26 CFR 1.1091-2: cost 100, sold 80; bought again for 90: 110; for 70: 90."""
    for price, expected in ((90, "110.00"), (70, "90.00")):
        given = (
            script().buy("2020-01-06", 1, 100).sell("2021-06-01", 1, 80).buy("2021-06-10", 1, price, id="NEW")
        )
        assert basis(given.play(), "NEW") == [expected]


def test_half_of_one_order_sold_at_a_loss_is_no_wash_sale() -> None:
    """Buy 200 in one order, sell 100: what remains replaces nothing, whatever number of fills it had."""
    one = script().buy("2021-05-20", 200, 10000).sell("2021-06-01", 100, 4000).play()
    assert disallowed(one) == ["0.00"]
    fills = (
        script().buy("2021-05-20", 100, 5000, order="O").buy("2021-05-20", 100, 5000, order="O")
        .sell("2021-06-01", 100, 4000).play()
    )  # fmt: skip
    assert disallowed(fills) == ["0.00"]
    orders = script().buy("2021-05-20", 100, 5000).buy("2021-05-20", 100, 5000).sell("2021-06-01", 100, 4000)
    assert disallowed(orders.play()) == ["1000.00"]


def test_each_share_replaces_one_loss_once() -> None:
    """Two losses of 100 shares and one purchase of 150: 100 for the earlier, 50 for the later."""
    given = script().buy("2020-01-06", 100, 5000).buy("2020-01-07", 100, 6000)
    given.sell("2021-06-01", 100, 4000).sell("2021-06-02", 100, 4000).buy("2021-06-10", 150, 6000, id="NEW")
    book = given.play()
    assert disallowed(book) == ["1000.00", "1000.00"]
    assert sum(number(one) for one in basis(book, "NEW")) == D(8000)
    assert [match.units for match in matches(book)] == [D(100), D(50)]
    assert book.realised()[1].economic.recognised == D(-1000)


def test_the_holding_period_of_the_old_shares_is_added() -> None:
    """Held 512 days, so the replacement of 10 June 2021 is held since 512 days earlier: long-term at once."""
    book = loss().buy("2021-06-10", 100, 4100, id="NEW").sell("2021-06-20", 100, 6000).play()
    sale = book.realised()[1]
    assert sale.economic.held_from == day("2020-01-15")
    assert (sale.term, sale.economic.term) == (Term.SHORT, Term.LONG)
    assert (sale.gain, sale.economic.gain) == (D(1900), D(900))


def test_a_chain_carries_the_loss_on() -> None:
    """1,000 is deferred into the second lot; it loses 100 more and 1,100 is deferred into the third."""
    book = (
        loss().buy("2021-06-10", 100, 4100, id="B2").sell("2021-06-20", 100, 4000)
        .buy("2021-07-10", 100, 3900, id="B3").play()
    )  # fmt: skip
    assert disallowed(book) == ["1000.00", "1100.00"]
    assert basis(book, "B3") == ["5000.00"]
    assert sum(line.economic.recognised for line in book.realised()) == 0
    ended = loss().buy("2021-06-10", 100, 4100).sell("2021-06-20", 100, 4000).play()
    assert [line.economic.recognised for line in ended.realised()] == [D(0), D(-1100)]


def test_gains_never_wash() -> None:
    given = script().buy("2020-01-06", 100, 3000).sell("2021-06-01", 100, 4000).buy("2021-06-02", 100, 4000)
    assert (disallowed(given.play()), matches(given.play())) == (["0.00"], ())


def test_what_was_sold_before_the_loss_replaces_nothing() -> None:
    given = script().buy("2020-01-06", 100, 5000, id="OLD").buy("2021-05-20", 100, 4100, id="NEW")
    given.sell("2021-05-25", 100, 4200, lots=(("NEW", None),)).sell("2021-06-01", 100, 4000)
    assert disallowed(given.play()) == ["0.00", "0.00"]


def test_selling_everything_in_one_sale_is_no_wash_sale() -> None:
    given = script().buy("2020-01-06", 100, 5000).buy("2021-05-20", 100, 4100).sell("2021-06-01", 200, 8000)
    assert disallowed(given.play()) == ["0.00", "0.00"]


def test_a_reinvested_dividend_replaces_its_fraction_of_a_loss() -> None:
    """0.5 of 100 shares: 5.00 of the 1,000.00."""
    book = loss().add("REINVEST", "2021-06-15", "0.5", -20, id="DRIP").play()
    assert (disallowed(book), basis(book, "DRIP")) == (["5.00"], ["25.00"])


def test_the_spouses_ira_takes_the_loss_for_good() -> None:
    """Rev. Rul. 2008-5: disallowed, and no basis takes it up; the custodian sees nothing of it."""
    book = loss().buy("2021-06-10", 100, 4100, account="IRA", id="NEW").play(family())
    figure = first(book).economic
    assert (figure.disallowed, figure.lost, figure.recognised) == (D(1000), D(1000), D(0))
    assert basis(book, "NEW") == ["4100.00"]
    assert (matches(book)[0].effect, first(book).custodian.disallowed) == (WashEffect.LOST, D(0))


def test_losses_inside_an_ira_are_no_losses() -> None:
    given = script().buy("2020-01-06", 100, 5000, account="IRA").sell("2021-06-01", 100, 4000, account="IRA")
    assert disallowed(given.buy("2021-06-10", 100, 4000).play(family())) == ["0.00"]


def test_both_views_stand_side_by_side() -> None:
    """60 bought in the same account, 40 in another: the custodian disallows 600, the taxpayer 1,000."""
    book = (
        loss().buy("2021-06-10", 60, 2400, id="SAME").buy("2021-06-11", 50, 2000, account="B", id="OTHER")
        .play(family())
    )  # fmt: skip
    assert (disallowed(book, View.CUSTODIAN), disallowed(book)) == (["600.00"], ["1000.00"])
    assert [lot.basis for lot in lots(book, account="B")] == [
        (D("400.00"), D("400.00"), D("400.00")),
        (D("1600.00"), D("1600.00"), D("2000.00")),
    ]
    assert [lot.basis for lot in lots(book, account="A")] == [(D(2400), D(3000), D(3000))]


def test_accounts_of_nobody_known_are_taxpayers_of_their_own() -> None:
    assert disallowed(loss().buy("2021-06-10", 100, 4100, account="B").play()) == ["0.00"]


def test_a_marriage_counts_from_its_day() -> None:
    """A of John, B of Mary, married on 5 June 2021: what Mary buys on the 4th is hers, on the 5th theirs."""
    ties = [Tie("SPOUSE", "JOHN", "MARY", effective_from=day("2021-06-05"))]
    groups = taxpayer_groups([AccountOwner("A", "JOHN", "OWNER"), AccountOwner("B", "MARY", "OWNER")], ties)
    for bought, washed in (("2021-06-04", "0.00"), ("2021-06-05", "1000.00")):
        book = loss().buy(bought, 100, 4100, account="B").play(facts(groups=groups))
        assert disallowed(book) == [washed]


def test_a_childs_account_is_a_warning_and_never_disallows() -> None:
    owners = [
        AccountOwner("A", "JOHN", "OWNER"),
        AccountOwner("B", "CHILD", "MINOR"),
        AccountOwner("B", "JOHN", "CUSTODIAN"),
    ]
    given = loss().buy("2021-06-10", 100, 4100, account="B")
    groups = taxpayer_groups(owners, [])
    book = given.play(facts(groups=groups))
    assert disallowed(book) == ["0.00"]
    assert [(match.effect, match.units, match.disallowed) for match in matches(book)] == [
        (WashEffect.WARNING, D(100), D(0))
    ]
    quiet = given.play(facts(groups=groups), policy=LotPolicy(warn_related_taxpayers=False))
    assert matches(quiet) == ()


def test_bought_before_in_a_related_account_warns_too() -> None:
    owners = [
        AccountOwner("A", "JOHN", "OWNER"),
        AccountOwner("B", "TRUST", "OWNER"),
        AccountOwner("B", "JOHN", "TRUSTEE"),
    ]
    given = (
        script()
        .buy("2020-01-06", 100, 5000)
        .buy("2021-05-20", 30, 1200, account="B")
        .sell("2021-06-01", 100, 4000)
    )
    book = given.play(facts(groups=taxpayer_groups(owners, [])))
    assert [(match.effect, match.units) for match in matches(book)] == [(WashEffect.WARNING, D(30))]


def test_what_a_relative_bought_outside_the_window_is_no_warning() -> None:
    """Bought on 1 April, 61 days before the loss, and brought into the account after it."""
    owners = [AccountOwner("A", "JOHN", "OWNER"), AccountOwner("B", "CHILD", "MINOR")]
    groups = taxpayer_groups([*owners, AccountOwner("B", "JOHN", "CUSTODIAN")], [])
    for bought, warned in (("2021-04-01", 0), ("2021-05-02", 1)):
        lot = GivenLot("G", "B", "X", day("2021-06-10"), D(100), day(bought), D(4000))
        book = (
            loss()
            .add("TRANSFER_IN", "2021-06-10", 100, account="B")
            .play(facts(groups=groups, given_lots=(lot,)))
        )
        assert len(matches(book)) == warned


def test_shares_of_a_taxable_merger_are_bought_anew() -> None:
    """NEW took a loss of X up; exchanged for Y in a taxable merger its shares replace a loss of Y as well."""
    taxable = CorporateAction(
        "ACT", "X", ActionType.MERGER, day("2021-06-20"), D(1), D(1), other_security="Y", is_taxable=True
    )
    given = loss().buy("2020-01-06", 100, 5000, security="Y").buy("2021-06-10", 100, 4100, id="NEW")
    given.sell("2021-06-15", 100, 4400, security="Y").add("MERGER", "2021-06-20", -100)
    book = given.add("MERGER", "2021-06-20", 100, security="Y").play(
        family(actions=(taxable,), price_on=lambda _security, _day: D(45))
    )
    assert disallowed(book) == ["1000.00", "600.00", "0.00"]
    assert [lot.basis[View.ECONOMIC] for lot in lots(book)] == [D(5100)]


def test_the_group_that_ownership_gives() -> None:
    """Grantor trusts and controlled companies are their owner's; irrevocable trusts and minors are not."""
    owners = [
        AccountOwner("JOINT", "JOHN", "JOINT_SURVIVORSHIP"),
        AccountOwner("JOINT", "MARY", "JOINT_SURVIVORSHIP"),
        AccountOwner("ROTH", "MARY", "OWNER"),
        AccountOwner("REVOCABLE", "RTRUST", "OWNER"),
        AccountOwner("LLC", "COMPANY", "OWNER"),
        AccountOwner("HALF", "PARTNERSHIP", "OWNER"),
        AccountOwner("IRREVOCABLE", "ITRUST", "OWNER"),
        AccountOwner("IRREVOCABLE", "JOHN", "GRANTOR"),
        AccountOwner("UTMA", "CHILD", "MINOR"),
    ]
    ties = [
        Tie("SPOUSE", "JOHN", "MARY"),
        Tie("GRANTOR", "JOHN", "RTRUST"),
        Tie("OWNS", "JOHN", "COMPANY", D("0.6")),
        Tie("OWNS", "JOHN", "PARTNERSHIP", D("0.5")),
        Tie("RELATED", "JOHN", "CHILD"),
    ]
    groups, when = taxpayer_groups(owners, ties), day("2021-06-01")
    same = {
        one
        for one in ("ROTH", "REVOCABLE", "LLC", "HALF", "IRREVOCABLE", "UTMA")
        if groups.is_same("JOINT", one, when)
    }
    near = {
        one
        for one in ("ROTH", "REVOCABLE", "LLC", "HALF", "IRREVOCABLE", "UTMA")
        if groups.is_related("JOINT", one, when)
    }
    assert same == {"ROTH", "REVOCABLE", "LLC"}
    assert near == {"IRREVOCABLE", "UTMA"}


def test_accounts_that_are_played_together() -> None:
    """One taxpayer's, a relative's, and what something moved to; everybody else by themselves."""
    owners = [
        AccountOwner("A", "JOHN", "OWNER"),
        AccountOwner("IRA", "JOHN", "OWNER"),
        AccountOwner("UTMA", "CHILD", "MINOR"),
        AccountOwner("UTMA", "JOHN", "CUSTODIAN"),
        AccountOwner("C", "MARY", "OWNER"),
        AccountOwner("D", "PAUL", "OWNER"),
    ]
    groups = taxpayer_groups(owners, [])
    accounts = ("A", "IRA", "UTMA", "C", "D", "E")
    assert accounts_of_one_book(accounts, groups) == [("A", "IRA", "UTMA"), ("C",), ("D",), ("E",)]
    assert accounts_of_one_book(accounts, groups, [("D", "E"), ("E", "C")])[1:] == [("C", "D", "E")]


# -- corporate actions and transfers in between --------------------------------------------------------------


def test_a_split_between_the_loss_and_the_purchase() -> None:
    """2 for 1 on 5 June: 100 shares sold are 200 now; 100 bought replace half of the loss."""
    split = CorporateAction("ACT", "X", ActionType.SPLIT, day("2021-06-05"), D(2), D(1))
    book = loss().buy("2021-06-10", 100, 2000, id="NEW").play(family(actions=(split,)))
    assert disallowed(book) == ["500.00"]
    assert matches(book)[0].units == D(50)


def test_what_came_by_split_spin_off_or_inheritance_is_no_purchase() -> None:
    split = CorporateAction("ACT", "X", ActionType.SPLIT, day("2021-06-05"), D(2), D(1))
    given = (
        script().buy("2020-01-06", 200, 10000).sell("2021-06-01", 100, 4000).add("SPLIT", "2021-06-05", 100)
    )
    assert disallowed(given.play(family(actions=(split,)))) == ["0.00"]
    lot = GivenLot(
        "G", "A", "X", day("2021-06-10"), D(100), day("2021-06-08"), D(4000), counts_as_purchase=False
    )
    inherited = loss().add("TRANSFER_IN", "2021-06-10", 100)
    assert disallowed(inherited.play(family(given_lots=(lot,)))) == ["0.00"]


def test_a_purchase_elsewhere_that_is_transferred_in_later_still_counts() -> None:
    lot = GivenLot("G", "A", "X", day("2021-08-10"), D(100), day("2021-06-08"), D(4000))
    book = loss().add("TRANSFER_IN", "2021-08-10", 100).play(family(given_lots=(lot,)))
    assert (disallowed(book), basis(book, "G")) == (["1000.00"], ["5000.00"])


def test_the_deferred_loss_travels_with_a_transfer_and_a_split() -> None:
    split = CorporateAction("ACT", "X", ActionType.SPLIT, day("2021-08-02"), D(2), D(1))
    given = loss().buy("2021-06-10", 100, 4100, id="NEW").add("TRANSFER_OUT", "2021-07-01", 100)
    given.add("TRANSFER_IN", "2021-07-01", 100, account="B").add("SPLIT", "2021-08-02", 100, account="B")
    book = given.sell("2021-12-01", 200, 6000, account="B").play(family(actions=(split,)))
    assert (book.realised()[1].gain, book.realised()[1].economic.gain) == (D(1900), D(900))


def test_what_took_a_loss_up_leaves_first_also_after_a_split() -> None:
    """Of 100 bought 50 took 500.00 up: 100 of 200 after the split. 80 leave, then 40: 20 of either part."""
    split = CorporateAction("ACT", "X", ActionType.SPLIT, day("2021-08-02"), D(2), D(1))
    given = script().buy("2020-01-06", 50, 2500).sell("2021-06-01", 50, 2000).buy("2021-06-10", 100, 4000)
    given.add("SPLIT", "2021-08-02", 100).sell("2021-12-01", 80, 4000).sell("2021-12-02", 40, 2000)
    book = given.play(family(actions=(split,)))
    assert [(line.units, line.economic.basis) for line in book.realised()[1:]] == [
        (D(80), D(2000)),
        (D(20), D(500)),
        (D(20), D(400)),
    ]


def test_a_loss_goes_into_another_currency_at_the_rate_of_the_purchase() -> None:
    both = {"A": account(), "B": account(currency="EUR")}
    given = loss().buy("2021-06-10", 100, 3500, account="B", id="NEW")
    rated = family(accounts=both, rate_on=lambda base, _quote, _day: D("0.8") if base == "USD" else D("1.25"))
    assert basis(given.play(rated), "NEW") == ["4300.00"]
    (lot,) = given.play(family(accounts=both)).open_lots()
    assert (lot.cost, lot.basis[View.ECONOMIC], lot.reasons) == (D(3500), None, (Reason.FX_RATE_MISSING,))


def test_a_loss_that_is_not_known_says_so() -> None:
    given = (
        script()
        .add("TRANSFER_IN", "2020-01-06", 100)
        .buy("2021-05-20", 100, 4000)
        .sell("2021-06-01", 100, 3000)
    )
    line = first(given.play())
    assert line.economic.recognised is None
    assert Reason.GAIN_UNKNOWN_FOR_WASH in line.reasons


def test_a_replacement_of_unknown_basis_stays_unknown() -> None:
    lot = GivenLot("G", "A", "X", day("2021-06-10"), D(100), day("2021-06-08"), None)
    book = loss().add("TRANSFER_IN", "2021-06-10", 100).play(family(given_lots=(lot,)))
    assert disallowed(book) == ["1000.00"]
    assert [one.basis for one in lots(book)] == [(None, None, None)]


def test_disallowed_never_exceeds_the_loss_and_the_last_cent_is_kept() -> None:
    """100.00 of loss over three purchases of a third each: 33.33, 33.34, 33.33."""
    given = script().buy("2020-01-06", 3, 1000).sell("2021-06-01", 3, 900)
    for number_ in range(4):
        given.buy(f"2021-06-1{number_}", 1, 300)
    book = given.play()
    assert disallowed(book) == ["100.00"]
    assert [match.disallowed for match in matches(book)] == [D("33.33"), D("33.34"), D("33.33")]


def test_year_end() -> None:
    """Sold on 20 December, bought on 10 January: the loss of the old year is disallowed."""
    given = script().buy("2020-01-06", 100, 5000).sell("2020-12-20", 100, 4000).buy("2021-01-10", 100, 4100)
    assert disallowed(given.play()) == ["1000.00"]


def test_accounts_are_taxable_unless_said() -> None:
    assert account().is_taxable
    assert not account(taxable=False).is_taxable
