"""Every open lot and realised gain of both demo firms over the API, as an independent reading of their files
has them: to the cent, in three views of wash sales.

Every fourth account in `make test`, all of them in `make soak`.
"""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.demo.books import write_demo_bundle
from wealthnexus.demo.people import FIRMS, Firm
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger.service.judging_lots import judge_lots
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY
from tests.graphql.conftest import Api, make_house
from tests.oracle.tax_lots import BOOK, CUSTODIAN, ECONOMIC, TaxLots

pytestmark = [pytest.mark.database, pytest.mark.soak]

ACCOUNTS = """query($after: String) { accounts(first: 200, after: $after) {
  pageInfo { hasNextPage endCursor } nodes { id externalId } } }"""
LOTS = """query($id: ID!, $after: String) { account(id: $id) { lots(first: 200, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { security { id } quantity acquiredOn cost { value } custodianBasis { value } economicBasis { value } } } } }"""
GAINS = """query($id: ID!, $after: String) { realisedGains(accountId: $id, first: 200, after: $after) {
  pageInfo { hasNextPage endCursor }
  nodes { entry { externalId } quantity acquiredOn kind proceeds { value } cost { value } gain { value }
    custodian { disallowed { value } recognised { value } }
    economic { disallowed { value } lost { value } recognised { value } } } } }"""
SECURITIES = "query($after: String) { securities(first: 200, after: $after) { pageInfo { hasNextPage endCursor } nodes { id symbol name } } }"
LEAST_LOTS = {"summit": 3_500, "harbor": 2_300}
LEAST_GAINS = {"summit": 1_200, "harbor": 750}


async def everything(api: Api, query: str, read: Any, **given: Any) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = []
    after = None
    while True:
        page = read((await api(query, after=after, **given)).data)
        nodes += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


def summed(rows: Iterable[tuple[Any, tuple[Decimal | None, ...]]]) -> dict[Any, tuple[Decimal | None, ...]]:
    """Parts of one acquisition or of one sale together; a sum with something unknown is unknown."""
    found: dict[Any, list[tuple[Decimal | None, ...]]] = defaultdict(list)
    for key, values in rows:
        found[key].append(values)
    with localcontext(prec=60):
        return {
            key: tuple(
                None if any(value is None for value in column) else sum(column, Decimal(0))  # type: ignore[arg-type]
                for column in zip(*its, strict=True)
            )
            for key, its in found.items()
        }


def amount(figure: dict[str, Any]) -> Decimal | None:
    return None if figure["value"] is None else Decimal(figure["value"])


def _expected_gains(oracle: TaxLots, looked_at: set[str]) -> dict[Any, tuple[Decimal | None, ...]]:
    """By account, entry and day of acquisition: units, proceeds, basis, gain, and the two views of washes."""
    return summed(
        (
            (line["account"], line["entry"], line["acquired"] and line["acquired"].isoformat()),
            (
                line["units"], line["proceeds"], line["basis"][BOOK], line["gain"][BOOK],
                line["disallowed"][CUSTODIAN],
                None if line["gain"][CUSTODIAN] is None else line["gain"][CUSTODIAN] + line["disallowed"][CUSTODIAN],
                line["disallowed"][ECONOMIC], line["lost"][ECONOMIC],
                None if line["gain"][ECONOMIC] is None else line["gain"][ECONOMIC] + line["disallowed"][ECONOMIC],
            ),
        )
        for line in oracle.gains
        if line["account"] in looked_at
    )  # fmt: skip


@pytest.mark.parametrize("slug", FIRMS)
async def test_the_demo_firms(
    app: ASGIApp, platform: Platform, tmp_path: Path, slug: Firm, soak: bool
) -> None:
    house = await make_house(app, platform, pinned_business_date=LAST_DAY)
    write_demo_bundle(slug, tmp_path)
    report = await import_bundle(platform, house.firm, tmp_path, actor=SYSTEM)
    assert report.ok, list(report.lines())
    api, oracle = house.api("OPERATIONS"), TaxLots(tmp_path)
    key_of = {row["symbol"] or row["name"]: key for key, row in oracle.securities.items()}
    securities = {
        node["id"]: key_of[node["symbol"] or node["name"]]
        for node in await everything(api, SECURITIES, lambda data: data["securities"])
    }
    lots, gains = [], []
    accounts = await everything(api, ACCOUNTS, lambda data: data["accounts"])
    asked = accounts if soak else accounts[::4]
    for account in asked:
        key = account["externalId"]
        for node in await everything(api, LOTS, lambda data: data["account"]["lots"], id=account["id"]):
            values = (
                Decimal(node["quantity"]),
                *(amount(node[n]) for n in ("cost", "custodianBasis", "economicBasis")),
            )
            lots.append(((key, securities[node["security"]["id"]], node["acquiredOn"]), values))
        for node in await everything(api, GAINS, lambda data: data["realisedGains"], id=account["id"]):
            values = (
                Decimal(node["quantity"]), amount(node["proceeds"]), amount(node["cost"]), amount(node["gain"]),
                amount(node["custodian"]["disallowed"]), amount(node["custodian"]["recognised"]),
                amount(node["economic"]["disallowed"]), amount(node["economic"]["lost"]),
                amount(node["economic"]["recognised"]),
            )  # fmt: skip
            gains.append(((key, node["entry"]["externalId"], node["acquiredOn"]), values))
    looked_at = {account["externalId"] for account in asked}
    averaged = {key for key, row in oracle.accounts.items() if row["lot_method"] == "AVERAGE_COST"}
    expected_lots = summed(
        ((account, security, day and day.isoformat()), (units, *bases))
        for account, security, day, units, *bases, _held in oracle.open_lots()
        if account in looked_at
    )
    ours = summed(lots)
    assert ours.keys() == expected_lots.keys()
    for lot, values in expected_lots.items():
        compared = 1 if lot[0] in averaged else 4
        assert ours[lot][:compared] == values[:compared], lot
    expected_gains = _expected_gains(oracle, looked_at)
    ours = summed(gains)
    assert ours.keys() == expected_gains.keys()
    for gain, values in expected_gains.items():
        compared = 2 if gain[0] in averaged else 9
        assert ours[gain][:compared] == values[:compared], gain
    share = 1 if soak else 8
    assert len(lots) > LEAST_LOTS[slug] / share
    assert len(gains) > LEAST_GAINS[slug] / share
    async with platform.db.unit_of_work(Binding(house.firm.id)) as uow:
        await judge_lots(uow, await book_view(uow, house.firm))
        codes = await uow.rows(
            text("select distinct code from findings where tenant_id = :t and category = 'tax_lots'"),
            {"t": house.firm.id},
        )
    # Lots that nobody named, and averages of single shares; nothing is missing, and lots are what is held.
    assert {row.code for row in codes} <= {"IDENTIFICATION_NOT_ADEQUATE", "AVERAGE_NOT_ELIGIBLE"}
    washed = [line for line in oracle.gains if line["disallowed"][ECONOMIC]]
    print(f"\n{slug}: {len(lots)} lots, {len(gains)} realised, {len(washed)} washed")
    assert washed
