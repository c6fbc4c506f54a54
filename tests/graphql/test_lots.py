"""Tax lots, realised gains and wash sales over the API: a couple's accounts, his IRA, and a stranger."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.graphql.ids import to_global
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories_ledger import Book, ids_of
from tests.factories_ledger import rows as read_rows
from tests.graphql.conftest import House, make_house
from tests.graphql.test_statements import statements

pytestmark = pytest.mark.database

MONEY = "{ value quality reasons { code message } }"
LOTS = (
    """query($id: ID!, $first: Int, $after: String, $asOf: Date, $knownAt: DateTime) { account(id: $id, asOf: $asOf, knownAt: $knownAt) {
  lots(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    nodes { security { symbol } account { name } quantity acquiredOn heldFrom term daysToLongTerm origin openedBy
      cost MONEY custodianBasis { value } economicBasis MONEY marketValue { value quality } unrealised { value } custodianLot { difference } }
    totals { currency term lotCount missingCount cost { value } marketValue { value } unrealised { value quality } } }
  lotFindings { code message } } }"""
).replace("MONEY", MONEY)
GAINS = """query($id: ID, $household: ID, $year: Int, $first: Int, $after: String) {
  realisedGains(accountId: $id, householdId: $household, taxYear: $year, first: $first, after: $after) {
    from to asOf taxYears totalCount pageInfo { hasNextPage endCursor }
    nodes { security { symbol } account { name } kind acquiredOn disposedOn quantity term openedBy
      entry { externalId } proceeds { value } cost { value } gain { value }
      custodian { disallowed { value } recognised { value } }
      economic { disallowed { value } lost { value } recognised { value } }
      fx { priceEffect { value } fxEffect { value } }
      washes { view account { name } security { symbol } boughtOn quantity disallowed { value } effect } }
    totals { currency taxStatus term lotCount gain { value } economicDisallowed { value } economicLost { value } economicRecognised { value } custodianRecognised { value } } } }"""


@dataclass
class Couple:
    house: House
    accounts: dict[str, str]
    household: str
    securities: dict[str, str]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def couple(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> Couple:
    """His ACME, 100 for 5,000, sold in March at a loss of 1,000; 40 bought again in his IRA."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    book = (
        Book()
        .household()
        .account("HIS")
        .account("IRA", account_type="TRADITIONAL_IRA", tax_status="TAX_DEFERRED")
        .security()
        .security("BETA")
        .security("GAMMA")
        .price("ACME", "2021-03-31", "42")
        .price("BETA", "2021-03-31", "11")
        .deposit("20000", account="HIS", on="2020-01-02")
        .deposit("9000", account="IRA", on="2020-01-02")
        .buy("BETA", "300", "-3000.00", account="HIS", on="2020-01-06", key="BETA-1")
        .buy("BETA", "100", "-1200.00", account="HIS", on="2021-02-01", key="BETA-2")
        .buy("ACME", "100", "-5000.00", account="HIS", on="2021-01-05", key="ACME-1")
        .sell("ACME", "100", "4000.00", account="HIS", on="2021-03-08", key="ACME-S")
        .buy("ACME", "40", "-1640.00", account="IRA", on="2021-03-15", key="ACME-2")
        .sell("BETA", "350", "3850.00", account="HIS", on="2021-03-16", key="BETA-S")
    )
    report = await book.load(platform, house.firm, tmp_path_factory.mktemp("couple"))
    assert report.ok, list(report.lines())
    ids = await ids_of(platform, house.firm)
    async with platform.db.unit_of_work(Binding(house.firm.id)) as uow:
        party = new_id()
        await uow.execute(
            text(
                "insert into subjects (tenant_id, id, kind, label, created_at) values (:t, :p, 'party', 'Him', now())"
            ),
            {"t": house.firm.id, "p": party},
        )
        await uow.execute(
            text(
                "insert into parties (tenant_id, id, kind, status, name, name_normalised, kyc_state, source,"
                " external_id, created_at, version) values (:t, :p, 'person', 'active', 'Him', 'him',"
                " 'not_started', 'test', 'P1', now(), 1)"
            ),
            {"t": house.firm.id, "p": party},
        )
        for key in ("HIS", "IRA"):
            await uow.execute(
                text(
                    "insert into account_owners (tenant_id, id, account_id, party_id, role, effective_from,"
                    " book_version) values (:t, :id, :a, :p, 'owner', '2000-01-01', 1)"
                ),
                {"t": house.firm.id, "id": new_id(), "a": ids.accounts[key], "p": party},
            )
    return Couple(
        house,
        {key: to_global("Account", one) for key, one in ids.accounts.items()},
        to_global("Household", ids.households["H1"]),
        {key: to_global("Security", one) for key, one in ids.securities.items()},
    )


