"""Policies, figures and their words, and currencies in returns."""

from __future__ import annotations

import ast
import json
import math
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from wealthnexus.domain.performance import REASONS, rules
from wealthnexus.domain.performance.rules import formulas
from wealthnexus.domain.performance.rules.choices import CONVENTIONS, read_changes, read_choice
from wealthnexus.domain.performance.rules.currency import RateTable, converted, currency_effect
from wealthnexus.domain.performance.rules.days import ScopeDay
from wealthnexus.domain.performance.rules.figures import (
    Figure,
    Formula,
    Input,
    Reason,
    Table,
    explained,
    figure,
    published,
)
from wealthnexus.domain.performance.rules.policy import (
    CalculationPolicy,
    ExpenseKind,
    ExpenseTreatment,
    FeeBasis,
    FlowTiming,
    PolicyCourse,
    PolicyLayer,
    layered,
)
from wealthnexus.domain.performance.rules.time_weighted import figure_of, time_weighted
from wealthnexus.kit.money import plain

pytestmark = pytest.mark.unit
FORMULA = Formula("test.formula", 1, "a", "b")


# -- policy --------------------------------------------------------------------------------------------


def test_every_convention_is_printed_and_changes_the_digest() -> None:
    policy = CalculationPolicy()
    printed = dict(policy.printed())
    assert printed["flow_timing"] == "SPLIT"
    assert printed["large_flow_share"] == "0.10"
    # Of the expenses only those that the books tell apart.
    assert printed["expenses"] == "ADVISORY_FEE reduces net; OTHER reduces gross and net"
    changed = CalculationPolicy(flow_timing=FlowTiming.END_OF_DAY)
    assert changed.digest() != policy.digest()
    assert CalculationPolicy().digest() == policy.digest()


def test_a_household_and_a_report_change_what_they_name_and_it_is_known_who_did() -> None:
    firm = CalculationPolicy(version="2026-1")
    household = PolicyLayer("household", "3", {"flow_timing": FlowTiming.END_OF_DAY, "periods_per_year": 12})
    report = PolicyLayer("report", "1", {"periods_per_year": 365})
    found = layered(firm, [household, report])
    assert (found.policy.flow_timing, found.policy.periods_per_year) == (FlowTiming.END_OF_DAY, 365)
    assert found.policy.version == "2026-1+household:3+report:1"
    assert found.origins == {"flow_timing": "household", "periods_per_year": "report"}
    assert layered(firm, []).policy == firm


@pytest.mark.parametrize("name", ["colour", "version"])
def test_a_layer_cannot_change_what_is_no_convention(name: str) -> None:
    with pytest.raises(ValueError, match=f"has no.*{name}"):
        layered(CalculationPolicy(), [PolicyLayer("report", "1", {name: "x"})])


@pytest.mark.parametrize(
    "choices",
    [
        {"fiscal_year_first_month": 13},
        {"periods_per_year": 0},
        {"observations_min": 1},
        {"large_flow_share": Decimal("NaN")},
        {"large_flow_share": Decimal(-1)},
        {"risk_free_rate": Decimal("Infinity")},
        {"minimum_acceptable_return": Decimal("1.5")},
        {"periods_per_year": 10**9},
        {"expenses": {ExpenseKind.CARRY: ExpenseTreatment(reduces_gross=False, reduces_net=True)}},
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(choices: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected|no treatment"):
        CalculationPolicy(**choices)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("large_flow_share", "NaN"),
        ("large_flow_share", "1e999"),
        ("risk_free_rate", "Infinity"),
        ("risk_free_rate", "0." + "1" * 40),
        ("periods_per_year", "1_000"),
        ("periods_per_year", "²"),
        ("expenses", "CUSTODY_FEE=NEITHER"),
        ("flow_timing", "x" * 10_000),
    ],
)
def test_a_value_that_no_figure_can_be_computed_with_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"no such number|expected") as refused:
        read_changes({name: value})
    assert len(str(refused.value)) < 300


