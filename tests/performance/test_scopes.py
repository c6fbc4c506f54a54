"""Households and other scopes: what joins, leaves, moves inside, and who pays whose fee."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.domain.performance.rules.policy import (
    DEFAULT_EXPENSES,
    CalculationPolicy,
    ExpenseKind,
    ExpenseTreatment,
    FeeBasis,
    JoinValue,
)
from wealthnexus.domain.performance.rules.scopes import (
    Effect,
    Membership,
    Movement,
    MovementKind,
    ScopeSeries,
    scope_series,
)
from wealthnexus.domain.performance.rules.time_weighted import TimeWeighted, time_weighted

pytestmark = pytest.mark.unit
BEGIN = date(2024, 1, 1)
ONE = timedelta(days=1)
POLICY = CalculationPolicy()


def day(n: int) -> date:
    return BEGIN + n * ONE


def values(first: int, *amounts: int | None) -> dict[date, Decimal | None]:
    return {day(first + n): None if a is None else Decimal(a) for n, a in enumerate(amounts)}


def series(
    books: dict[str, dict[date, Decimal | None]],
    movements: list[Movement] | None = None,
    members: list[Membership] | None = None,
    policy: CalculationPolicy = POLICY,
    count: int = 3,
) -> ScopeSeries:
    members = members or [Membership(name, day(0)) for name in books]
    return scope_series(books, movements or [], members, [day(n) for n in range(count)], policy)


def measured(found: ScopeSeries, basis: FeeBasis = FeeBasis.NET, begin: int = 0) -> TimeWeighted:
    return time_weighted(found.days, begin=day(begin), end=found.days[-1].day, basis=basis, policy=POLICY)


def returns(found: ScopeSeries, basis: FeeBasis = FeeBasis.NET) -> list[float | None]:
    subs = measured(found, basis).sub_periods
    return [None if sub.value is None else round(sub.value, 10) for sub in subs]


def external(account: str, n: int, amount: int) -> Movement:
    return Movement(account, day(n), Decimal(amount))


def transfer(
    source: str, left: int, target: str, arrived: int, amount: int, key: str = "t"
) -> list[Movement]:
    kind = MovementKind.TRANSFER
    return [
        Movement(source, day(left), Decimal(-amount), kind, transfer_id=key, counterparty=target),
        Movement(target, day(arrived), Decimal(amount), kind, transfer_id=key, counterparty=source),
    ]


def expense(payer: str, n: int, amount: int, kind: ExpenseKind, billed: str | None = None) -> Movement:
    return Movement(
        payer, day(n), Decimal(-amount), MovementKind.EXPENSE, expense=kind, billed_account=billed
    )


# -- joining and leaving -------------------------------------------------------------------------------


@pytest.mark.parametrize("join", list(JoinValue))
@pytest.mark.parametrize("known_before", [True, False])
def test_an_account_that_joins_is_an_inflow_at_market_value(join: JoinValue, known_before: bool) -> None:
    """100 grows to 110, then an account of 1,000 joins: 10.0 %, not 1,010 %."""
    b = values(0, 1_000, 1_000, 1_000) if known_before else values(2, 1_000)
    found = series(
        {"A": values(0, 100, 110, 110), "B": b},
        members=[Membership("A", day(0)), Membership("B", day(2))],
        policy=CalculationPolicy(join_value=join),
    )
    assert [row.value for row in found.days] == [100, 110, 1_110]
    assert measured(found).value == pytest.approx(0.10, abs=1e-12)


def test_the_day_of_joining_counts_from_the_close_or_from_the_opening() -> None:
    """B grows from 1,000 to 1,100 on the day it joins: CLOSING leaves that day to B, OPENING shares it."""
    books = {"A": values(0, 1_000, 1_000), "B": values(0, 1_000, 1_100)}
    members = [Membership("A", day(0)), Membership("B", day(1))]
    by_policy = {
        join: returns(series(books, members=members, policy=CalculationPolicy(join_value=join), count=2))
        for join in JoinValue
    }
    assert by_policy == {JoinValue.CLOSING: [0.0], JoinValue.OPENING: [0.05]}


def test_an_account_that_leaves_goes_at_the_close_before() -> None:
    """It moved the household for the last time the day before; then 110 stays and earns 10 %."""
    found = series(
        {"A": values(0, 100, 110, 121), "B": values(0, 900, 890, 5_000)},
        members=[Membership("A", day(0)), Membership("B", day(0), day(2))],
    )
    assert returns(found) == [0.0, 0.1]
    assert [row.opening_change for row in found.days] == [0, 0, -890]


def test_an_account_opened_in_the_household_is_its_deposit() -> None:
    """Its first day counts from the deposit: (1,000 + 505) / (1,000 + 500) - 1."""
    found = series(
        {"A": values(0, 1_000, 1_000), "B": values(1, 505)},
        [external("B", 1, 500)],
        [Membership("A", day(0)), Membership("B", day(1))],
        count=2,
    )
    assert returns(found) == [round(1_505 / 1_500 - 1, 10)]


def test_the_fee_of_an_account_opened_in_the_household_is_its_first_days_too() -> None:
    """500 come, 5 are paid, 495 are there: net -5, gross 0 of 1,500."""
    books = {"A": values(0, 1_000, 1_000), "B": values(1, 495)}
    movements = [external("B", 1, 500), expense("B", 1, 5, ExpenseKind.ADVISORY_FEE)]
    found = series(books, movements, [Membership("A", day(0)), Membership("B", day(1))], count=2)
    assert (returns(found), returns(found, FeeBasis.GROSS)) == ([round(-5 / 1_500, 10)], [0.0])


def test_a_transfer_into_an_account_that_joins_the_same_day_nets_to_zero() -> None:
    """B has 1,500 at the close, 500 of them from A."""
    books = {"A": values(0, 1_000, 500), "B": values(0, 1_000, 1_500)}
    members = [Membership("A", day(0)), Membership("B", day(1))]
    for join in JoinValue:
        found = series(books, transfer("A", 1, "B", 1, 500), members, CalculationPolicy(join_value=join), 2)
        assert returns(found) == [0.0]


def test_an_account_that_joins_on_a_day_without_value_leaves_it_undefined() -> None:
    found = series(
        {"A": values(0, 100, 100, 100), "B": values(0, 50, None, 50)},
        members=[Membership("A", day(0)), Membership("B", day(1))],
    )
    assert found.missing == {day(1): ("B",)}
    assert measured(found).undefined[0].reason is Reason.FLOW_VALUE_MISSING


def test_a_client_has_his_share_and_its_change_is_a_flow() -> None:
    """Half of 1,000, from day 2 three quarters: the quarter joins at 275, its market value of that day."""
    half = Membership("A", day(0), day(2), Fraction(1, 2))
    found = series(
        {"A": values(0, 1_000, 1_050, 1_100)},
        members=[half, Membership("A", day(2), None, Fraction(3, 4))],
    )
    assert [(row.value, row.inflow) for row in found.days] == [(500, 500), (525, 0), (825, 275)]
    assert returns(found) == [0.05, round(825 / 800 - 1, 10)]


# -- inside --------------------------------------------------------------------------------------------


def test_a_transfer_inside_is_no_flow_and_one_across_the_border_is() -> None:
    books = {"A": values(0, 1_000, 700), "B": values(0, 500, 800)}
    found = series(books, transfer("A", 1, "B", 1, 300), count=2)
    assert [(row.value, row.inflow, row.outflow) for row in found.days] == [(1_500, 1_500, 0), (1_500, 0, 0)]
    alone = series(books, transfer("A", 1, "B", 1, 300), [Membership("A", day(0))], count=2)
    assert [(row.value, row.outflow) for row in alone.days] == [(1_000, 0), (700, 300)]
    assert (returns(found), returns(alone)) == ([0.0], [0.0])


@pytest.mark.parametrize(("left", "arrived"), [(1, 3), (3, 1)])
def test_what_is_in_transit_still_belongs_to_the_household(left: int, arrived: int) -> None:
    """It left one account and has not reached the other; or was entered there first."""
    a = [1_000 - (300 if n >= left else 0) for n in range(5)]
    b = [500 + (300 if n >= arrived else 0) for n in range(5)]
    found = series({"A": values(0, *a), "B": values(0, *b)}, transfer("A", left, "B", arrived, 300), count=5)
    assert [row.value for row in found.days] == [1_500] * 5
    assert returns(found) == [0.0] * 4


def test_a_transfer_whose_other_leg_is_missing_is_a_flow_and_is_named() -> None:
    books = {"A": values(0, 1_000, 700), "B": values(0, 500, 500)}
    (leg, _) = transfer("A", 1, "B", 1, 300)
    found = series(books, [leg], count=2)
    assert (found.unmatched, found.days[1].outflow) == ((leg,), 300)


def test_a_transfer_to_an_account_outside_needs_no_other_leg() -> None:
    (leg, _) = transfer("A", 1, "Z", 1, 300)
    found = series({"A": values(0, 1_000, 700)}, [leg], count=2)
    assert (found.unmatched, found.days[1].outflow) == ((), 300)


def test_a_transfer_to_an_account_of_half_a_share_takes_half_across_the_border() -> None:
    books = {"A": values(0, 1_000, 700), "B": values(0, 500, 800)}
    members = [Membership("A", day(0)), Membership("B", day(0), None, Fraction(1, 2))]
    found = series(books, transfer("A", 1, "B", 1, 300), members, count=2)
    assert [(row.value, row.outflow) for row in found.days] == [(1_250, 0), (1_100, 150)]
    assert returns(found) == [0.0]


# -- fees ----------------------------------------------------------------------------------------------


def test_a_fee_paid_for_another_account_makes_neither_look_free_nor_bad() -> None:
    """A pays 10 for itself and 10 for B: each bears its own, the payer's other 10 are an outflow."""
    books = {"A": values(0, 1_000, 980), "B": values(0, 1_000, 1_000)}
    movements = [
        expense("A", 1, 10, ExpenseKind.ADVISORY_FEE),
        expense("A", 1, 10, ExpenseKind.ADVISORY_FEE, billed="B"),
    ]
    seen = {}
    for name in ("A", "B"):
        found = series(books, movements, [Membership(name, day(0))], count=2)
        seen[name] = (returns(found), returns(found, FeeBasis.GROSS))
    assert seen == {"A": ([-0.01], [0.0]), "B": ([-0.01], [0.0])}
    both = series(books, movements, count=2)
    assert (returns(both), returns(both, FeeBasis.GROSS)) == ([-0.01], [0.0])
    assert (both.days[1].fees, both.days[1].fees_elsewhere, both.days[1].outflow) == (20, 0, 0)