async def test_open_lots(couple: Couple) -> None:
    """50 of the second BETA remain: 600.00 paid, worth 550.00; long-term on 2 February 2022."""
    found = (await couple.house.api("ADVISOR")(LOTS, id=couple.accounts["HIS"])).data["account"]
    (lot,) = found["lots"]["nodes"]
    assert lot["cost"] == {"value": "600.00", "quality": "COMPLETE", "reasons": []}
    assert (lot["quantity"], lot["acquiredOn"], lot["term"], lot["openedBy"]) == (
        "50", "2021-02-01", "SHORT", "BETA-2",
    )  # fmt: skip
    assert lot["daysToLongTerm"] == (date(2022, 2, 2) - date(2021, 3, 31)).days
    assert (lot["marketValue"]["value"], lot["unrealised"]["value"]) == ("550.00", "-50.00")
    assert lot["custodianLot"] is None
    assert found["lots"]["totals"] == [
        {
            "currency": "USD", "term": "SHORT", "lotCount": 1, "missingCount": 0, "cost": {"value": "600.00"},
            "marketValue": {"value": "550.00"}, "unrealised": {"value": "-50.00", "quality": "COMPLETE"},
        }
    ]  # fmt: skip
    assert found["lotFindings"] == []


async def test_lots_of_a_day_before(couple: Couple) -> None:
    found = (
        await couple.house.api("ADVISOR")(LOTS, id=couple.accounts["HIS"], asOf="2021-03-10", first=1)
    ).data["account"]["lots"]
    assert found["totalCount"] == 2
    assert [node["openedBy"] for node in found["nodes"]] == ["BETA-1"]
    assert found["nodes"][0]["term"] == "LONG"
    assert found["nodes"][0]["daysToLongTerm"] == 0
    rest = (
        await couple.house.api("ADVISOR")(
            LOTS, id=couple.accounts["HIS"], asOf="2021-03-10", after=found["pageInfo"]["endCursor"]
        )
    ).data["account"]["lots"]
    assert [node["openedBy"] for node in rest["nodes"]] == ["BETA-2"]
    assert rest["pageInfo"]["hasNextPage"] is False


async def test_gains_with_a_loss_that_an_ira_takes_for_good(couple: Couple) -> None:
    """40 of 100 are replaced in the IRA: 400.00 of the loss of 1,000.00 is lost; 1099-B knows nothing of it."""
    found = (await couple.house.api("ADVISOR")(GAINS, household=couple.household, year=2021)).data[
        "realisedGains"
    ]
    assert [
        (one["openedBy"], one["quantity"], one["gain"]["value"], one["term"]) for one in found["nodes"]
    ] == [
        ("BETA-1", "300", "300.00", "LONG"),
        ("BETA-2", "50", "-50.00", "SHORT"),
        ("ACME-1", "100", "-1000.00", "SHORT"),
    ] or [one["openedBy"] for one in found["nodes"]] == ["BETA-2", "BETA-1", "ACME-1"]
    loss = next(one for one in found["nodes"] if one["openedBy"] == "ACME-1")
    assert loss["economic"] == {
        "disallowed": {"value": "400.00"}, "lost": {"value": "400.00"}, "recognised": {"value": "-600.00"},
    }  # fmt: skip
    assert loss["custodian"] == {"disallowed": {"value": "0.00"}, "recognised": {"value": "-1000.00"}}
    assert loss["entry"] == {"externalId": "ACME-S"}
    assert loss["washes"] == [
        {
            "view": "ECONOMIC", "account": {"name": "Account IRA"}, "security": {"symbol": "ACME"},
            "boughtOn": "2021-03-15", "quantity": "40", "disallowed": {"value": "400.00"}, "effect": "LOST",
        }
    ]  # fmt: skip
    assert loss["fx"] == {"priceEffect": {"value": "-1000.00"}, "fxEffect": {"value": "0.00"}}
    short, long = found["totals"]
    assert short["taxStatus"] == long["taxStatus"] == "TAXABLE"
    assert (short["term"], short["gain"]["value"], short["economicRecognised"]["value"]) == (
        "SHORT", "-1050.00", "-650.00",
    )  # fmt: skip
    assert (short["economicLost"]["value"], short["custodianRecognised"]["value"]) == ("400.00", "-1050.00")
    assert (long["term"], long["gain"]["value"]) == ("LONG", "300.00")
    assert found["taxYears"] == [2021]
    assert (found["from"], found["to"]) == ("2021-01-01", "2021-03-31")


