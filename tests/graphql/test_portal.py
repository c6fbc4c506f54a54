"""The client's door: what was opened to whom, what it is worth, what waits, and what clients ask of the firm."""

# ruff: noqa: E501 -- queries are read as they are written

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import insert, select, update
from wealthnexus.domain.audit.models import audit_events
from wealthnexus.domain.clients.models import liabilities, parties
from wealthnexus.domain.identity.models import access_grants, users
from wealthnexus.domain.identity.service.grants import rebuild_scope
from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.work import register_subject
from wealthnexus.graphql.ids import split_global, to_global
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api
from tests.graphql.families import Lees, change, lees

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
__all__ = ["lees"]

WORTH = "worth(grantId: $grant) { id assets { value } liabilities { value } netWorth { value quality } accounts { name hiddenOwners viewerShare owners { party { name } share } } debts { name hiddenOwners viewerShare balances { day balance } } changes { since date amount part } history(points: 3) { date value } }"
HOME = f"query($grant: ID) {{ viewer {{ accesses {{ id relationship state effectiveTo accountCount subject {{ label }} }} needs {{ kind dueOn isOverdue subject {{ label }} }} requests {{ kind state subject {{ label }} }} party {{ name netWorth {{ value }} }} {WORTH} }} }}"


def key_of(global_id: str) -> UUID:
    parts = split_global(global_id)
    assert parts is not None
    return parts[1]


@dataclass
class Client:
    api: Api
    user_id: UUID
    grant_ids: list[str]

    async def home(self, grant: str | None = None) -> dict[str, Any]:
        viewer: dict[str, Any] = (await self.api(HOME, grant=grant)).data["viewer"]
        return viewer


@dataclass
class Door:
    lees: Lees

    async def client(self, *grants: tuple[str, str, int, int | None], party: str | None = None) -> Client:
        """Grants: subject by name, as what, begin and end in days from today."""
        platform, firm = self.lees.house.platform, self.lees.house.firm
        user = await make_user(platform, firm, roles=("CLIENT",))
        today = datetime.now(ZoneInfo(firm.time_zone)).date()  # grants begin and end by the firm's days
        ids = []
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            if party is not None:
                await uow.execute(
                    update(users)
                    .where(users.c.tenant_id == firm.id, users.c.id == user.id)
                    .values(party_id=key_of(self.lees.ids[party]))
                )
            for subject, relationship, begins, ends in grants:
                ids.append(new_id())
                await uow.execute(
                    insert(access_grants).values(
                        tenant_id=firm.id, id=ids[-1], principal_id=user.id,
                        subject_id=key_of(self.lees.ids[subject]), relationship=relationship,
                        permissions=["read"], effective_from=today + timedelta(days=begins),
                        effective_to=None if ends is None else today + timedelta(days=ends),
                        reason="a test", created_at=datetime.now(UTC),
                    )
                )  # fmt: skip
            await rebuild_scope(uow, user.id)
        api = replace(self.lees.house.anonymous, token=await bearer_of(platform, firm, user), user=user)
        return Client(api, user.id, [str(to_global("AccessGrant", each)) for each in ids])

    async def due(self, party: str, day: date | None) -> None:
        platform, firm = self.lees.house.platform, self.lees.house.firm
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await uow.execute(
                update(parties)
                .where(parties.c.tenant_id == firm.id, parties.c.id == key_of(self.lees.ids[party]))
                .values(kyc_refresh_due=day)
            )

    async def audited(self, action: str) -> list[Any]:
        platform, firm = self.lees.house.platform, self.lees.house.firm
        async with platform.db.reading(Binding(firm.id)) as reader:
            return list(
                await reader.rows(
                    select(audit_events).where(
                        audit_events.c.tenant_id == firm.id, audit_events.c.action == action
                    )
                )
            )


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def door(lees: Lees) -> Door:
    return Door(lees)


