"""What a correction changes, and where a basis came from."""

from __future__ import annotations

import pytest
from wealthnexus.domain.ledger.lots.changes import changes
from wealthnexus.domain.ledger.lots.inputs import CorporateAction
from wealthnexus.domain.ledger.lots.vocabulary import ActionType

from tests.lots.build import D, day, facts, lots, script, stock

pytestmark = pytest.mark.unit


def test_a_corrected_purchase_changes_the_gain_and_the_lot_that_is_left() -> None:
    """100 for 5,000 was 100 for 4,000: the 40 sold for 2,400 gain 800 instead of 400; Y is as it was."""

    def told(cost: int) -> object:
        return (
            script().buy("2021-01-04", 100, cost, id="B").buy("2021-01-05", 5, 50, security="Y", id="Y")
            .sell("2021-02-01", 40, 2400, id="S").play()
        )  # fmt: skip

    found = changes(told(5000), told(4000))
    assert [(one.id, one.before.cost, one.after.cost) for one in found.lots] == [("B", D(3000), D(2400))]
    assert [(one.id, one.before.gain, one.after.gain) for one in found.gains] == [("S/1", D(400), D(800))]
    assert (found.gain, found.recognised) == ({"A": D(400)}, {"A": D(400)})


def test_what_was_not_there_and_what_is_not_known() -> None:
    before = script().buy("2021-01-04", 10, 100, id="B").play()
    after = script().buy("2021-01-04", 10, 100, id="B").sell("2021-02-01", 15, 300, id="S").play()
    found = changes(before, after)
    assert [(one.id, one.before is None, one.after is None) for one in found.lots] == [
        ("B", False, True),
        ("S", True, False),
    ]
    assert [one.id for one in found.gains] == ["S/1", "S/2"]
    assert found.gain == {"A": None}
    assert changes(after, after).gains == ()


def test_a_backdated_purchase_spoils_a_loss() -> None:
    """30 bought in the window after all: 300 of the 1,000 are not recognised; the gain itself is the same."""
    given = script().buy("2020-01-06", 100, 5000, id="OLD").sell("2021-06-01", 100, 4000, id="S")
    before = given.play()
    found = changes(before, given.buy("2021-06-10", 30, 1200, id="NEW").play())
    assert (found.gain, found.recognised) == ({"A": D(0)}, {"A": D(300)})


def test_where_a_basis_came_from() -> None:
    """A spun-off lot names its parent's lot, also when it is sold; shares from an exercise the option's."""
    spun = CorporateAction(
        "ACT", "X", ActionType.SPIN_OFF, day("2021-03-01"), D(1), D(1), other_security="Y",
        basis_fraction=D("0.5"),
    )  # fmt: skip
    call = stock(security_type="OPTION", underlying="X", option_type="CALL", strike=D(50))
    given = script().buy("2020-01-06", 10, 100, id="PARENT").add("SPIN_OFF", "2021-03-01", 10, security="Y")
    given.buy("2021-04-01", 1, 250, security="C", id="CALL").add("EXERCISE", "2021-05-03", 1, 0, security="C")
    given.buy("2021-05-03", 100, 5000, id="SHARES").sell("2021-06-01", 5, 100, security="Y")
    book = given.play(facts(securities={"X": stock(), "Y": stock(), "C": call}, actions=(spun,)))
    assert [lot.from_lots for lot in lots(book, "Y")] == [("PARENT",)]
    assert [lot.from_lots for lot in lots(book, "X")] == [(), ("CALL",)]
    assert [line.from_lots for line in book.realised()] == [("PARENT",)]
