"""One scope over one period: the figures of a report together, and their explanation."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from wealthnexus.domain.performance.rules.days import ScopeDay, days_of
from wealthnexus.domain.performance.rules.figures import Reason, explained
from wealthnexus.domain.performance.rules.money_weighted import cash_flows, money_weighted
from wealthnexus.domain.performance.rules.periods import Period, PeriodKind, period_of
from wealthnexus.domain.performance.rules.policy import CalculationPolicy, ExpenseKind, FeeBasis
from wealthnexus.domain.performance.rules.profit import Holding, PositionPeriod, figure_of, scope_profit
from wealthnexus.domain.performance.rules.report import PeriodPerformance, period_performance
from wealthnexus.domain.performance.rules.scopes import Membership, Movement, MovementKind, scope_series
from wealthnexus.kit.money import plain

from tests.oracle.performance import recomputed

pytestmark = pytest.mark.unit
POLICY = CalculationPolicy()


def d(text: str) -> date:
    return date.fromisoformat(text)


def report(rows: tuple[ScopeDay, ...], period: Period, basis: FeeBasis = FeeBasis.NET) -> PeriodPerformance:
    return period_performance(rows, period, basis=basis, policy=POLICY, currency="USD")


def custom(begin: str, end: str) -> Period:
    return Period(PeriodKind.CUSTOM, d(begin), d(end))


FUNDED = days_of(
    {d("2023-01-01"): Decimal(100_000), d("2023-12-31"): Decimal(108_000), d("2024-12-31"): Decimal(116_640)},
    [(d("2023-01-01"), Decimal(100_000))],
)


def test_two_calendar_years_of_8_percent() -> None:
    found = report(FUNDED, custom("2022-12-31", "2024-12-31"))
    assert found.time_weighted.value == pytest.approx(0.1664)
    assert found.annualised.value == pytest.approx(0.08, abs=1e-12)
    assert found.money_weighted.value == pytest.approx(1.1664 ** (365 / 730) - 1)
    assert (found.opening, found.closing, found.net_flows, found.gain) == (0, 116_640, 100_000, 16_640)


def test_a_scope_funded_within_the_period_is_annualised_by_its_own_days() -> None:
    """From the close of 31 December 2022: 731 days, of a period that began a month earlier."""
    found = report(FUNDED, custom("2022-11-30", "2024-12-31"))
    assert found.measured.measured_from == d("2022-12-31")
    assert found.annualised.value == pytest.approx(1.1664 ** (365 / 731) - 1, abs=1e-12)


def test_three_years_of_a_younger_scope_have_no_figure() -> None:
    period = period_of(PeriodKind.THREE_YEARS, d("2024-12-31"), POLICY)
    assert period is not None
    found = report(FUNDED, period)
    assert (found.time_weighted.reason, found.annualised.reason) == (Reason.HISTORY_TOO_SHORT,) * 2


def test_a_month_is_not_annualised_either_way() -> None:
    rows = days_of({d("2024-02-29"): Decimal(100), d("2024-03-29"): Decimal(102)}, [])
    found = report(rows, custom("2024-02-29", "2024-03-29"))
    assert (found.annualised.value, found.annualised.reason) == (None, Reason.UNDER_ONE_YEAR)
    assert (found.money_weighted.formula.id, found.money_weighted.value) == (
        "mwr.period",
        pytest.approx(0.02),
    )


def test_fees_are_the_investors_money_by_basis() -> None:
    """Paid here they are a receipt of the gross return; paid elsewhere a payment of the net one."""
    begin, middle, end = d("2024-01-01"), d("2024-06-30"), d("2024-12-31")
    rows = (
        ScopeDay(begin, Decimal(1_000)),
        ScopeDay(middle, Decimal(1_000), fees=Decimal(10), fees_elsewhere=Decimal(5)),
        ScopeDay(
            end, Decimal(1_100), inflow=Decimal(50), opening_change=Decimal(-7), expenses_elsewhere=Decimal(2)
        ),
    )
    seen = {
        basis: [
            (flow.day, int(flow.amount)) for flow in cash_flows(rows, begin=begin, end=end, basis=basis) or ()
        ]
        for basis in FeeBasis
    }
    assert seen == {
        FeeBasis.NET: [(begin, -1_000), (middle, -5), (end, -45), (end, 1_100)],
        FeeBasis.GROSS: [(begin, -1_000), (middle, 10), (end, -45), (end, 1_100)],
    }


def test_fees_of_a_period_are_those_borne_whoever_paid() -> None:
    rows = (
        ScopeDay(d("2024-01-01"), Decimal(100), fees=Decimal(99)),
        ScopeDay(d("2024-01-02"), Decimal(100), fees=Decimal(2), fees_elsewhere=Decimal(3)),
    )
    assert report(rows, custom("2024-01-01", "2024-01-02")).fees == 5


@pytest.mark.parametrize(
    "rows",
    [
        (ScopeDay(d("2024-01-01"), None), ScopeDay(d("2024-12-31"), Decimal(1))),
        (ScopeDay(d("2024-01-01"), Decimal(1)), ScopeDay(d("2024-12-31"), None)),
        (ScopeDay(d("2024-01-01"), Decimal(1)), ScopeDay(d("2024-12-31"), Decimal(1), flow_unknown=True)),
    ],
)
def test_without_its_borders_a_period_has_no_money_weighted_return(rows: tuple[ScopeDay, ...]) -> None:
    found = report(rows, custom("2024-01-01", "2024-12-31"))
    assert found.money_weighted.reason is Reason.BOUNDARY_VALUE_MISSING
    assert found.time_weighted.value is None


def test_chained_daily_returns_are_not_money_weighted() -> None:
    """50,000 come before a fall: the investor lost, the manager did not."""
    begin = d("2023-12-31")
    values = {begin: Decimal(10_000), d("2024-06-30"): Decimal(12_000)}
    values |= {d("2024-07-01"): Decimal(62_000), d("2024-12-31"): Decimal(53_000)}
    rows = days_of(values, [(d("2024-07-01"), Decimal(50_000))])
    found = report(rows, custom("2023-12-31", "2024-12-31"))
    assert found.time_weighted.value == pytest.approx(1.2 * 53 / 62 - 1)
    assert found.money_weighted.value is not None
    assert found.money_weighted.value < -0.15 < 0.02 < (found.time_weighted.value or 0.0)


def test_a_gain_explains_itself_in_money() -> None:
    share = PositionPeriod(
        "share",
        Holding(Decimal(100), Decimal(1), Decimal(90), Decimal(90)),
        Holding(Decimal(120), Decimal(1), Decimal(90), Decimal(90)),
    )
    checked = scope_profit(
        [share], opening=Decimal(100), closing=Decimal(118), net_flows=Decimal(0), fees=Decimal(2)
    )
    node = json.loads(json.dumps(explained(figure_of(checked, "USD"), POLICY)))["figure"]
    assert (node["value"], node["currency"], node["reason"]) == ("18", "USD", None)
    parts = {part: Decimal(amount) for part, amount in node["table"]["rows"]}
    assert sum(parts.values()) == Decimal(node["value"])
    assert (parts["unrealised"], parts["fees"]) == (20, -2)
    inputs = {each["name"]: Decimal(each["value"]) for each in node["inputs"]}
    assert inputs["closing"] - inputs["opening"] - inputs["netFlows"] == Decimal(node["value"])


def test_a_return_explains_itself_down_to_the_ledgers_rows() -> None:
    """A stranger adds the rows of a day up to the day's figures, and the days up to the return."""
    begin, one = d("2024-01-01"), timedelta(days=1)
    days = [begin + n * one for n in range(3)]
    books = {"A": dict(zip(days, map(Decimal, (1_000, 1_190, 1_200)), strict=True))}
    movements = [
        Movement("A", days[1], Decimal(200), reference="deposit"),
        Movement(
            "A", days[2], Decimal(-10), MovementKind.EXPENSE, expense=ExpenseKind.CARRY, reference="fee"
        ),
    ]
    series = scope_series(books, movements, [Membership("A", begin)], days, POLICY)
    period = custom("2024-01-01", "2024-01-03")
    found = period_performance(
        series.days, period, basis=FeeBasis.GROSS, policy=POLICY, currency="USD", applied=series.applied
    )
    text = json.loads(json.dumps(explained(found.time_weighted, POLICY)))
    assert plain(recomputed(text)) == text["figure"]["published"]
    flows = text["figure"]["parts"][-1]
    assert (flows["formula"]["id"], flows["value"], flows["currency"]) == ("scope.flows", "200", "USD")
    assert flows["table"]["rows"] == [
        ["2024-01-02", "FLOW", "A", "200", "deposit"],
        ["2024-01-03", "FEES", "A", "10", "fee"],
    ]
    rows = [
        dict(zip(text["figure"]["table"]["columns"], row, strict=True))
        for row in text["figure"]["table"]["rows"]
    ]
    assert [(row["inflow"], row["charge"]) for row in rows] == [("200", "0"), ("0", "10")]


def test_the_investors_flows_of_a_household_solve_to_its_rate() -> None:
    begin, one = d("2024-01-01"), timedelta(days=366)
    flows = cash_flows(
        (ScopeDay(begin, Decimal(100)), ScopeDay(begin + one, Decimal(110))),
        begin=begin,
        end=begin + one,
        basis=FeeBasis.NET,
    )
    assert money_weighted(flows or ()).value == pytest.approx(1.1 ** (365 / 366) - 1)
