"""A close runs its stages in order, goes on where it stopped, and finds what does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from starlette.types import ASGIApp
from wealthnexus.domain.closing import Stage, StageState, stages
from wealthnexus.domain.closing.rules import state_of_day, still_to_run
from wealthnexus.domain.closing.service import CLOSE_KIND, ask_for_close
from wealthnexus.domain.closing.tasks import run_close
from wealthnexus.domain.ledger import BookView
from wealthnexus.domain.performance.repository.scopes import Scope
from wealthnexus.domain.performance.service.publishing import PublishedMonth, publish_month
from wealthnexus.kit.context import SYSTEM, internal_request
from wealthnexus.kit.db.session import Binding, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.jobs import JobContext, find_job
from wealthnexus.runtime import Platform

from tests.graphql.conftest import House, load_book, make_house

pytestmark = [
    pytest.mark.database,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("graphql_close"),
]
DAY = date(2021, 3, 31)
CLOSES = """{ closes(first: 5) { businessDate viewerCan days { day state job { kind state }
  stages { stage state attempts seconds problem bookVersion counts { name value } } } } }"""
RUN = "... on RunCloseSuccess { job { id kind } }"


async def test_what_is_left_begins_with_the_first_that_is_not_done() -> None:
    done = dict.fromkeys(Stage, StageState.DONE)
    assert still_to_run({}) == list(Stage)
    assert still_to_run(done) == []
    assert still_to_run({**done, Stage.VALUATIONS: StageState.RUNNING}) == [
        Stage.VALUATIONS, Stage.PERFORMANCE, Stage.FINDINGS,
    ]  # fmt: skip
    assert state_of_day(done) is StageState.DONE
    assert state_of_day({**done, Stage.PRICES: StageState.FAILED}) is StageState.FAILED
    assert state_of_day({Stage.PRICES: StageState.DONE}) is StageState.WAITING


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(app: ASGIApp, platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> House:
    made = await make_house(app, platform, pinned_business_date=DAY)
    await load_book(made, tmp_path_factory.mktemp("closing"), households=3)
    return made


async def _context(house: House, day: date = DAY) -> JobContext:
    """The day's job as a worker takes it up."""
    binding = Binding(house.firm.id)
    async with house.platform.db.unit_of_work(binding, actor=SYSTEM) as uow:
        key = await ask_for_close(uow, day)
        await uow.execute(
            text(
                "update jobs set state = 'RUNNING', attempts = attempts + 1, started_at = now()"
                " where tenant_id = :t and id = :k"
            ),
            {"t": house.firm.id, "k": key},
        )
        job = await find_job(uow, key)
    assert job is not None
    return JobContext(
        house.platform, house.platform.db, job, attempt=job.attempts, request=internal_request("worker")
    )


async def _closed_again(house: House) -> dict[str, Any]:
    """Every stage of the day anew, by the API's wish and a worker's hand; what is shown of the day then."""
    started = await house.api("OPERATIONS").change("runClose", RUN, idempotencyKey=str(new_id()))
    assert started["__typename"] == "RunCloseSuccess", started
    await run_close(await _context(house))
    (day,) = (await _shown(house))["days"]
    assert day["state"] == "DONE", day
    found: dict[str, Any] = day
    return found


async def _shown(house: House) -> dict[str, Any]:
    answer = await house.api("OPERATIONS")(CLOSES)
    found: dict[str, Any] = answer.data["closes"]
    return found


def _counts(day: dict[str, Any], stage: str) -> dict[str, str]:
    its = next(each for each in day["stages"] if each["stage"] == stage)
    return {each["name"]: each["value"] for each in its["counts"]}