def test_custody_fees_lower_both_returns_unless_the_policy_says_otherwise() -> None:
    books = {"A": values(0, 1_000, 990)}
    movements = [expense("A", 1, 10, ExpenseKind.CUSTODY_FEE)]
    both = series(books, movements, count=2)
    assert (returns(both), returns(both, FeeBasis.GROSS)) == ([-0.01], [-0.01])
    for treatment, expected in (
        (ExpenseTreatment(reduces_gross=False, reduces_net=True), ([-0.01], [0.0])),
        (ExpenseTreatment(reduces_gross=False, reduces_net=False), ([0.0], [0.0])),
    ):
        policy = CalculationPolicy(expenses={**DEFAULT_EXPENSES, ExpenseKind.CUSTODY_FEE: treatment})
        found = series(books, movements, policy=policy, count=2)
        assert (returns(found), returns(found, FeeBasis.GROSS)) == expected


def test_a_custody_fee_paid_elsewhere_is_borne_by_the_billed_account() -> None:
    movements = [expense("Z", 1, 10, ExpenseKind.CUSTODY_FEE, billed="A")]
    found = series({"A": values(0, 1_000, 1_000)}, movements, count=2)
    assert (returns(found), returns(found, FeeBasis.GROSS)) == ([-0.01], [-0.01])


