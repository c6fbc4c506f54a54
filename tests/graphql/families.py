"""A family entered through the API from nothing."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest_asyncio
from starlette.types import ASGIApp
from wealthnexus.runtime import Platform

from tests.graphql.conftest import Api, House, make_house


@dataclass
class Lees:
    house: House
    ids: dict[str, str]

    @property
    def advisor(self) -> Api:
        return self.house.api("ADVISOR")


async def change(api: Api, mutation: str, payload: str, **given: Any) -> Any:
    """The payload, which must be the success."""
    done = await api.change(
        mutation, f"... on {mutation[0].upper()}{mutation[1:]}Success {{ {payload} }}", **given
    )
    assert done["__typename"].endswith("Success"), done
    return done


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def lees(app: ASGIApp, platform: Platform) -> Lees:
    """Ann and Ben, their trust, an LLC of trust and an outsider, two accounts, a mortgage."""
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    api, operations, ids = house.api("ADVISOR"), house.api("OPERATIONS"), {}
    people: dict[str, tuple[str, dict[str, Any]]] = {
        "Ann": ("PERSON", {"familyName": "Lee", "givenName": "Ann", "taxId": "219-09-9999", "taxIdType": "SSN",
                           "birthDate": "1950-05-05", "kycState": "VERIFIED", "kycVerifiedOn": "2020-01-01"}),
        "Ben": ("PERSON", {"citizenship": "US"}),
        "Cy": ("PERSON", {}),
        "Trust": ("TRUST", {"jurisdiction": "US-NV"}),
        "LLC": ("COMPANY", {"taxId": "12-3456789", "taxIdType": "EIN"}),
    }  # fmt: skip
    for name, (kind, details) in people.items():
        done = await change(
            api, "createParty", "party { id }", kind=kind, name=f"{name} Lee", details=details
        )
        ids[name] = done["party"]["id"]
    done = await change(api, "createHousehold", "household { id }", name="Lee Family")
    home = ids["home"] = done["household"]["id"]
    done = await change(
        api, "createHousehold", "household { id }", name="Second", idempotencyKey="second-home"
    )
    ids["second"] = done["household"]["id"]
    for name, role in (("Ann", "HEAD"), ("Ben", "SPOUSE"), ("Trust", "ENTITY")):
        await change(
            api, "addHouseholdMember", "household { members { party { name } role } }",
            householdId=home, partyId=ids[name], role=role, effectiveFrom="2015-01-01",
        )  # fmt: skip
    for owner, owned, share in (("Trust", "LLC", "0.6"), ("Cy", "LLC", "0.4"), ("Ann", "Trust", "1")):
        await change(
            api, "setPartyOwnership", "owned { id }",
            ownerId=ids[owner], ownedId=ids[owned], share=share, effectiveFrom="2015-01-01",
        )  # fmt: skip
    for key, kind, owners in (
        ("joint", "JOINT_WITH_SURVIVORSHIP", [("Ann", "JOINT_SURVIVORSHIP"), ("Ben", "JOINT_SURVIVORSHIP")]),
        ("business", "LLC", [("LLC", "OWNER")]),
    ):
        done = await change(
            api, "createAccount", "account { id }", name=f"Lee {key}", accountType=kind, currency="USD",
            householdIds=[home], owners=[{"partyId": ids[who], "role": role} for who, role in owners],
            accountNumber=f"7000{len(key)}4471", openedOn="2015-01-01",
        )  # fmt: skip
        ids[key] = done["account"]["id"]
        await change(
            operations, "postTransaction", "dryRun", idempotencyKey=f"deposit-{key}", accountId=ids[key],
            type="DEPOSIT", tradeDate="2021-03-01", amount="1000.00",
        )  # fmt: skip
    done = await change(
        api, "createLiability", "liability { id }", householdId=home, kind="MORTGAGE", name="Elm Street",
        currency="USD", owners=[{"partyId": ids["Ann"]}, {"partyId": ids["Ben"]}], interestRate="0.0425",
        balance="300.00", balanceDate="2021-03-01",
    )  # fmt: skip
    ids["mortgage"] = done["liability"]["id"]
    return Lees(house, ids)