async def test_a_close_stops_goes_on_and_ends(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_context: JobContext, _day: date) -> dict[str, Any]:
        raise RuntimeError("the disk is full")

    whole = stages.STAGES
    monkeypatch.setattr("wealthnexus.domain.closing.tasks.STAGES", {**whole, Stage.VALUATIONS: breaks})
    context = await _context(house)
    with pytest.raises(RuntimeError):
        await run_close(context)
    (day,) = (await _shown(house))["days"]
    assert (day["day"], day["state"]) == (DAY.isoformat(), "FAILED")
    states = {each["stage"]: each["state"] for each in day["stages"]}
    assert list(states) == [stage.value for stage in Stage]
    assert list(states.values()) == ["DONE", "DONE", "FAILED", "WAITING", "WAITING"]
    failed = next(each for each in day["stages"] if each["stage"] == "VALUATIONS")
    # What a fault says of itself is for the log: it may hold the values of a statement.
    assert failed["problem"].startswith("a fault of ours (RuntimeError)")
    assert "disk" not in str(day)
    titles = '{ workItems(filter: {kinds: ["closing.failed"]}) { nodes { title state } } }'
    items = (await house.api("OPERATIONS")(titles)).data["workItems"]["nodes"]
    assert [each["title"] for each in items] == ["The close of 31 Mar 2021 stopped at VALUATIONS"]

    monkeypatch.setattr("wealthnexus.domain.closing.tasks.STAGES", whole)
    await run_close(context)
    (day,) = (await _shown(house))["days"]
    assert day["state"] == "DONE"
    attempts = {each["stage"]: each["attempts"] for each in day["stages"]}
    assert attempts == {"PRICES": 1, "ACTIONS": 1, "VALUATIONS": 2, "PERFORMANCE": 1, "FINDINGS": 1}
    assert all(each["seconds"] is not None and each["bookVersion"] for each in day["stages"])
    assert _counts(day, "PERFORMANCE") == {
        "households": "3", "published": "3", "leftOut": "0", "failed": "0", "month": "2021-02-28",
    }  # fmt: skip
    assert _counts(day, "FINDINGS")["invariantsBroken"] == "0"
    assert int(_counts(day, "FINDINGS")["invariantAccounts"]) >= 3
    assert int(_counts(day, "VALUATIONS")["valued"]) >= 3
    assert (await house.api("OPERATIONS")(titles)).data["workItems"]["nodes"] == []