async def test_pages_of_gains(couple: Couple) -> None:
    seen, after = [], None
    for _page in range(3):
        found = (
            await couple.house.api("ADVISOR")(GAINS, id=couple.accounts["HIS"], first=1, after=after)
        ).data["realisedGains"]
        seen += [one["openedBy"] for one in found["nodes"]]
        after = found["pageInfo"]["endCursor"]
    assert found["pageInfo"]["hasNextPage"] is False
    assert sorted(seen) == ["ACME-1", "BETA-1", "BETA-2"]


async def test_one_of_account_and_household(couple: Couple) -> None:
    answer = await couple.house.api("ADVISOR")(GAINS)
    assert answer.codes == ["BAD_USER_INPUT"]
    answer = await couple.house.api("ADVISOR")(GAINS, id=couple.accounts["HIS"], year=1)
    assert answer.errors[0]["message"] == "the tax year is 1, expected 1900 to 2200"


async def test_what_a_position_cost(couple: Couple) -> None:
    query = "query($id: ID!) { positions(accountId: $id) { nodes { cost { value basis source explain { version inputs { name value note } sources { kind label } } } gain { value quality } } } }"
    (position,) = (await couple.house.api("ADVISOR")(query, id=couple.accounts["HIS"])).data["positions"][
        "nodes"
    ]
    assert position["cost"]["value"] == "600.00"
    assert position["gain"] == {"value": "-50.00", "quality": "COMPLETE"}
    assert position["cost"]["source"] == "own tax lots"
    assert {"name": "lot of 2021-02-01", "value": "600.00 USD", "note": "50 units"} in position["cost"][
        "explain"
    ]["inputs"]
    assert position["cost"]["explain"]["version"] == "lots/1"
    labels = [one["label"] for one in position["cost"]["explain"]["sources"] if one["kind"] == "TRANSACTION"]
    assert labels
    assert all(re.search(r", transactions\.csv:[0-9]+$", label) for label in labels), labels


CHECK = """query($account: ID!, $security: ID!, $type: WashCheckType!, $quantity: Decimal!, $price: Decimal) {
  washSaleCheck(accountId: $account, securityId: $security, type: $type, quantity: $quantity, price: $price) {
    amount price currency disallowed { value } lost { value } freeFrom isPartial
    gains { openedBy gain { value } }
    matches { lossAccount { name } lossSecurity { symbol } soldOn account { name } boughtOn quantity disallowed { value } effect }
    warnings { boughtOn } } }"""


async def test_before_a_purchase(couple: Couple) -> None:
    """60 of the shares sold on 8 March are free to be replaced until 7 April."""
    found = (
        await couple.house.api("TRADER")(
            CHECK,
            account=couple.accounts["HIS"],
            security=couple.securities["ACME"],
            type="BUY",
            quantity="80",
        )
    ).data["washSaleCheck"]
    assert (found["amount"], found["price"], found["currency"]) == ("3360.00", "42", "USD")
    assert found["disallowed"]["value"] == "600.00"
    assert found["lost"]["value"] == "0.00"
    assert found["freeFrom"] == "2021-04-08"
    assert found["gains"] == []
    [match] = found["matches"]
    assert (match["lossSecurity"]["symbol"], match["soldOn"]) == ("ACME", "2021-03-08")
    assert match["lossAccount"] == match["account"]
    assert (match["boughtOn"], match["quantity"]) == ("2021-03-31", "60")


