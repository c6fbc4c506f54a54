"""Other names of the same thing: identical securities, the same paper, options and contracts to acquire."""

from __future__ import annotations

import pytest
from wealthnexus.domain.ledger.lots.identical import IdenticalPair, IdenticalTable
from wealthnexus.domain.ledger.lots.inputs import CorporateAction, Facts
from wealthnexus.domain.ledger.lots.policy import LotPolicy
from wealthnexus.domain.ledger.lots.vocabulary import ActionType, Treatment, View

from tests.lots.build import D, day, lots, script, stock
from tests.lots.test_wash_sales import FAMILY, basis, disallowed, family, loss, matches

pytestmark = pytest.mark.unit


def pair(treatment: Treatment, since: str = "2020-01-01", until: str | None = None) -> IdenticalTable:
    return IdenticalTable(
        (
            IdenticalPair(
                "X", "Y", treatment, "Joan Feld", "same index", day(since), day(until) if until else None
            ),
        )
    )


def test_the_table_decides_for_other_securities_and_names_its_author() -> None:
    given = loss().buy("2021-06-10", 100, 4100, security="Y")
    assert disallowed(given.play(family())) == ["0.00"]
    book = given.play(family(identical=pair(Treatment.FIRM_TREATS_AS_IDENTICAL)))
    assert (disallowed(book), disallowed(book, View.CUSTODIAN)) == (["1000.00"], ["0.00"])
    assert (matches(book)[0].treatment, matches(book)[0].judged_by) == (
        Treatment.FIRM_TREATS_AS_IDENTICAL,
        "Joan Feld: same index",
    )
    assert disallowed(given.play(family(identical=pair(Treatment.ALLOWED_SUBSTITUTE)))) == ["0.00"]


def test_the_table_is_effective_dated() -> None:
    given = loss().buy("2021-06-10", 100, 4100, security="Y")
    assert disallowed(given.play(family(identical=pair(Treatment.IDENTICAL, since="2021-06-11")))) == ["0.00"]
    assert disallowed(given.play(family(identical=pair(Treatment.IDENTICAL, until="2021-06-10")))) == ["0.00"]
    assert disallowed(given.play(family(identical=pair(Treatment.IDENTICAL, since="2021-06-10")))) == [
        "1000.00"
    ]


def test_the_same_paper_under_another_key_is_the_custodians_wash_sale() -> None:
    keys = {"X": stock(cusip="037833100"), "Y": stock(cusip="037833100")}
    book = loss().buy("2021-06-10", 100, 4100, security="Y").play(family(securities=keys))
    assert disallowed(book, View.CUSTODIAN) == ["1000.00"]


def test_a_change_of_symbol_is_the_same_security() -> None:
    change = CorporateAction("ACT", "X", ActionType.SYMBOL_CHANGE, day("2021-06-05"), other_security="Y")
    book = loss().buy("2021-06-10", 100, 4100, security="Y").play(family(actions=(change,)))
    assert disallowed(book) == ["1000.00"]


def option(kind: str) -> Facts:
    return family(
        securities={
            "X": stock(),
            "O": stock(security_type="OPTION", underlying="X", option_type=kind, strike=D(40)),
        }
    )


def test_a_call_bought_replaces_the_shares_it_is_a_right_to() -> None:
    """One call on 100 shares for 300.00 takes up the loss: 1,300.00; the custodian sees another CUSIP."""
    book = loss().buy("2021-06-10", 1, 300, security="O", id="CALL").play(option("CALL"))
    assert (disallowed(book), disallowed(book, View.CUSTODIAN)) == (["1000.00"], ["0.00"])
    assert basis(book, "CALL") == ["1300.00"]


def test_a_loss_replaced_by_a_call_goes_on_into_the_shares_and_is_used_once() -> None:
    """Exercised, the shares cost 4,000 + 300 + the 1,000 deferred, and they replace nothing a second time."""
    given = loss().buy("2020-02-03", 100, 4500, id="OLD2").buy("2021-06-10", 1, 300, security="O", id="CALL")
    given.add("EXERCISE", "2021-06-20", 1, 0, security="O").buy("2021-06-20", 100, 4000, id="NEW")
    book = given.sell("2021-06-21", 100, 4400, lots=(("OLD2", None),)).play(option("CALL"))
    assert basis(book, "NEW") == ["5300.00"]
    assert disallowed(book) == ["1000.00", "0.00"]