async def test_what_does_not_hold_is_found_and_closed_when_it_holds(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is stored is changed behind the books' back; the next close tells, the one after has it mended. Of
    two accounts one is posted, both are counted."""
    monkeypatch.setattr(stages, "FINDINGS_PER_CODE_MAX", 1)
    api, t = house.api("OPERATIONS"), {"t": house.firm.id}
    async with house.platform.db.unit_of_work(Binding(house.firm.id), actor=SYSTEM) as uow:
        rows = await uow.rows(
            text(
                "select account_id from account_valuations where tenant_id = :t and market_value > 0"
                " order by account_id limit 2"
            ),
            t,
        )
        for table in ("account_valuations", "portfolio_days"):
            await uow.execute(
                text(
                    f"update {table} set market_value = market_value + 1"
                    " where tenant_id = :t and account_id = any(:k)"
                ),
                {**t, "k": [row.account_id for row in rows]},
            )
    started = await api.change("runClose", RUN, idempotencyKey=str(new_id()))
    assert started["job"]["kind"] == CLOSE_KIND
    assert (await api.change("runClose", RUN, idempotencyKey=str(new_id())))["__typename"] == "Conflict"
    await run_close(await _context(house))
    (day,) = (await _shown(house))["days"]
    assert _counts(day, "FINDINGS")["invariantsBroken"] == "4"
    assert _counts(day, "PERFORMANCE")["published"] == "0"
    asked = '{ findings(filter: {category: "invariants"}) { nodes { code state severity message } } }'
    found = (await api(asked)).data["findings"]["nodes"]
    assert sorted(each["code"] for each in found) == ["STORED_DAY_UNLIKE_BOOKS", "STORED_VALUE_UNLIKE_BOOKS"]
    assert {each["severity"] for each in found} == {"BREACH"}

    async with house.platform.db.unit_of_work(Binding(house.firm.id), actor=SYSTEM) as uow:
        for table in ("account_valuations", "portfolio_days"):
            await uow.execute(
                text(
                    f"update {table} set market_value = market_value - 1"
                    " where tenant_id = :t and account_id = any(:k)"
                ),
                {**t, "k": [row.account_id for row in rows]},
            )
    await _closed_again(house)
    found = (await api(asked)).data["findings"]["nodes"]
    assert {each["state"] for each in found} == {"RESOLVED"}


async def test_published_figures_that_no_longer_hold_are_found(house: House) -> None:
    api = house.api("OPERATIONS")
    answer = await api(
        "{ households(first: 1) { nodes { id name accounts(first: 9) { nodes { transactions(first: 200) {"
        " nodes { id type tradeDate amount } } } } } } }"
    )
    household = answer.data["households"]["nodes"][0]
    rows = [row for one in household["accounts"]["nodes"] for row in one["transactions"]["nodes"]]
    deposit = min((row for row in rows if row["type"] == "DEPOSIT"), key=lambda row: row["tradeDate"])
    corrected = await api.change(
        "correctTransaction", "... on CorrectTransactionSuccess { dryRun }", idempotencyKey=str(new_id()),
        transactionId=deposit["id"], reason="the cheque was larger",
        replacement={
            "type": "DEPOSIT", "tradeDate": deposit["tradeDate"],
            "amount": str(float(deposit["amount"]) + 90_000),
        },
    )  # fmt: skip
    assert corrected["__typename"] == "CorrectTransactionSuccess", corrected
    day = await _closed_again(house)
    assert _counts(day, "FINDINGS")["publicationsDiffering"] == "1", day
    # Of three only the one that something was written behind is computed anew.
    assert _counts(day, "FINDINGS")["publicationsLookedAt"] == "1", day
    asked = '{ findings(filter: {category: "performance"}) { nodes { code state message fix { path } } } }'
    (one,) = (await api(asked)).data["findings"]["nodes"]
    assert (one["code"], one["state"]) == ("PUBLISHED_DIFFERS", "OPEN")
    assert household["name"] in one["message"]
    assert "was published as" in one["message"]
    listed = "query L($id: ID!) { publications(subjectId: $id) { number asOf } }"
    (said,) = (await api(listed, id=household["id"])).data["publications"]
    await api.change(
        "publishFigures", "... on PublishFiguresSuccess { publication { number } }",
        idempotencyKey=str(new_id()), scope={"householdId": household["id"]}, asOf=said["asOf"],
        reason="a deposit was mended", expectedNumber=said["number"],
    )  # fmt: skip
    await _closed_again(house)
    (one,) = (await api(asked)).data["findings"]["nodes"]
    assert one["state"] == "RESOLVED"


async def test_one_household_that_cannot_be_computed_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = date(2021, 1, 12)
    faulty: list[UUID | None] = []

    async def publish(
        uow: UnitOfWork, view: BookView, scopes: Sequence[Scope], reason: str
    ) -> PublishedMonth:
        said = await publish_month(uow, view, scopes, reason)
        faulty[:] = faulty or [scopes[0].id]
        if faulty[0] in {scope.id for scope in scopes}:
            raise ValueError("a circle of owners")
        return said

    monkeypatch.setattr(stages, "publish_month", publish)
    await run_close(await _context(house, earlier))
    counts = _counts(await _day(house, earlier), "PERFORMANCE")
    assert (counts["households"], counts["published"], counts["failed"]) == ("3", "2", "1")
    assert await _waiting(house) == ["1 thing could not be computed in the close of 12 Jan 2021"]

    monkeypatch.undo()
    await _stages_wait(house, earlier)
    await run_close(await _context(house, earlier))
    counts = _counts(await _day(house, earlier), "PERFORMANCE")
    assert (counts["published"], counts["failed"]) == ("1", "0")
    assert await _waiting(house) == []


async def _day(house: House, day: date) -> dict[str, Any]:
    found = next(each for each in (await _shown(house))["days"] if each["day"] == day.isoformat())
    assert found["state"] == "DONE", found
    return dict(found)


async def _waiting(house: House) -> list[str]:
    asked = '{ workItems(filter: {kinds: ["closing.failed"], states: [OPEN]}) { nodes { title } } }'
    return [each["title"] for each in (await house.api("OPERATIONS")(asked)).data["workItems"]["nodes"]]


async def _stages_wait(house: House, day: date) -> None:
    """As when the day is asked for again: its job is over and its stages wait."""
    async with house.platform.db.unit_of_work(Binding(house.firm.id), actor=SYSTEM) as uow:
        for statement in (
            "update jobs set state = 'SUCCEEDED', finished_at = now()"
            " where tenant_id = :t and state = 'RUNNING'",
            "update close_stages set state = 'WAITING' where tenant_id = :t and day = :day",
        ):
            await uow.execute(text(statement), {"t": house.firm.id, "day": day})


async def test_a_close_that_runs_after_midnight_publishes_the_month_of_its_own_day(house: House) -> None:
    earlier = date(2021, 2, 12)
    await run_close(await _context(house, earlier))
    day = await _day(house, earlier)
    assert _counts(day, "PERFORMANCE")["month"] == "2021-01-31"
    assert _counts(day, "FINDINGS")["invariantsBroken"] == "0"


async def test_who_may_not_close_does_not(house: House) -> None:
    refused = await house.api("ADVISOR").change("runClose", RUN, idempotencyKey=str(new_id()))
    assert refused["__typename"] == "PermissionDenied"
    assert (await house.api("CLIENT")(CLOSES)).codes == ["FORBIDDEN"]
    many = await house.api("OPERATIONS")("{ closes(first: 101) { hasNext } }")
    assert many.codes == ["BAD_USER_INPUT"]