# -- what is not there ---------------------------------------------------------------------------------


def test_one_missing_account_makes_the_household_missing_and_is_named() -> None:
    found = series({"A": values(0, 100, 100, 100), "B": values(0, 50, None, 50)})
    assert [row.value for row in found.days] == [150, None, 150]
    assert found.missing == {day(1): ("B",)}


def test_between_its_deposit_and_its_first_value_an_account_is_missing_and_not_worth_nothing() -> None:
    books = {"A": values(0, 100, 100, 100), "B": values(2, 50)}
    found = series(books, [external("B", 1, 50)], [Membership(name, day(0)) for name in books])
    assert [row.value for row in found.days] == [100, None, 150]
    assert measured(found).value == pytest.approx(0.0)


def test_a_flow_on_a_day_without_valuation_counts_on_the_next() -> None:
    listed = [date(2024, 3, 1), date(2024, 3, 4)]
    saturday = Movement("A", date(2024, 3, 2), Decimal(100))
    books = {"A": {listed[0]: Decimal(1_000), listed[1]: Decimal(1_100)}}
    found = scope_series(books, [saturday], [Membership("A", listed[0])], listed, POLICY)
    assert [row.inflow for row in found.days] == [1_000, 100]


def test_a_first_deposit_on_a_day_without_valuation_counts_on_the_first_valuation_day() -> None:
    """100,000 on 1 January, a holiday; 105,000 at the close of 2 January: a gain of 5,000, 5 %."""
    listed = [date(2024, 1, 2), date(2024, 1, 3)]
    books = {"A": {listed[0]: Decimal(105_000), listed[1]: Decimal(105_000)}}
    deposit = [Movement("A", BEGIN, Decimal(100_000))]
    found = scope_series(books, deposit, [Membership("A", BEGIN)], listed, POLICY, books_begin=BEGIN)
    assert [(row.value, row.inflow) for row in found.days] == [(105_000, 100_000), (105_000, 0)]
    whole = time_weighted(found.days, begin=BEGIN, end=listed[-1], basis=FeeBasis.NET, policy=POLICY)
    assert whole.value == pytest.approx(0.05, abs=1e-12)
    assert found.days[-1].value == found.days[0].inflow + 5_000
    # An account that belongs to the scope from 2 January on joins at its value of that day.
    joined = scope_series(books, deposit, [Membership("A", listed[0])], listed, POLICY, books_begin=BEGIN)
    assert [(row.value, row.inflow) for row in joined.days] == [(105_000, 105_000), (105_000, 0)]


