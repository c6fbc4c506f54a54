"""What corporate actions do to lots and gains, from the files of a custodian to the API's answer.

The figures are those of docs/domain/lots.md, worked by hand.
"""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book
from tests.graphql.conftest import House, make_house

pytestmark = [pytest.mark.database, pytest.mark.xdist_group("graphql_action_lots")]
D = Decimal
ASKED = """{ accounts(first: 5) { nodes { id lots(first: 20) { nodes { security { name } quantity acquiredOn cost { value } reasons { code } } } } } }"""
GAINS = """query($id: ID!) { realisedGains(accountId: $id, first: 20) { nodes { kind quantity proceeds { value } cost { value } gain { value } term } } }"""


def book() -> Book:
    made = Book().household().account().security().security("OTHER").price("ACME", "2021-03-01", "50")
    return made.deposit("100000", on="2019-12-31")


async def answers(app: ASGIApp, platform: Platform, made: Book, folder: Path) -> tuple[list[Any], list[Any]]:
    """Lots and gains as (name, units, day, cost) and (kind, units, proceeds, cost, gain, term)."""
    house: House = await make_house(app, platform, pinned_business_date=LAST_DAY)
    report = await made.load(platform, house.firm, folder)
    assert report.ok, list(report.lines())
    api = house.api("ADVISOR")
    account = (await api(ASKED)).data["accounts"]["nodes"][0]
    lots = [
        (lot["security"]["name"], D(lot["quantity"]), lot["acquiredOn"], lot["cost"]["value"])
        for lot in account["lots"]["nodes"]
    ]
    gains = (await api(GAINS, id=account["id"])).data["realisedGains"]["nodes"]
    return sorted(lots), [
        (
            g["kind"],
            D(g["quantity"]),
            g["proceeds"]["value"],
            g["cost"]["value"],
            g["gain"]["value"],
            g["term"],
        )
        for g in gains
    ]


@pytest.mark.parametrize("kind", ["SPLIT", "JOURNAL"])
async def test_a_split_keeps_basis_and_days_however_it_was_booked(
    app: ASGIApp, platform: Platform, tmp_path: Path, kind: str
) -> None:
    made = (
        book()
        .buy("ACME", "100", "-5000", on="2020-01-06")
        .action("SPLIT", "2021-03-15", ratio_new=D(4), ratio_old=D(1))
    )
    made.transaction(kind, on="2021-03-15", security="ACME", quantity="300")
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("ACME Corp", D(400), "2020-01-06", "5000.00")]
    assert gains == []


@pytest.mark.parametrize("named", ["X1", None])
async def test_a_fraction_of_a_reverse_split_is_sold_for_its_cash(
    app: ASGIApp, platform: Platform, tmp_path: Path, named: str | None
) -> None:
    """100 for 5,000.00, 1 for 8 with 20.00: 12 for 4,800.00, and 0.5 that cost 200.00 sold at a loss of 180.00."""
    made = (
        book()
        .buy("ACME", "100", "-5000", on="2020-01-06")
        .action("SPLIT", "2021-03-15", ratio_new=D(1), ratio_old=D(8))
    )
    made.transaction(
        "SPLIT", "20", on="2021-03-15", security="ACME", quantity="-88", corporate_action_external_id=named
    )
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("ACME Corp", D(12), "2020-01-06", "4800.00")]
    assert gains == [("CASH_IN_LIEU", D("0.5"), "20.00", "200.00", "-180.00", "LONG")]


async def test_cash_in_lieu_of_its_own_sells_the_fraction(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    made = (
        book()
        .buy("ACME", "100", "-5000", on="2020-01-06")
        .action("SPLIT", "2021-03-15", ratio_new=D(1), ratio_old=D(8))
    )
    made.transaction("SPLIT", on="2021-03-15", security="ACME", quantity="-87.5")
    made.transaction("CASH_IN_LIEU", "20", on="2021-03-18", security="ACME", quantity="-0.5")
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("ACME Corp", D(12), "2020-01-06", "4800.00")]
    assert gains == [("CASH_IN_LIEU", D("0.5"), "20.00", "200.00", "-180.00", "LONG")]


