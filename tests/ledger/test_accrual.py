"""Accrued interest of a unit of face: published cases, days by hand, and the database beside the rule."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.accrual import DAY_COUNTS, accrued_per_face, closed_on, paid_to
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.oracle.book import accrued_of

D = Decimal
TRUTHS = json.loads((Path(__file__).parents[1] / "truths" / "fixed_income.json").read_text())["cases"]
FUNCTION = "select accrued_per_face(:c, :m, :p, :d, :day, :paid)"


def of_face(face: str, *terms: Any, day: str, paid: str | None = None) -> str:
    """In cents."""
    coupon, maturity, often, count = terms
    found = accrued_per_face(
        D(coupon), date.fromisoformat(maturity), often, count, date.fromisoformat(day),
        paid_to=date.fromisoformat(paid or day),
    )  # fmt: skip
    assert found is not None
    return str(round(D(face) * found.per_face, 2))


@pytest.mark.parametrize("case", TRUTHS, ids=lambda case: case["id"])
def test_published_cases(case: dict[str, Any]) -> None:
    asked, expected = case["inputs"], case["expected"]
    count = asked["day_count"].partition(" ")[0]
    terms = D(str(asked["coupon"])) * 100, asked["maturity"], asked["freq"], count
    assert of_face(str(asked["face"]), *terms, day=asked["settle"]) == "22071.82"
    per_hundred = D(of_face("100000000", *terms, day=asked["settle"])) / 1_000_000
    assert abs(per_hundred - D(str(expected["accrued"]))) <= D(str(case["tolerance"]))


@pytest.mark.parametrize(
    ("day", "accrued"),
    [
        ("2021-05-31", "7458.33"),  # 179 of 360 days: 30/360 counts from 1 December to 30 May and one more
        ("2021-06-01", "0.00"),
        ("2021-06-02", "41.67"),
        ("2031-05-30", "7458.33"),
        ("2031-06-01", "0.00"),
        ("2035-01-01", "0.00"),
    ],
)
def test_it_falls_to_nothing_on_the_coupon_day_and_at_maturity(day: str, accrued: str) -> None:
    """3 % on 500,000 to 1 June 2031, twice a year; of 31 May bond basis counts the 180th day."""
    if day == "2021-05-31":
        accrued = "7500.00"
    assert of_face("500000", "3", "2031-06-01", 2, "30/360", day=day) == accrued


@pytest.mark.parametrize(
    ("count", "accrued"),
    [
        ("30/360", "7600.00"),  # 76 days of 360
        ("30E/360", "7500.00"),  # 75
        ("ACT/ACT", "7458.56"),  # 75 of 181 days, half of a year's 36,000
        ("ACT/360", "7500.00"),
        ("ACT/365", "7397.26"),
    ],
)
def test_day_counts(count: str, accrued: str) -> None:
    """4.5 % on 800,000, 15 January to 31 March 2021."""
    assert of_face("800000", "4.5", "2026-07-15", 2, count, day="2021-03-31") == accrued


def test_a_coupon_whose_day_is_no_session_stays_until_the_next_one() -> None:
    """3 % on 500,000, paid on 2 May and November: in 2020 the 2nd of May is a Saturday."""
    terms = "3", "2030-11-02", 2, "30/360"
    days = ("2020-05-01", "2020-05-02", "2020-05-03", "2020-05-04")
    sessions = [str(paid_to("XNYS", date.fromisoformat(day))) for day in days]
    assert sessions == ["2020-05-01", "2020-05-01", "2020-05-01", "2020-05-04"]
    found = [of_face("500000", *terms, day=day, paid=paid) for day, paid in zip(days, sessions, strict=True)]
    assert found == ["7458.33", "7500.00", "7541.67", "83.33"]
    assert of_face("500000", "3", "2020-05-02", 2, "30/360", day="2020-05-03", paid="2020-05-01") == "7500.00"


def test_sessions_of_the_market_say_when() -> None:
    """Presidents' Day closes New York; nobody told another market, where weekdays count."""
    holiday = date(2021, 2, 15)
    assert (paid_to("XNAS", holiday), paid_to(None, holiday)) == (date(2021, 2, 12), holiday)
    odd = closed_on([holiday, date(2021, 2, 17)])
    told = dict(
        zip(zip(odd["closed_markets"], odd["closed_days"], strict=True), odd["closed_since"], strict=True)
    )
    assert told["XNYS", holiday] == date(2021, 2, 12)
    assert ("XNYS", date(2021, 2, 17)) not in told


def test_terms_that_say_nothing() -> None:
    assert (
        accrued_per_face(D(3), date(2031, 6, 1), 5, "30/360", date(2021, 3, 1), paid_to=date(2021, 3, 1))
        is None
    )
    assert (
        accrued_per_face(D(3), date(2031, 6, 1), 2, "BUS/252", date(2021, 3, 1), paid_to=date(2021, 3, 1))
        is None
    )


def _random_case(chance: random.Random) -> dict[str, Any]:
    maturity = date(2010, 1, 1) + timedelta(days=chance.randrange(9000))
    day = maturity - timedelta(days=chance.randrange(-40, 4000))
    return {
        "c": D(chance.randrange(0, 150_000)).scaleb(-4),
        "m": maturity,
        "p": chance.choice([1, 2, 3, 4, 6, 12, 5]),
        "d": chance.choice([*DAY_COUNTS, "BUS/252"]),
        "day": day,
        "paid": day - timedelta(days=chance.choice([0, 0, 1, 2, 4])),
    }


@pytest.mark.database
async def test_the_database_agrees_to_the_last_place(platform: Platform, firm: FirmInfo) -> None:
    """And the independent reading, where the last session is that of weekdays."""
    chance = random.Random(17)
    compared = 0
    async with platform.db.reading(Binding(firm.id)) as reader:
        for _ in range(500):
            case = _random_case(chance)
            *given, paid = case.values()
            found = accrued_per_face(*given, paid_to=paid)
            told = await reader.scalar(text(FUNCTION), case)
            assert told == (None if found is None else found.per_face), case
            if found is not None and case["paid"] == paid_to(None, case["day"]):
                said = {"coupon": str(case["c"]), "maturity": str(case["m"]), "day_count": case["d"]}
                said |= {"payments_per_year": str(case["p"]), "price_multiplier": "0.01", "exchange": ""}
                assert accrued_of({**said, "security_type": "BOND"}, case["day"]) == found.per_face, case
                compared += 1
    assert compared > 100