def test_half_a_contract_is_used_by_fifty_shares() -> None:
    given = (
        script()
        .buy("2020-01-06", 50, 2500)
        .sell("2021-06-01", 50, 2000)
        .buy("2021-06-10", 1, 300, security="O", id="C")
    )
    book = given.play(option("CALL"))
    assert disallowed(book) == ["500.00"]
    assert [(lot.units, lot.basis[View.ECONOMIC]) for lot in lots(book)] == [
        (D("0.5"), D(150)),
        (D("0.5"), D(650)),
    ]


def test_a_put_bought_acquires_nothing() -> None:
    assert disallowed(loss().buy("2021-06-10", 1, 300, security="O").play(option("PUT"))) == ["0.00"]


def test_shares_put_to_the_writer_replace_a_loss_on_the_day_of_the_assignment() -> None:
    given = script().sell("2021-05-03", 1, 200, security="O")
    given.entries += loss().entries
    given.add("ASSIGNMENT", "2021-06-18", 1, 0, security="O").buy("2021-06-18", 100, 4000, id="NEW")
    book = given.play(option("PUT"))
    assert disallowed(book) == ["1000.00"]
    assert basis(book, "NEW") == ["4800.00"]
    assert matches(book)[0].bought_on == day("2021-06-18")


def test_a_put_written_deep_in_the_money_is_a_contract_to_acquire() -> None:
    """Rev. Rul. 85-87: judged by a person, or by the policy's strike over price; else a put is none."""
    plain = loss().sell("2021-06-10", 1, 900, security="O", id="PUT")
    assert disallowed(plain.play(option("PUT"))) == ["0.00"]
    judged = loss().sell("2021-06-10", 1, 900, security="O", id="PUT", is_deep_in_the_money=True)
    book = judged.play(option("PUT"))
    assert (disallowed(book), basis(book, "PUT")) == (["1000.00"], ["-100.00"])
    priced = option("PUT")
    cheap = Facts(priced.accounts, priced.securities, groups=FAMILY, price_on=lambda _s, _d: D(30))
    assert disallowed(plain.play(cheap, policy=LotPolicy(deep_put_moneyness=D("1.3")))) == ["1000.00"]
    assert disallowed(plain.play(cheap, policy=LotPolicy(deep_put_moneyness=D("1.4")))) == ["0.00"]


def test_a_loss_on_covering_is_replaced_by_another_short_sale_only() -> None:
    """IRC 1091(e): short at 4,000, covered at 5,000, short again at 5,100: the proceeds become 4,100."""
    given = script().add("SHORT", "2021-05-03", 100, 4000).add("COVER", "2021-06-01", 100, -5000)
    long = given.play()
    long.play(script().buy("2021-06-05", 100, 5000, id="LONG").entries)
    assert disallowed(long) == ["0.00"]
    book = given.add("SHORT", "2021-06-10", 100, 5100, id="AGAIN").play()
    assert (disallowed(book), basis(book, "AGAIN")) == (["1000.00"], ["4100.00"])


def test_a_put_that_took_a_loss_up_lowers_the_proceeds_by_it() -> None:
    """A put of 500 sold for 400 and bought again for 300; exercised on shares of 3,000."""
    given = script().buy("2020-01-06", 100, 3000).buy("2021-05-03", 1, 500, security="O")
    given.sell("2021-06-01", 1, 400, security="O").buy("2021-06-02", 1, 300, security="O")
    given.add("EXERCISE", "2021-06-18", 1, 0, security="O").sell("2021-06-18", 100, 4000)
    sale = given.play(option("PUT")).realised()[1]
    assert (sale.gain, sale.custodian.gain, sale.economic.gain) == (D(700), D(600), D(600))
