"""How differences go on from day to day: the same one keeps its id, its owner and its first day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from wealthnexus.domain.feeds.custody.rules import Break, Key, Kind
from wealthnexus.domain.feeds.custody.runs import Days, Known, Plan, State, plan_day

pytestmark = pytest.mark.unit
D = Decimal
ONE, TWO, THREE, FOUR = (date(2021, 3, n) for n in (1, 2, 3, 4))
ID, OWNER, ACME = UUID(int=10), UUID(int=11), UUID(int=1)


def found(difference: str = "5", kind: Kind = "QUANTITY") -> Break:
    value = D(difference)
    return Break(Key(kind, ACME, "USD"), D(100), D(100) + value, value, D(0), abs(value))


def known(
    first: date = ONE, last: date = ONE, *, state: State = "OPEN", kind: Kind = "QUANTITY", by: str = "5"
) -> Known:
    return Known(ID, Key(kind, ACME, "USD"), state, first, last, D(by), OWNER)


NOTHING = Plan((), ())


def test_the_first_time_it_is_new() -> None:
    assert plan_day(Days(ONE), (), (found(),)) == Plan(((found(), None),), ())


def test_the_next_day_it_goes_on() -> None:
    on = plan_day(Days(TWO, before=ONE), (known(),), (found(),))
    assert on == Plan((), (known(ONE, TWO),))
    assert plan_day(Days(TWO, before=ONE), on.changed, (found(),)) == NOTHING


def test_an_earlier_day_with_it_moves_its_beginning() -> None:
    plan = plan_day(Days(ONE, after=TWO, last=TWO), (known(TWO, TWO),), (found(),))
    assert plan == Plan((), (known(ONE, TWO),))


@pytest.mark.parametrize("state", ["OPEN", "SIGNED_OFF"])
def test_another_amount_is_another_difference_with_the_same_owner(state: State) -> None:
    plan = plan_day(Days(TWO, before=ONE), (known(state=state),), (found("6"),))
    if state == "OPEN":
        assert plan == Plan(((found("6"), OWNER),), (known(state="CLEARED"),))
    else:
        assert plan == Plan(((found("6"), None),), ())


def test_a_later_day_without_it_clears_it() -> None:
    plan = plan_day(Days(TWO, before=ONE), (known(),), ())
    assert plan == Plan((), (known(state="CLEARED"),))
    # Looking at the first day again leaves it cleared: the difference was one of time.
    assert plan_day(Days(ONE, after=TWO, last=TWO), plan.changed, (found(),)) == NOTHING


def test_what_was_signed_off_stays_decided_for_its_days() -> None:
    assert plan_day(Days(TWO, before=ONE), (known(state="SIGNED_OFF"),), ()) == NOTHING
    on = plan_day(Days(TWO, before=ONE), (known(state="SIGNED_OFF"),), (found(),))
    assert on == Plan((), (known(ONE, TWO, state="SIGNED_OFF"),))


def test_a_correction_clears_it_and_its_undoing_opens_it_again() -> None:
    gone = plan_day(Days(ONE, last=ONE), (known(),), ())
    assert gone == Plan((), (known(state="CLEARED"),))
    back = plan_day(Days(ONE, last=ONE), gone.changed, (found(),))
    assert back == Plan((), (replace(known(), found=found()),))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (Days(ONE, None, TWO, THREE), known(TWO, THREE)),
        (Days(TWO, ONE, THREE, THREE), known(THREE, THREE)),
        (Days(THREE, TWO, None, THREE), known(ONE, TWO, state="CLEARED")),
    ],
)
def test_a_day_brought_into_agreement_leaves_the_run(days: Days, expected: Known) -> None:
    assert plan_day(days, (known(ONE, THREE),), ()) == Plan((), (expected,))


def test_values_move_with_prices() -> None:
    before = known(kind="MARKET_VALUE", by="50")
    now = found("70", "MARKET_VALUE")
    plan = plan_day(Days(TWO, before=ONE), (before,), (now,))
    assert plan == Plan((), (replace(before, last_day=TWO, difference=D(70), found=now),))
    # Signed off at 50: less is covered, more is asked anew.
    decided = replace(before, state="SIGNED_OFF")
    less = plan_day(Days(TWO, before=ONE), (decided,), (found("-49", "MARKET_VALUE"),))
    assert less == Plan((), (replace(decided, last_day=TWO),))
    assert plan_day(Days(TWO, before=ONE), (decided,), (now,)) == Plan(((now, None),), ())


def test_a_break_far_from_the_day_is_left_alone() -> None:
    assert plan_day(Days(FOUR, before=THREE), (known(),), ()) == NOTHING