async def test_before_a_sale(couple: Couple) -> None:
    """Selling BETA below what was paid: nothing else of it was bought in the window."""
    found = (
        await couple.house.api("TRADER")(
            CHECK,
            account=couple.accounts["HIS"],
            security=couple.securities["BETA"],
            type="SELL",
            quantity="50",
            price="10",
        )
    ).data["washSaleCheck"]
    assert found["gains"] == [{"openedBy": "BETA-2", "gain": {"value": "-100.00"}}]
    assert (found["disallowed"]["value"], found["freeFrom"]) == ("0.00", "2021-05-01")
    answer = await couple.house.api("TRADER")(
        CHECK, account=couple.accounts["HIS"], security=couple.securities["BETA"], type="SELL", quantity="0"
    )
    assert answer.errors[0]["message"].startswith("the quantity is 0, expected more than 0")


async def test_a_trade_beyond_the_books_is_the_senders_fault(couple: Couple) -> None:
    nines = "9" * 17
    for given, message in (
        ({"quantity": nines * 2}, f"'{nines * 2}' is too long"),
        ({"quantity": "9" * 19}, f"the quantity is {'9' * 19}, expected more than 0"),
        ({"quantity": "1", "price": "9" * 19}, f"the price is {'9' * 19}, expected 0 or more"),
        ({"quantity": nines, "price": nines}, "the trade comes to more USD than the books can keep"),
    ):
        named = {"account": couple.accounts["HIS"], "security": couple.securities["BETA"], "type": "BUY"}
        answer = await couple.house.api("TRADER")(CHECK, **named, **given)
        assert answer.codes == ["BAD_USER_INPUT"]
        assert message in answer.errors[0]["message"]


JUDGEMENT = "judgement { id treatment reason effectiveFrom isWithdrawn author { name } security { symbol } otherSecurity { symbol } }"


async def test_what_the_firm_judges_of_two_securities(couple: Couple) -> None:
    """10 BETA would replace 10 of the ACME sold on 8 March, earliest loss first; else its own loss of 16 March."""
    api = couple.house.api("COMPLIANCE")
    given = {
        "securityId": couple.securities["ACME"], "otherSecurityId": couple.securities["BETA"],
        "treatment": "FIRM_TREATS_AS_IDENTICAL", "reason": "the same index", "effectiveFrom": "2021-01-01",
    }  # fmt: skip
    payload = f"... on SetIdenticalSecuritiesSuccess {{ {JUDGEMENT} }}"
    made = await api.change("setIdenticalSecurities", payload, idempotencyKey="judgement-1", **given)
    again = await api.change("setIdenticalSecurities", payload, idempotencyKey="judgement-1", **given)
    assert made == again
    assert made["judgement"]["reason"] == "the same index"
    assert {made["judgement"]["security"]["symbol"], made["judgement"]["otherSecurity"]["symbol"]} == {
        "ACME",
        "BETA",
    }
    listed = "query { identicalSecurities { totalCount nodes { id isWithdrawn author { name } } } }"
    assert (await api(listed)).data["identicalSecurities"]["totalCount"] == 1
    check = await couple.house.api("TRADER")(
        CHECK, account=couple.accounts["HIS"], security=couple.securities["BETA"], type="BUY", quantity="10"
    )
    assert check.data["washSaleCheck"]["disallowed"]["value"] == "100.00"
    taken = await api.change(
        "withdrawIdenticalSecurities", f"... on WithdrawIdenticalSecuritiesSuccess {{ {JUDGEMENT} }}",
        idempotencyKey="judgement-2", judgementId=made["judgement"]["id"], reason="two indices after all",
    )  # fmt: skip
    assert taken["judgement"]["isWithdrawn"] is True
    assert (await api(listed)).data["identicalSecurities"]["totalCount"] == 0
    check = await couple.house.api("TRADER")(
        CHECK, account=couple.accounts["HIS"], security=couple.securities["BETA"], type="BUY", quantity="10"
    )
    assert check.data["washSaleCheck"]["disallowed"]["value"] == "10.00"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"otherSecurityId": "same"},
            "a security is identical to itself without saying so; nothing was recorded",
        ),
        ({"reason": "  "}, "the reason has 0 characters, expected 1 to 500; nothing was changed"),
        (
            {"effectiveTo": "2021-01-01"},
            "the judgement ends on 1 Jan 2021, expected a day after 1 Jan 2021; nothing was recorded",
        ),
    ],
)
async def test_judgements_that_cannot_be(couple: Couple, changed: dict[str, str], said: str) -> None:
    given = {
        "securityId": couple.securities["ACME"], "otherSecurityId": couple.securities["BETA"],
        "treatment": "IDENTICAL", "reason": "r", "effectiveFrom": "2021-01-01", **changed,
    }  # fmt: skip
    if given["otherSecurityId"] == "same":
        given["otherSecurityId"] = given["securityId"]
    refused = await couple.house.api("COMPLIANCE").change(
        "setIdenticalSecurities", "", idempotencyKey=f"refused-{len(said)}", **given
    )
    assert (refused["__typename"], refused["message"]) == ("ValidationFailed", said)