def test_what_came_before_the_first_day_is_in_its_value_and_no_flow_of_it() -> None:
    """The whole history may be given for a later window: the deposit is past, a transfer on its way."""
    movements = [
        Movement("A", BEGIN - 9 * ONE, Decimal(1_000)),
        Movement("A", BEGIN - 5 * ONE, Decimal(-20), MovementKind.EXPENSE, expense=ExpenseKind.ADVISORY_FEE),
        *transfer("A", -2, "B", 1, 300),
    ]
    books = {"A": values(-9, *[1_000] * 4, *[980] * 3, *[680] * 5), "B": values(-9, *[500] * 10, 800, 800)}
    members = [Membership(name, BEGIN - 9 * ONE) for name in books]
    found = series(books, movements, members)
    assert [(row.value, row.inflow, row.outflow, row.fees) for row in found.days] == [(1_480, 0, 0, 0)] * 3


def test_a_deposit_before_the_first_day_is_no_part_of_what_joins_on_it() -> None:
    """100 came the day before and joins whole."""
    movements = [Movement("A", BEGIN - ONE, Decimal(100))]
    found = series({"A": values(0, 100, 100, 100)}, movements, [Membership("A", day(0))])
    assert found.days[0].inflow == 100


def test_an_account_that_was_there_before_its_books_enters_at_what_its_first_flow_does_not_explain() -> None:
    """1,000,005 on the first day, 5 of them deposited: it did not earn a million."""
    found = series(
        {"A": values(0, 1_000, 1_000), "B": values(1, 1_000_005)},
        [external("B", 1, 5)],
        [Membership("A", day(0)), Membership("B", day(1))],
        count=2,
    )
    assert (found.days[1].inflow, returns(found)) == (1_000_005, [0.0])