def test_conventions_hold_from_their_day_until_the_next() -> None:
    """END_OF_DAY from 3 January: 50 come in on the 2nd and on the 3rd, each day earns 10."""
    before = layered(CalculationPolicy(), [])
    after = layered(CalculationPolicy(), [PolicyLayer("firm", "1", {"flow_timing": FlowTiming.END_OF_DAY})])
    course = PolicyCourse(((date.min, before), (date(2024, 1, 3), after)))
    days = [
        ScopeDay(date(2024, 1, 1), Decimal(100), inflow=Decimal(100)),
        ScopeDay(date(2024, 1, 2), Decimal(160), inflow=Decimal(50)),
        ScopeDay(date(2024, 1, 3), Decimal(220), inflow=Decimal(50)),
    ]
    found = time_weighted(
        days, begin=date(2024, 1, 1), end=date(2024, 1, 3), basis=FeeBasis.NET, policy=course
    )
    assert found.value == pytest.approx(160 / 150 * (220 - 50) / 160 - 1, abs=1e-12)
    named = [each.value for each in figure_of(found, course, "USD").inputs if each.name == "conventions"]
    assert named == ["1+firm:1 from 2024-01-03"]
    assert course.on(date(2024, 1, 2)).flow_timing is FlowTiming.SPLIT
    assert course.effective_on(date(2024, 1, 3)).origins == {"flow_timing": "firm"}


def test_what_reduces_the_gross_return_reduces_the_net_one() -> None:
    with pytest.raises(ValueError, match="too"):
        ExpenseTreatment(reduces_gross=True, reduces_net=False)


# -- figures -------------------------------------------------------------------------------------------


def test_a_figure_has_a_value_or_a_reason_and_never_both_or_neither() -> None:
    for value, reason in ((None, None), (0.1, Reason.NO_DATA)):
        with pytest.raises(ValueError, match="not both"):
            Figure(FORMULA, value, reason)
    with pytest.raises(ValueError, match="is not a figure"):
        Figure(FORMULA, math.nan)


def test_a_value_too_large_for_a_double_has_a_reason() -> None:
    assert figure(FORMULA, math.inf).reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (0.1, "0.10000000"),
        (0.5**9, "0.00195312"),
        (3 * 0.5**9, "0.00585938"),
        (-1e-12, "0.00000000"),
        (1.0, "1.00000000"),
    ],
)
def test_figures_are_published_to_8_places_half_even_without_a_negative_zero(
    value: float, digits: str
) -> None:
    """0.5 ** 9 = 0.001953125 and three times it are exact ties: to the even digit."""
    assert plain(published(value)) == digits


def test_an_explanation_is_plain_data_with_every_input() -> None:
    part = figure(FORMULA, None, Reason.NO_DATA)
    shown = figure(
        FORMULA,
        0.125,
        inputs=[Input("begin", date(2024, 1, 1)), Input("basis", FeeBasis.NET), Input("n", 3, "days")],
        table=Table(("amount", "growth", "none"), ((Decimal("1E+3"), 0.1, None),)),
        parts=[part],
    )
    found = json.loads(json.dumps(explained(shown, CalculationPolicy(version="7"))))
    assert found["policy"]["version"] == "7"
    assert found["policy"]["choices"]["flow_timing"] == "SPLIT"
    node = found["figure"]
    assert (node["value"], node["published"], node["reason"]) == ("0.125", "0.12500000", None)
    assert node["formula"] == {"id": "test.formula", "version": 1, "statement": "a", "source": "b"}
    assert [(each["name"], each["value"], each["unit"]) for each in node["inputs"]] == [
        ("begin", "2024-01-01", ""),
        ("basis", "NET", ""),
        ("n", 3, "days"),
    ]
    assert node["table"]["rows"] == [["1000", "0.1", None]]
    assert (node["parts"][0]["value"], node["parts"][0]["reason"]) == (None, "NO_DATA")