@pytest.mark.parametrize("role", ["ADVISOR", "READ_ONLY", "TRADER"])
async def test_who_may_not_judge(couple: Couple, role: str) -> None:
    given = {
        "securityId": couple.securities["ACME"], "otherSecurityId": couple.securities["BETA"],
        "treatment": "IDENTICAL", "reason": "r", "effectiveFrom": "2021-01-01",
    }  # fmt: skip
    refused = await couple.house.api(role).change(
        "setIdenticalSecurities", "", idempotencyKey=f"role-{role}", **given
    )
    assert refused["__typename"] == "PermissionDenied"


async def test_other_firms_and_clients_see_none_of_it(couple: Couple, other_house: House) -> None:
    for api in (other_house.api("ADVISOR"), couple.house.api("LIMITED")):
        for query, given in (
            (GAINS, {"id": couple.accounts["HIS"]}),
            (GAINS, {"household": couple.household}),
            (LOTS, {"id": couple.accounts["HIS"]}),
            (
                CHECK,
                {
                    "account": couple.accounts["HIS"],
                    "security": couple.securities["ACME"],
                    "type": "BUY",
                    "quantity": "1",
                },
            ),
        ):
            answer = await api(query, **given)
            assert answer.codes == ["NOT_FOUND"], (query, answer.body)
    assert (await couple.house.api("CLIENT")(GAINS, id=couple.accounts["HIS"])).codes == ["FORBIDDEN"]


async def test_statements_do_not_grow_with_accounts(couple: Couple) -> None:
    query = "query($id: ID!, $n: Int!) { household(id: $id) { accounts(first: $n) { nodes { lots { nodes { id cost { value } } } positions { nodes { gain { value } } } } } } }"
    counts = []
    for first in (1, 2):
        await couple.house.api("ADVISOR")("{ viewer { id } }")
        with statements(couple.house) as seen:
            answer = await couple.house.api("ADVISOR")(query, id=couple.household, n=first)
        assert answer.errors == []
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_two_at_once(couple: Couple) -> None:
    """Books played beside each other do not disturb each other."""
    answers = await asyncio.gather(
        *(couple.house.api("ADVISOR")(GAINS, household=couple.household) for _n in range(4))
    )
    shown: list[Any] = [answer.data for answer in answers]
    assert all(one == shown[0] for one in shown)


async def _granted(couple: Couple, role: str, subject: str) -> None:
    granted = await couple.house.api("FIRM_ADMIN").change(
        "createAccessGrant", "... on CreateAccessGrantSuccess { accessGrant { id } }",
        principalId=to_global("User", couple.house.people[role].id), subjectId=subject, permissions=["read"],
        effectiveFrom="2021-01-01", reason="looks after it",
    )  # fmt: skip
    assert "accessGrant" in granted, granted


WASHED = """query($id: ID!) { realisedGains(accountId: $id, taxYear: 2021) { nodes { openedBy
  custodian { disallowed { value reasons { code } } }
  economic { disallowed { value reasons { code message } } lost { value } } washes { boughtOn } } } }"""