def test_a_window_that_opens_on_an_unknown_close_leaves_what_joins_unknown() -> None:
    """A moved on a day before the window and has no value from before it."""
    movements = [Movement("A", BEGIN - ONE, Decimal(100))]
    policy = CalculationPolicy(join_value=JoinValue.OPENING)
    found = series({"A": values(0, 100, 100, 100)}, movements, [Membership("A", day(0))], policy)
    assert found.days[0].flow_unknown


def test_every_figure_of_a_day_is_the_sum_of_what_made_it() -> None:
    """Down to the ledger's row of each movement."""
    books = {"A": values(0, 1_000, 980, 1_180), "B": values(0, 400, 400, 400)}
    movements = [
        Movement("A", day(1), Decimal(-10), MovementKind.EXPENSE, expense=ExpenseKind.CARRY, reference="t1"),
        Movement(
            "A",
            day(1),
            Decimal(-10),
            MovementKind.EXPENSE,
            expense=ExpenseKind.ADVISORY_FEE,
            billed_account="Z",
            reference="t2",
        ),
        Movement("A", day(2), Decimal(200), reference="t3"),
    ]
    members = [Membership("A", day(0)), Membership("B", day(0), day(2))]
    found = series(books, movements, members)
    assert [(each.day, each.effect, each.account, each.amount, each.reference) for each in found.applied] == [
        (day(0), Effect.FLOW, "A", 1_000, ""),
        (day(0), Effect.FLOW, "B", 400, ""),
        (day(1), Effect.FEES, "A", 10, "t1"),
        (day(1), Effect.FLOW, "A", -10, "t2"),
        (day(2), Effect.FLOW, "A", 200, "t3"),
        (day(2), Effect.OPENING_CHANGE, "B", -400, ""),
    ]


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([Membership("A", day(0)), Membership("A", day(1))], "two memberships"),
        ([Membership("A", day(0), None, Fraction(-1))], "expected 0 or more"),
    ],
)
def test_memberships_that_contradict_are_refused(members: list[Membership], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        series({"A": values(0, 1, 1, 1)}, members=members)


def test_days_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        scope_series({}, [], [], [day(1), day(0)], POLICY)


@given(st.integers(0, 2**32 - 1), st.sampled_from(FeeBasis))
@settings(max_examples=80, deadline=None)
def test_internal_transfers_never_change_a_household(seed: int, basis: FeeBasis) -> None:
    """The same household with and without money moved to and fro, in transit or not: equal to the bit."""
    rng = random.Random(seed)
    count = 8
    a = [Decimal(rng.randint(5_000, 9_000)) for _ in range(count)]
    b = [Decimal(rng.randint(5_000, 9_000)) for _ in range(count)]
    flow = external("A", rng.randrange(1, count), rng.randint(1, 500))
    days = [day(n) for n in range(count)]

    def household(movements: list[Movement]) -> ScopeSeries:
        books = {"A": dict(zip(days, a, strict=True)), "B": dict(zip(days, b, strict=True))}
        return series(books, movements, count=count)

    still = household([flow])
    moves: list[Movement] = []
    for key in range(4):
        left, arrived = rng.randrange(1, count), rng.randrange(1, count)
        amount = rng.randint(1, 900)
        moves += transfer("A", left, "B", arrived, amount, str(key))
        a = [value - (amount if n >= left else 0) for n, value in enumerate(a)]
        b = [value + (amount if n >= arrived else 0) for n, value in enumerate(b)]
    moved = household([flow, *moves])
    assert measured(moved, basis).value == measured(still, basis).value
    assert measured(still, basis).value is not None