def test_every_formula_has_an_id_of_its_own() -> None:
    known = [each for each in vars(formulas).values() if isinstance(each, Formula)]
    assert len({(each.id, each.version) for each in known}) == len(known) >= 20


def test_every_reason_has_its_sentence_and_is_used() -> None:
    assert set(REASONS) == set(Reason)
    assert all(message() for message in REASONS.values())
    folder = Path(rules.__file__).parent
    used = {
        node.attr
        for path in folder.parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Reason"
    }
    assert used == {reason.name for reason in Reason}


# -- currencies ----------------------------------------------------------------------------------------

FRIDAY, MONDAY = date(2015, 1, 16), date(2015, 1, 19)
RATES = RateTable(
    "EUR",
    {
        "USD": {FRIDAY: Decimal("1.1588"), MONDAY: Decimal("1.1605")},
        "CHF": {FRIDAY: Decimal("1.0128")},
        "LTL": {date(2014, 12, 31): Decimal("3.4528")},
    },
)


def test_a_cross_rate_goes_through_the_pivot_and_names_its_days() -> None:
    found = RATES.rate("USD", "CHF", MONDAY)
    assert str(found.rate) == "0.872727272727272727272727"
    assert found.rate_days == (MONDAY, FRIDAY)


def test_a_weekend_has_the_rate_of_friday() -> None:
    assert RATES.rate("EUR", "USD", date(2015, 1, 18)).rate == Decimal("1.1588")
    back = RATES.rate("USD", "EUR", date(2015, 1, 18)).rate
    assert float(back or 0) == pytest.approx(1 / 1.1588, abs=1e-15)


def test_a_currency_is_itself() -> None:
    assert RATES.rate("USD", "USD", MONDAY).rate == 1
    assert RATES.rate("EUR", "EUR", MONDAY).rate == 1


@pytest.mark.parametrize(
    ("base", "quote", "day"),
    [("EUR", "LTL", date(2015, 1, 16)), ("EUR", "USD", date(2015, 1, 15)), ("EUR", "XXX", MONDAY)],
    ids=["no longer quoted", "not yet quoted", "never quoted"],
)
def test_without_a_rate_there_is_none(base: str, quote: str, day: date) -> None:
    found = RATES.rate(base, quote, day)
    assert (found.rate, found.reason) == (None, Reason.RATE_MISSING)
    assert RATES.rate("EUR", "LTL", date(2015, 1, 10)).rate == Decimal("3.4528")


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        RateTable("EUR", {"USD": {FRIDAY: Decimal(0)}})


def test_a_return_in_another_currency_compounds_and_its_effect_is_the_rest() -> None:
    """10 % in euros, the euro 5 % dearer: 15.5 %, of which 5.5 % is the currency's."""
    total = converted(0.10, 0.05)
    assert total == pytest.approx(0.155)
    assert currency_effect(total, 0.10) == pytest.approx(0.055)


# -- the page of the docs ------------------------------------------------------------------------------


def test_the_page_of_conventions_and_reasons_is_that_of_the_code() -> None:
    page = (Path(__file__).parents[2] / "docs/domain/conventions.md").read_text("utf-8")
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    printed = dict(CalculationPolicy().printed())
    for name in CONVENTIONS:
        known = getattr(CalculationPolicy(), name)
        assert read_choice(name, rows[name].split("`")[-2]) == known, name
        if isinstance(known, StrEnum):
            assert f" {', '.join(f'`{each.value}`' for each in type(known))} |" in rows[name]
        elif name != "expenses":
            assert rows[name].endswith(f"| `{printed[name]}` |")
    for reason, sentence in REASONS.items():
        assert rows[reason.value] == f"| `{reason.value}` | {sentence()} |"
    assert set(rows) == {*CONVENTIONS, *(reason.value for reason in Reason)}
