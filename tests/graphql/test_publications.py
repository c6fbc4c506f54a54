"""What was published stays; what was written since explains, step by step, why the books say another now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.closing.restating import touched
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.ledger.service import TransactionCommand, post_transaction
from wealthnexus.domain.performance.repository.published import by_ids
from wealthnexus.domain.performance.repository.scopes import Scope, ScopeKind
from wealthnexus.domain.performance.service.policies import SetPolicy, set_policy
from wealthnexus.domain.performance.service.publishing import PublishedMonth, last_month_end, publish_month
from wealthnexus.graphql.ids import from_global
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import bearer_of, make_user
from tests.graphql.conftest import Api, House, load_book, make_house

pytestmark = [
    pytest.mark.database,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("graphql_publications"),
]
MONTH = "2021-02-28"
SHOWN = """
  asOf number reason currency bookVersion policyVersion engineVersion authorName
  periods { kind basis begin end published publishedReason { code } now nowReason { code } difference
    publishedGain nowGain differs netFlows inputDigest }
  steps(period: ITD) { before after difference gainBefore gainAfter
    writings { bookVersion kind entries prices policies firstDay authorName } }"""
LIST = f"query L($id: ID!) {{ publications(subjectId: $id) {{ id {SHOWN} }} }}"
DONE = f"... on PublishFiguresSuccess {{ publication {{ id {SHOWN} }} }}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def past(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    house = await make_house(app, platform, pinned_business_date=date(2021, 3, 31))
    await load_book(house, tmp_path_factory.mktemp("published"), households=3)
    return house


async def _household(past: House, place: int) -> dict[str, Any]:
    answer = await past.api("OPERATIONS")(
        "{ households(first: 3) { nodes { id name accounts(first: 9) { nodes { id externalId"
        " transactions(first: 200) { nodes { id type tradeDate amount } } } } } } }"
    )
    found: dict[str, Any] = answer.data["households"]["nodes"][place]
    return found


def _deposit(household: dict[str, Any]) -> dict[str, Any]:
    rows = [row for one in household["accounts"]["nodes"] for row in one["transactions"]["nodes"]]
    found: dict[str, Any] = min(
        (row for row in rows if row["type"] == "DEPOSIT"), key=lambda row: row["tradeDate"]
    )
    return found


async def _publish(api: Api, household: dict[str, Any], number: int, **other: Any) -> dict[str, Any]:
    given = {
        "idempotencyKey": str(new_id()), "scope": {"householdId": household["id"]}, "asOf": MONTH,
        "reason": "the month was closed", "expectedNumber": number, **other,
    }  # fmt: skip
    return await api.change("publishFigures", DONE, **given)


async def _correct(past: House, entry: dict[str, Any], more: int) -> None:
    done = await past.api("OPERATIONS").change(
        "correctTransaction",
        "... on CorrectTransactionSuccess { dryRun }",
        idempotencyKey=str(new_id()),
        transactionId=entry["id"],
        replacement={
            "type": "DEPOSIT", "tradeDate": entry["tradeDate"],
            "amount": str(Decimal(entry["amount"]) + more),
        },
        reason="the cheque was larger",
    )  # fmt: skip
    assert done["__typename"] == "CorrectTransactionSuccess", done


async def test_published_figures_stay_and_their_difference_is_explained(past: House) -> None:
    household, api = await _household(past, 0), past.api("OPERATIONS")
    said = (await _publish(api, household, 0))["publication"]
    assert (said["asOf"], said["number"]) == (MONTH, 1)
    whole = {(each["kind"], each["basis"]): each for each in said["periods"]}
    assert {kind for kind, _ in whole} >= {"MTD", "QTD", "YTD", "ITD"}
    assert {basis for _, basis in whole} == {"NET", "GROSS"}
    for each in said["periods"]:
        assert not each["differs"], each
        assert (each["published"], each["publishedReason"]) == (each["now"], each["nowReason"])
        assert len(each["inputDigest"]) == 64
        assert (each["publishedGain"] is None) == (each["published"] is None)
        assert (each["nowGain"] is None) == (each["now"] is None)
    assert whole["ITD", "NET"]["publishedGain"] is not None
    assert whole["TEN_YEARS", "NET"]["publishedReason"] == {"code": "HISTORY_TOO_SHORT"}
    assert said["steps"] == []

    await _correct(past, _deposit(household), 100_000)
    found = (await api(LIST, id=household["id"])).data["publications"]
    assert [each["number"] for each in found] == [1]
    now = {(each["kind"], each["basis"]): each for each in found[0]["periods"]}
    since = now["ITD", "NET"]
    assert since["published"] == whole["ITD", "NET"]["published"]
    assert since["inputDigest"] == whole["ITD", "NET"]["inputDigest"]
    assert since["differs"]
    assert Decimal(since["difference"]) == Decimal(since["now"]) - Decimal(since["published"]) != 0
    (step,) = found[0]["steps"]
    assert (step["before"], step["after"]) == (since["published"], since["now"])
    (wrote,) = step["writings"]
    assert (wrote["kind"], wrote["entries"], wrote["prices"]) == ("correction", 2, 0)
    assert wrote["firstDay"] == _deposit(household)["tradeDate"]


async def test_more_writings_than_steps_still_sum_to_the_difference(past: House) -> None:
    household, api = await _household(past, 1), past.api("OPERATIONS")
    await _publish(api, household, 0)
    for more in range(1, 10):
        entry = _deposit(await _household(past, 1))
        await _correct(past, entry, more * 1_000)
    (found,) = (await api(LIST, id=household["id"])).data["publications"]
    since = next(each for each in found["periods"] if (each["kind"], each["basis"]) == ("ITD", "NET"))
    assert 2 <= len(found["steps"]) <= 8
    assert sum(len(step["writings"]) for step in found["steps"]) == 9
    assert len(found["steps"][0]["writings"]) > 1
    assert sum(Decimal(step["difference"]) for step in found["steps"]) == Decimal(since["difference"])
    assert found["steps"][-1]["after"] == since["now"]
    again = (await _publish(api, household, 1, reason="nine deposits were mended"))["publication"]
    assert (again["number"], again["steps"]) == (2, [])
    assert not any(each["differs"] for each in again["periods"])
    listed = (await api(LIST, id=household["id"])).data["publications"]
    assert [(each["number"], each["reason"]) for each in listed] == [
        (2, "nine deposits were mended"), (1, "the month was closed"),
    ]  # fmt: skip


async def test_bad_input_publishes_nothing(past: House) -> None:
    household, api = await _household(past, 2), past.api("OPERATIONS")
    assert (await _publish(api, household, 3))["__typename"] == "Conflict"
    assert (await _publish(api, household, 0, reason=" "))["__typename"] == "ValidationFailed"
    early = await _publish(api, household, 0, asOf="1990-01-31")
    assert "nothing was invested by" in early["message"]
    late = await _publish(api, household, 0, asOf="2021-04-30")
    assert late["__typename"] == "ValidationFailed"
    firm = await _publish(api, household, 0, scope={"firm": True})
    assert firm["__typename"] == "ValidationFailed"
    assert (await api(LIST, id=household["id"])).data["publications"] == []
    key = str(new_id())
    first = await _publish(api, household, 0, idempotencyKey=key)
    second = await _publish(api, household, 0, idempotencyKey=key)
    assert first == second
    assert len((await api(LIST, id=household["id"])).data["publications"]) == 1


async def test_a_month_is_said_once_of_everybody(past: House) -> None:
    day = last_month_end(date(2021, 3, 31))
    assert (day, last_month_end(date(2021, 4, 5))) == (date(2021, 2, 28), date(2021, 2, 28))
    assert last_month_end(date(2021, 4, 6)) == date(2021, 3, 31)
    async with past.platform.db.unit_of_work(Binding(past.firm.id), actor=SYSTEM) as uow:
        view = await book_view(uow, past.firm, date(2021, 1, 31))
        rows = await uow.rows(text("select id from households where tenant_id = :t"), {"t": past.firm.id})
        scopes = [Scope(ScopeKind.HOUSEHOLD, row.id) for row in rows]
        assert await publish_month(uow, view, scopes, "closed") == PublishedMonth(len(scopes), 0)
        assert await publish_month(uow, view, scopes, "closed") == PublishedMonth(0, 0)
        assert len(scopes) == 3


async def test_what_is_too_large_leaves_the_others(past: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wealthnexus.domain.performance.reading.ACCOUNT_DAYS_MAX", 10)
    async with past.platform.db.unit_of_work(Binding(past.firm.id), actor=SYSTEM) as uow:
        view = await book_view(uow, past.firm, date(2020, 12, 31))
        rows = await uow.rows(text("select id from households where tenant_id = :t"), {"t": past.firm.id})
        scopes = [Scope(ScopeKind.HOUSEHOLD, row.id) for row in rows]
        assert await publish_month(uow, view, scopes, "closed") == PublishedMonth(0, 3)


async def test_who_sees_a_part_is_not_told_what_was_said_of_all(past: House) -> None:
    household, admin = await _household(past, 0), past.api("OPERATIONS")
    account = household["accounts"]["nodes"][0]
    await admin.change(
        "publishFigures", DONE, idempotencyKey=str(new_id()), scope={"accountId": account["id"]}, asOf=MONTH,
        reason="asked for", expectedNumber=0,
    )  # fmt: skip
    user = await make_user(
        past.platform, past.firm, roles=("PORTFOLIO_MANAGER",), name="Partly Here", limited=True,
        accounts=(account["externalId"],),
    )  # fmt: skip
    part = Api(past.app, past.firm, await bearer_of(past.platform, past.firm, user), user)
    own = (await part(LIST, id=account["id"])).data["publications"]
    assert [each["asOf"] for each in own] == [MONTH]
    key = (await admin(LIST, id=household["id"])).data["publications"][0]["id"]
    one = "query O($id: ID!) { publication(id: $id) { number } }"
    assert len(household["accounts"]["nodes"]) > 1
    assert (await part(LIST, id=household["id"])).data["publications"] == []
    assert (await part(one, id=key)).codes == ["NOT_FOUND"]
    refused = await part.change(
        "publishFigures", DONE, idempotencyKey=str(new_id()),
        scope={"accountId": account["id"]}, asOf=MONTH, reason="mine", expectedNumber=1,
    )  # fmt: skip
    assert refused["__typename"] == "PermissionDenied"
    client = await make_user(
        past.platform, past.firm, roles=("CLIENT",), name="Looking On", limited=True,
        accounts=(account["externalId"],),
    )  # fmt: skip
    looking = Api(past.app, past.firm, await bearer_of(past.platform, past.firm, client), client)
    assert (await looking(LIST, id=account["id"])).codes == ["FORBIDDEN"]


async def test_a_look_takes_up_what_something_was_written_behind(past: House) -> None:
    """Conventions of one household, an entry after and one before the day, conventions of all."""
    firm, binding = past.firm, Binding(past.firm.id)
    first, second = [await _household(past, place) for place in (0, 1)]
    of_first, of_second = [str(from_global(each["id"], "Household")) for each in (first, second)]

    async def looked_at(after: int) -> set[str]:
        async with past.platform.db.reading(binding) as reader:
            ids, beyond = await touched(reader, await book_view(reader, firm), after)
            assert beyond == 0
            return {str(each.subject_id) for each in (await by_ids(reader, ids)).values()}

    async def version() -> int:
        async with past.platform.db.reading(binding) as reader:
            return (await book_view(reader, firm)).book_version

    async def agree(household: str | None) -> None:
        async with past.platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
            key = UUID(household) if household else None
            await set_policy(
                uow, SetPolicy(key, {"flow_timing": "END_OF_DAY"}, date(2020, 1, 1), "agreed", 0)
            )

    before = await version()
    assert await looked_at(before) == set()
    await agree(of_first)
    assert await looked_at(before) == {of_first}
    before = await version()
    await _post(past, second, date(2021, 3, 30))
    assert await looked_at(before) == set()
    await _post(past, second, date(2021, 1, 4))
    assert await looked_at(before) == {of_second}
    before = await version()
    await agree(None)
    assert {of_first, of_second} < await looked_at(before)


async def _post(past: House, household: dict[str, Any], day: date) -> None:
    key = from_global(household["accounts"]["nodes"][0]["id"], "Account")
    async with past.platform.db.unit_of_work(Binding(past.firm.id), actor=SYSTEM) as uow:
        await post_transaction(uow, past.firm, TransactionCommand(key, "DEPOSIT", day, Decimal(100)))