async def test_who_owes_is_not_told_the_security_of_somebody_else(door: Door) -> None:
    lees, platform, firm = door.lees, door.lees.house.platform, door.lees.house.firm
    done = await change(
        lees.advisor, "createLiability", "liability { id }", householdId=lees.ids["second"], kind="PERSONAL",
        name="Family loan", currency="USD", owners=[{"partyId": lees.ids["Cy"]}], balance="10.00",
        balanceDate="2021-03-01",
    )  # fmt: skip
    debt, security = done["liability"]["id"], new_id()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await register_subject(uow, security, "security", "Oak Shares")
        await uow.execute(
            insert(securities).values(
                tenant_id=firm.id, id=security, source="MANUAL", security_key="OAK", name="Oak Shares",
                name_normalised="oak shares", security_type="COMMON_STOCK", asset_class="EQUITY", currency="USD",
                price_multiplier=1, created_at=datetime.now(UTC), version=1,
            )
        )  # fmt: skip
        await uow.execute(
            update(liabilities)
            .where(liabilities.c.tenant_id == firm.id, liabilities.c.id == key_of(debt))
            .values(secured_security_id=security)
        )
    asked = "query($id: ID!) { liability(id: $id) { name securedSecurityId } }"
    cy = await door.client(("Cy", "self", 0, None), party="Cy")
    assert (await cy.api(asked, id=debt)).data["liability"] == {
        "name": "Family loan",
        "securedSecurityId": None,
    }
    told = (await lees.advisor(asked, id=debt)).data["liability"]
    assert told["securedSecurityId"] == str(to_global("Security", security))


async def test_a_spouse_without_consent_sees_their_own_and_that_there_is_another(door: Door) -> None:
    ben = await door.client(("Ben", "self", 0, None), party="Ben")
    home = await ben.home()
    worth = home["worth"]
    assert [worth[name]["value"] for name in ("assets", "liabilities", "netWorth")] == [
        "1000.00",
        "300.00",
        "700.00",
    ]
    (account,) = worth["accounts"]
    assert (account["name"], account["hiddenOwners"], Decimal(account["viewerShare"])) == (
        "Lee joint",
        1,
        Decimal("0.5"),
    )
    assert [owner["party"]["name"] for owner in account["owners"]] == ["Ben Lee"]
    (debt,) = worth["debts"]
    assert (debt["hiddenOwners"], Decimal(debt["viewerShare"])) == (1, Decimal("0.5"))
    assert debt["balances"] == [{"day": "2021-03-01", "balance": "300.00000000"}]
    assert home["party"]["netWorth"]["value"] == "350.00"
    assert [need["kind"] for need in home["needs"]] == ["CONTACT_MISSING"]
    assert "Ann" not in str(home)


async def test_the_course_and_the_changes_are_the_servers_own_differences(door: Door) -> None:
    ann = await door.client(("home", "self", 0, None))
    worth = (await ann.home())["worth"]
    assert worth["netWorth"]["value"] == "1700.00"  # joint and business, less the mortgage
    day, month = worth["changes"]
    assert (day["since"], day["date"], Decimal(day["amount"])) == ("DAY", "2021-03-30", Decimal(0))
    # Of the mortgage nothing had been reported by then: what is not known is not called a change.
    assert (month["since"], month["date"], month["amount"], month["part"]) == (
        "MONTH",
        "2021-02-26",
        None,
        None,
    )
    assert [point["value"] for point in worth["history"]] == ["2000.00"] * 3


async def test_each_capacity_has_a_worth_of_its_own_and_nobody_elses_is_asked(door: Door) -> None:
    both = await door.client(("Ben", "self", 0, None), ("business", "guardian", 0, None))
    of_self, of_guardian = both.grant_ids
    assert [access["accountCount"] for access in (await both.home())["accesses"]] == [1, 1]
    assert (await both.home())["worth"]["assets"]["value"] == "2000.00"
    assert (await both.home(of_guardian))["worth"]["assets"]["value"] == "1000.00"
    assert (await both.home(of_self))["worth"]["netWorth"]["value"] == "700.00"
    stranger = await door.client()
    for grant in (of_self, str(to_global("AccessGrant", new_id())), "nonsense"):
        answer = await stranger.api(HOME, grant=grant)
        assert answer.codes == ["NOT_FOUND"]
    assert (await stranger.home())["worth"]["accounts"] == []
    assert (await door.lees.advisor(HOME, grant=None)).data["viewer"]["worth"] is None