async def test_a_spin_off_divides_the_basis_by_the_issuers_fraction(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    made = book().buy("ACME", "100", "-5000", on="2020-01-06")
    made.action(
        "SPIN_OFF",
        "2021-03-15",
        ratio_new=D(1),
        ratio_old=D(2),
        other_security_key="OTHER",
        basis_fraction=D("0.35"),
    )
    made.transaction(
        "SPIN_OFF", on="2021-03-15", security="OTHER", quantity="50", corporate_action_external_id="X1"
    )
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [
        ("ACME Corp", D(100), "2020-01-06", "3250.00"),
        ("OTHER Corp", D(50), "2020-01-06", "1750.00"),
    ]
    assert gains == []


async def test_a_spin_off_without_a_fraction_divides_by_the_first_closes(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    """60 and 40 at one for one: 40 %."""
    made = (
        book()
        .buy("ACME", "10", "-1000", on="2020-01-06")
        .price("ACME", "2021-03-15", "60")
        .price("OTHER", "2021-03-15", "40")
    )
    made.action("SPIN_OFF", "2021-03-15", ratio_new=D(1), ratio_old=D(1), other_security_key="OTHER")
    made.transaction("SPIN_OFF", on="2021-03-15", security="OTHER", quantity="10")
    lots, _gains = await answers(app, platform, made, tmp_path)
    assert lots == [
        ("ACME Corp", D(10), "2020-01-06", "600.00"),
        ("OTHER Corp", D(10), "2020-01-06", "400.00"),
    ]


async def test_a_merger_for_shares_and_cash_is_taxed_up_to_the_cash(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    """1,000.00 for shares of 1,500.00 and 600.00: gain 600.00, basis 1,000.00."""
    made = book().buy("ACME", "100", "-1000", on="2020-06-01").price("OTHER", "2021-03-15", "30")
    made.action(
        "MERGER",
        "2021-03-15",
        ratio_new=D(1),
        ratio_old=D(2),
        cash_amount=D(6),
        currency="USD",
        other_security_key="OTHER",
    )
    made.transaction(
        "MERGER", "600", on="2021-03-15", security="ACME", quantity="-100", corporate_action_external_id="X1"
    )
    made.transaction(
        "MERGER", on="2021-03-15", security="OTHER", quantity="50", corporate_action_external_id="X1"
    )
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("OTHER Corp", D(50), "2020-06-01", "1000.00")]
    assert [gain[4:] for gain in gains] == [("600.00", "SHORT")]


async def test_a_taxable_merger_begins_anew(app: ASGIApp, platform: Platform, tmp_path: Path) -> None:
    made = book().buy("ACME", "100", "-1000", on="2020-06-01").price("OTHER", "2021-03-15", "30")
    made.action(
        "MERGER", "2021-03-15", ratio_new=D(1), ratio_old=D(2), other_security_key="OTHER", is_taxable=True
    )
    made.transaction(
        "MERGER", on="2021-03-15", security="ACME", quantity="-100", corporate_action_external_id="X1"
    )
    made.transaction(
        "MERGER", on="2021-03-15", security="OTHER", quantity="50", corporate_action_external_id="X1"
    )
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("OTHER Corp", D(50), "2021-03-15", "1500.00")]
    assert [gain[4] for gain in gains] == ["500.00"]


async def test_a_merger_for_cash_is_a_sale_and_a_new_name_none(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    made = book().buy("ACME", "100", "-1000", on="2019-12-31")
    made.action("SYMBOL_CHANGE", "2021-02-01", key="X1", new_value="OTHER", other_security_key="OTHER")
    made.action("MERGER", "2021-03-15", key="X2", security="OTHER", cash_amount=D(15), currency="USD")
    made.transaction("SYMBOL_CHANGE", on="2021-02-01", security="ACME", quantity="-100")
    made.transaction("SYMBOL_CHANGE", on="2021-02-01", security="OTHER", quantity="100")
    made.transaction("MERGER", "1500", on="2021-03-15", security="OTHER", quantity="-100")
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == []
    assert gains == [("MERGER", D(100), "1500.00", "1000.00", "500.00", "LONG")]


async def test_capital_returned_lowers_the_basis_to_nothing_and_then_is_gain(
    app: ASGIApp, platform: Platform, tmp_path: Path
) -> None:
    made = book().buy("ACME", "100", "-1000", on="2020-06-01")
    made.transaction("RETURN_OF_CAPITAL", "700", on="2021-02-01", security="ACME")
    made.transaction("RETURN_OF_CAPITAL", "400", on="2021-03-01", security="ACME")
    lots, gains = await answers(app, platform, made, tmp_path)
    assert lots == [("ACME Corp", D(100), "2020-06-01", "0.00")]
    assert [gain[4] for gain in gains] == ["100.00"]