async def test_somebody_who_sees_a_part_of_it_is_told_so(couple: Couple) -> None:
    """His account without the IRA: nothing of the IRA is told, but that there may be something."""
    await _granted(couple, "LIMITED", couple.accounts["HIS"])
    answer = await couple.house.api("LIMITED")(WASHED, id=couple.accounts["HIS"])
    loss = next(one for one in answer.data["realisedGains"]["nodes"] if one["openedBy"] == "ACME-1")
    assert loss["washes"] == []
    assert loss["economic"]["lost"]["value"] == "0.00"
    (reason,) = loss["economic"]["disallowed"]["reasons"]
    assert reason == {
        "code": "WASH_SALES_IN_PART",
        "message": "only accounts you may see were looked at for wash sales; what others bought may change this",
    }
    assert loss["custodian"]["disallowed"] == {"value": "0.00", "reasons": []}
    assert (await couple.house.api("LIMITED")(WASHED, id=couple.accounts["IRA"])).codes == ["NOT_FOUND"]
    check = await couple.house.api("LIMITED")(
        CHECK, account=couple.accounts["HIS"], security=couple.securities["ACME"], type="BUY", quantity="80"
    )
    assert check.data["washSaleCheck"]["isPartial"] is True
    refused = await couple.house.api("LIMITED").change(
        "setIdenticalSecurities", "", idempotencyKey="a-limited-judgement",
        securityId=couple.securities["ACME"], otherSecurityId=couple.securities["BETA"],
        treatment="IDENTICAL", reason="r", effectiveFrom="2021-01-01",
    )  # fmt: skip
    assert refused["__typename"] == "PermissionDenied"


async def test_a_client_has_the_gain_of_a_position_and_no_lots(couple: Couple) -> None:
    await _granted(couple, "CLIENT", couple.accounts["HIS"])
    api = couple.house.api("CLIENT")
    query = "query($id: ID!) { positions(accountId: $id) { nodes { gain { value reasons { code } } } } }"
    (position,) = (await api(query, id=couple.accounts["HIS"])).data["positions"]["nodes"]
    assert position["gain"] == {"value": "-50.00", "reasons": []}
    assert (await api(LOTS, id=couple.accounts["HIS"])).codes == ["FORBIDDEN"]
    for query, given in (
        (GAINS, {"id": couple.accounts["HIS"]}),
        (
            CHECK,
            {
                "account": couple.accounts["HIS"],
                "security": couple.securities["ACME"],
                "type": "BUY",
                "quantity": "1",
            },
        ),
        ("{ identicalSecurities { totalCount } }", {}),
    ):
        assert (await api(query, **given)).codes == ["FORBIDDEN"], query


async def test_a_judgement_is_told_to_who_sees_both(couple: Couple) -> None:
    """A third security nobody holds: somebody limited sees neither it nor what is said of it."""
    house = couple.house
    one, other = sorted(await _nobodys(house))
    async with house.platform.db.unit_of_work(Binding(house.firm.id)) as uow:
        await uow.execute(
            text(
                "insert into identical_securities (tenant_id, id, security_id, other_security_id, treatment,"
                " author_name, reason, effective_from, book_version, recorded_at) values"
                " (:t, :id, :one, :other, 'IDENTICAL', 'Ann', 'r', '2020-01-01', 1, now())"
            ),
            {"t": house.firm.id, "id": new_id(), "one": one, "other": other},
        )
    await _granted(couple, "LIMITED", couple.accounts["HIS"])
    query = "{ identicalSecurities { totalCount edges { node { reason } } } }"
    assert (await house.api("LIMITED")(query)).data["identicalSecurities"] == {"totalCount": 0, "edges": []}
    assert (await house.api("ADVISOR")(query)).data["identicalSecurities"]["totalCount"] == 1


async def _nobodys(house: House) -> list[Any]:
    """ACME, which is held, and GAMMA, which is not."""
    rows = await read_rows(
        house.platform,
        house.firm,
        "select id from securities where tenant_id = :t and symbol in ('ACME', 'GAMMA')",
    )
    return [row[0] for row in rows]