async def test_an_accountant_is_told_of_the_end_and_sees_nothing_after_it(door: Door) -> None:
    soon = await door.client(("home", "accountant", -5, 10))
    home = await soon.home()
    assert [(need["kind"], need["isOverdue"]) for need in home["needs"]] == [("ACCESS_ENDS", False)]
    assert home["accesses"][0]["state"] == "IN_FORCE"
    over = await door.client(
        ("home", "accountant", -60, -10), ("home", "accountant", -400, -200), ("Ben", "delegate", 30, None)
    )
    home = await over.home()
    assert [(a["state"], a["subject"]) for a in home["accesses"]] == [("ENDED", None), ("NOT_YET", None)]
    assert (home["worth"]["netWorth"]["value"], home["worth"]["accounts"], home["needs"]) == ("0.00", [], [])
    answer = await over.api(HOME, grant=over.grant_ids[0])
    assert answer.codes == ["NOT_FOUND"]


async def test_details_that_are_due_are_confirmed_once_and_become_work(door: Door) -> None:
    await door.due("Ann", date(2021, 2, 28))
    ann = await door.client(("home", "self", 0, None), party="Ann")
    needs = (await ann.home())["needs"]
    assert [(n["kind"], n["dueOn"], n["isOverdue"]) for n in needs if n["kind"] == "REVIEW_DETAILS"] == [
        ("REVIEW_DETAILS", "2021-02-28", True)
    ]
    given = {"kind": "CONFIRM_DETAILS", "subjectId": door.lees.ids["Ann"], "idempotencyKey": "confirm-ann-1"}
    first = await change(ann.api, "sendRequest", "request { id kind state subject { label } }", **given)
    again = await change(ann.api, "sendRequest", "request { id }", **given)
    assert again["request"]["id"] == first["request"]["id"]
    assert (first["request"]["state"], first["request"]["subject"]["label"]) == ("OPEN", "Ann Lee")
    assert "REVIEW_DETAILS" not in [need["kind"] for need in (await ann.home())["needs"]]
    refused = await ann.api.change("sendRequest", "", **{**given, "idempotencyKey": "confirm-ann-2"})
    assert refused["__typename"] == "Conflict"

    items = (
        await door.lees.advisor(
            '{ workItems(first: 50, filter: { kinds: ["clients.request.confirm_details"] }) { nodes { id title ownerRole version actionPath } } }'
        )
    ).data["workItems"]["nodes"]
    (item,) = items
    assert (item["title"], item["ownerRole"]) == ("Test Person confirmed the details of Ann Lee", "ADVISOR")
    assert item["actionPath"].startswith("/parties/")
    await change(
        door.lees.advisor,
        "completeWorkItem",
        "workItem { state }",
        workItemId=item["id"],
        expectedVersion=item["version"],
    )
    assert (await ann.home())["requests"][0]["state"] == "DONE"
    assert len(await door.audited("clients.request.sent")) == 1
    assert len(await door.audited("clients.request.closed")) == 1
    await door.due("Ann", None)


async def test_a_change_says_what_in_words_that_stay_out_of_the_log(door: Door) -> None:
    ben = await door.client(("Ben", "self", 0, None), party="Ben")
    given = {"kind": "CHANGE_DETAILS", "subjectId": door.lees.ids["Ben"]}
    for words in (None, "   ", "x" * 2_001):
        refused = await ben.api.change(
            "sendRequest", "", **given, message=words, idempotencyKey=f"words-{len(words or '')}-1"
        )
        assert (refused["__typename"], refused["path"]) == ("ValidationFailed", ["input", "message"])
    await change(
        ben.api,
        "sendRequest",
        "request { id }",
        **given,
        message="I moved to 12 Elm Street",
        idempotencyKey="moved-house",
    )
    (item,) = (
        await door.lees.advisor(
            '{ workItems(first: 50, filter: { kinds: ["clients.request.change_details"] }) { nodes { detail subject { label } } } }'
        )
    ).data["workItems"]["nodes"]
    assert item == {"detail": "I moved to 12 Elm Street", "subject": {"label": "Ben Lee"}}
    assert "Elm" not in "".join(str(row._mapping) for row in await door.audited("clients.request.sent"))


async def test_one_asks_only_for_those_one_speaks_for(door: Door) -> None:
    accountant = await door.client(("home", "accountant", 0, None))
    for subject, who in (("Ann", accountant), ("Ben", await door.client())):
        refused = await who.api.change(
            "sendRequest",
            "",
            kind="CHANGE_DETAILS",
            subjectId=door.lees.ids[subject],
            message="mine",
            idempotencyKey=f"not-mine-{subject}",
        )
        assert refused["__typename"] == "NotFound"
    for grant in (
        str(to_global("AccessGrant", new_id())),
        (await door.client(("Ben", "self", 0, None))).grant_ids[0],
    ):
        refused = await accountant.api.change(
            "sendRequest", "", kind="END_ACCESS", subjectId=grant, idempotencyKey="end-anothers"
        )
        assert refused["__typename"] == "NotFound"
    ended = await change(
        accountant.api,
        "sendRequest",
        "request { kind }",
        kind="END_ACCESS",
        subjectId=accountant.grant_ids[0],
        idempotencyKey="end-mine",
    )
    assert ended["request"]["kind"] == "END_ACCESS"
    staff = await door.lees.advisor.change(
        "sendRequest",
        "",
        kind="CHANGE_DETAILS",
        subjectId=door.lees.ids["Ann"],
        message="x",
        idempotencyKey="staff-asks",
    )
    assert staff["__typename"] == "PermissionDenied"


async def test_requests_have_a_limit(door: Door) -> None:
    ben = await door.client(("Ben", "self", 0, None), party="Ben")
    for number in range(20):
        await change(
            ben.api,
            "sendRequest",
            "request { id }",
            kind="CHANGE_DETAILS",
            subjectId=door.lees.ids["Ben"],
            message=f"{number}",
            idempotencyKey=f"again-{number:03}",
        )
    refused = await ben.api.change(
        "sendRequest",
        "",
        kind="CHANGE_DETAILS",
        subjectId=door.lees.ids["Ben"],
        message="one more",
        idempotencyKey="again-021",
    )
    assert refused["__typename"] == "LimitExceeded"


async def test_details_are_asked_about_of_people_and_entities_alone(door: Door) -> None:
    ben = await door.client(("home", "self", 0, None))
    household = str(to_global("Party", key_of(door.lees.ids["home"])))
    for kind in ("CONFIRM_DETAILS", "CHANGE_DETAILS"):
        refused = await ben.api.change(
            "sendRequest", "", kind=kind, subjectId=household, message="mine", idempotencyKey=f"home-{kind}"
        )
        assert (refused["__typename"], refused["path"]) == ("NotFound", ["input", "subjectId"])
    assert (await ben.home())["requests"] == []


async def test_the_same_asked_in_one_moment_is_asked_once(door: Door) -> None:
    cy = await door.client(("Cy", "self", 0, None), party="Cy")
    given = {"kind": "CONFIRM_DETAILS", "subjectId": door.lees.ids["Cy"]}
    done = await asyncio.gather(
        *(cy.api.change("sendRequest", "", **given, idempotencyKey=f"at-once-{n}") for n in range(4))
    )
    assert sorted(each["__typename"] for each in done) == ["Conflict"] * 3 + ["SendRequestSuccess"]
    assert len((await cy.home())["requests"]) == 1
