"""The daily look: what is due becomes work or is posted by rule, what contradicts it findings."""

# ruff: noqa: E501 -- statements are read as they are written

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain.actions import watch
from wealthnexus.domain.actions.preview import Terms
from wealthnexus.domain.actions.repository import ActionFilter, ActionState, action_counts, actions_page
from wealthnexus.domain.actions.service import post_action, reverse_action
from wealthnexus.domain.actions.watch import POSTED_BY_RULE, Looked, look_at_actions, post_by_rule
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand, post_transaction
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, LimitExceeded
from wealthnexus.kit.paging import page_request
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, rows, scalar

pytestmark = pytest.mark.database
D = Decimal
ITEMS = "select title, action_path from work_items where tenant_id = :t and kind = 'actions.due' and state = 'OPEN'"
UNITS = "select trim_scale(sum(units)) from transactions where tenant_id = :t and security_id is not null"
FOUND = (
    "select code, state, message from findings where tenant_id = :t and code = any(array[{}]) order by 1, 3"
)


async def look(platform: Platform, firm: FirmInfo) -> Looked:
    posted = await post_by_rule(lambda: platform.db.unit_of_work(Binding(firm.id)), firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        return await look_at_actions(uow, firm, posted)


def by_rule(firm: FirmInfo) -> FirmInfo:
    return replace(firm, features=(*firm.features, POSTED_BY_RULE))


async def action_id(platform: Platform, firm: FirmInfo, key: str) -> Any:
    sql = "select id from corporate_actions where tenant_id = :t and external_id = :x and superseded_version is null"
    return await scalar(platform, firm, sql, x=key)


async def post(platform: Platform, firm: FirmInfo, key: str) -> None:
    action = await action_id(platform, firm, key)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await post_action(uow, firm, action, Terms(), "The issuer's notice")


def due_book() -> Book:
    """100 ACME before a split of two for one, one of three for two, and one of three for seven to come."""
    book = acme_book().action("SPLIT", "2021-03-10", key="X1", ratio_new=D(2), ratio_old=D(1))
    book.action("SPLIT", "2021-03-20", key="X2", ratio_new=D(3), ratio_old=D(7))
    return book.action("SPLIT", "2021-04-20", key="X3", ratio_new=D(2), ratio_old=D(1))


async def test_what_is_due_is_one_item_of_work_until_it_is_done(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = due_book()
    await book.load(platform, firm, tmp_path)
    assert await look(platform, firm) == Looked(0, 2, 0, 0)
    due = ("2 corporate actions are due", "/corporate-actions?state=DUE")
    assert await rows(platform, firm, ITEMS) == [due]
    assert await look(platform, firm) == Looked(0, 2, 0, 0)
    assert await rows(platform, firm, ITEMS) == [due]
    # The custodian sends what carries them out.
    book.transaction("SPLIT", on="2021-03-10", security="ACME", quantity="100")
    book.transaction("JOURNAL", on="2021-03-20", security="ACME", quantity="-114.2857142857")
    await book.load(platform, firm, tmp_path)
    assert await look(platform, firm) == Looked(0, 0, 0, 0)
    assert await rows(platform, firm, ITEMS) == []


async def test_a_firm_whose_rule_says_so_has_them_posted_and_fractions_left_to_a_person(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await due_book().load(platform, firm, tmp_path)
    assert await look(platform, by_rule(firm)) == Looked(1, 1, 0, 0)
    entries = "select type, trim_scale(units), trade_date::text from transactions where tenant_id = :t and corporate_action_id is not null"
    assert await rows(platform, firm, entries) == [("SPLIT", D(100), "2021-03-10")]
    said = "select details ->> 'reason' from audit_events where tenant_id = :t and action = 'ledger.corporate_action.posted'"
    assert await scalar(platform, firm, said) == "due, and posted by the firm's rule"
    # Again: the same books, nothing twice.
    assert await look(platform, by_rule(firm)) == Looked(0, 1, 0, 0)
    assert len(await rows(platform, firm, entries)) == 1


SECOND = """
insert into corporate_actions select (jsonb_populate_record(a, jsonb_build_object(
  'id', gen_random_uuid(), 'source', 'Data vendor', 'external_id', '77', 'ratio_new', cast(:ratio as int)))).*
from corporate_actions a where a.tenant_id = :t and a.external_id = 'X1'"""


async def two_sources(platform: Platform, firm: FirmInfo, folder: Path, second: str) -> None:
    """A split of four for one that two sources tell, the other one as ``second`` for one."""
    book = acme_book().action("SPLIT", "2021-03-10", key="X1", ratio_new=D(4), ratio_old=D(1))
    await book.load(platform, firm, folder)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(text(SECOND), {"t": firm.id, "ratio": int(second)})


async def test_an_action_that_two_sources_tell_is_posted_once(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """100 ACME, four for one: 300 more, once, by the rule and by whoever asks for the other source's."""
    await two_sources(platform, firm, tmp_path, "4")
    assert await look(platform, by_rule(firm)) == Looked(1, 0, 0, 0)
    assert await look(platform, by_rule(firm)) == Looked(0, 0, 0, 0)
    assert await rows(platform, firm, UNITS) == [(D(400),)]
    for key in ("X1", "77"):
        with pytest.raises(Conflict, match="every holding of that day has its entries"):
            await post(platform, firm, key)
    assert await rows(platform, firm, UNITS) == [(D(400),)]


async def test_what_a_person_took_back_is_left_to_people(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await two_sources(platform, firm, tmp_path, "4")
    assert await look(platform, by_rule(firm)) == Looked(1, 0, 0, 0)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        sql = text("select corporate_action_id from transactions where tenant_id = :t and type = 'SPLIT'")
        posted = await uow.scalar(sql, {"t": firm.id})
        await reverse_action(uow, firm, posted, "Wrong ratio")
    assert await look(platform, by_rule(firm)) == Looked(0, 2, 0, 0)
    assert await rows(platform, firm, UNITS) == [(D(100),)]
    title = "2 corporate actions are due; the firm's rule leaves 2 that were taken back"
    assert await rows(platform, firm, ITEMS) == [(title, "/corporate-actions?state=DUE")]
    await post(platform, firm, "X1")
    assert await rows(platform, firm, UNITS) == [(D(400),)]


async def test_other_terms_of_the_same_action_contradict_what_is_posted(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """Posted as four for one; the other source says five for one."""
    await two_sources(platform, firm, tmp_path, "5")
    await post(platform, firm, "X1")
    assert await look(platform, by_rule(firm)) == Looked(0, 0, 1, 0)
    assert await rows(platform, firm, UNITS) == [(D(400),)]
    said = "ACME Corp: SPLIT of 10 Mar 2021; the units of 1 holding are not those of the ratio"
    found = await rows(platform, firm, FOUND.format("'ACTION_CONTRADICTED'"))
    assert found == [("ACTION_CONTRADICTED", "OPEN", said)]


async def test_what_is_due_and_what_contradicts_are_two_facts(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """Three sleeves of 100, two for one: one has the custodian's 50, two have nothing. The rule posts the two."""
    book = acme_book().action("SPLIT", "2021-03-10", key="X1", ratio_new=D(2), ratio_old=D(1))
    for name in ("A2", "A3"):
        book.account(name).deposit("9000", account=name, on="2021-01-04")
        book.buy("ACME", "100", "-5000", account=name, on="2021-02-01")
    book.transaction("SPLIT", on="2021-03-10", security="ACME", quantity="50", key="S")
    await book.load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm)
        (one,) = (
            await actions_page(reader, view, page_request(9, None), ActionFilter(states=(ActionState.DUE,)))
        ).rows
        assert (one.state, one.missing_count, one.contradicted_count) == (ActionState.CONTRADICTED, 2, 1)
        counts = await action_counts(reader, view)
        assert counts.total == 1
        assert {state: n for state, n in counts.by_state.items() if n} == {
            ActionState.DUE: 1, ActionState.CONTRADICTED: 1,
        }  # fmt: skip
    assert await look(platform, by_rule(firm)) == Looked(1, 0, 1, 0)
    assert await rows(platform, firm, UNITS) == [(D(550),)]


async def test_what_a_custodian_sends_after_ours_asks_to_take_ours_back(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """What was typed and linked by hand stays when ours are taken back, and is not typed twice."""
    book = acme_book().action("SPLIT", "2021-03-10", key="X1", ratio_new=D(2), ratio_old=D(1))
    book.account("A2").deposit("9000", account="A2", on="2021-01-04")
    book.buy("ACME", "100", "-5000", account="A2", on="2021-02-01")
    await book.load(platform, firm, tmp_path)
    ids, action = await ids_of(platform, firm), await action_id(platform, firm, "X1")
    typed = TransactionCommand(
        ids.accounts["A2"], "SPLIT", date(2021, 3, 10), D(0), security_id=ids.securities["ACME"],
        quantity=D(100), corporate_action_id=action,
    )  # fmt: skip
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await post_transaction(uow, firm, typed)
    with pytest.raises(Conflict, match="MANUAL has given this holding the SPLIT of the action already"):
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            await post_transaction(uow, firm, typed)
    await post(platform, firm, "X1")
    book.transaction("SPLIT", on="2021-03-10", security="ACME", quantity="100", key="S")
    await book.load(platform, firm, tmp_path)
    assert await look(platform, firm) == Looked(0, 0, 1, 0)
    said = await scalar(
        platform, firm, "select message from findings where tenant_id = :t and code = 'ACTION_CONTRADICTED'"
    )
    assert said.endswith("where the custodian has sent its own since, take ours back")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        assert (await reverse_action(uow, firm, action, "The custodian has sent its own")).entry_count == 1
    assert await look(platform, firm) == Looked(0, 0, 0, 0)
    assert await rows(platform, firm, UNITS) == [(D(400),)]


async def test_two_actions_of_one_day_and_one_that_fails_are_left_by_the_rule(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = acme_book().security("CHILD").security("OTHER").buy("OTHER", "10", "-100", on="2021-02-01")
    book.action("SPLIT", "2021-03-10", key="X1", ratio_new=D(2), ratio_old=D(1))
    book.action(
        "SPIN_OFF", "2021-03-10", key="X2", other_security_key="CHILD", ratio_new=D(1), ratio_old=D(2)
    )
    book.action("SPLIT", "2021-03-11", security="OTHER", key="X3", ratio_new=D(2), ratio_old=D(1))
    book.action("SPLIT", "2021-03-12", security="OTHER", key="X4", ratio_new=D(2), ratio_old=D(1))
    await book.load(platform, firm, tmp_path)
    failing = await action_id(platform, firm, "X4")

    async def fails(uow: Any, firm_: Any, action: Any, *rest: Any, **more: Any) -> Any:
        if action == failing:
            raise LimitExceeded("too much")
        return await post_action(uow, firm_, action, *rest, **more)

    monkeypatch.setattr(watch, "post_action", fails)
    assert await look(platform, by_rule(firm)) == Looked(1, 3, 0, 0)
    sql = (
        "select trim_scale(units) from transactions where tenant_id = :t and corporate_action_id is not null"
    )
    assert await rows(platform, firm, sql) == [(D(10),)]


async def test_units_that_contradict_the_ratio_are_a_finding_until_they_are_mended(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().action("SPLIT", "2021-03-10", ratio_new=D(2), ratio_old=D(1))
    book.transaction("SPLIT", on="2021-03-10", security="ACME", quantity="50", key="S")
    await book.load(platform, firm, tmp_path)
    assert await look(platform, firm) == Looked(0, 0, 1, 0)
    sql = FOUND.format("'ACTION_CONTRADICTED'")
    said = "ACME Corp: SPLIT of 10 Mar 2021; the units of 1 holding are not those of the ratio"
    assert await rows(platform, firm, sql) == [("ACTION_CONTRADICTED", "OPEN", said)]
    book.transactions[-1] = replace(book.transactions[-1], quantity=D(100))
    await book.load(platform, firm, tmp_path)
    assert await look(platform, firm) == Looked(0, 0, 0, 0)
    assert await rows(platform, firm, sql) == [("ACTION_CONTRADICTED", "RESOLVED", said)]


async def test_a_price_that_moves_as_by_a_split_is_suspected_unless_something_explains_it(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("MOVED").buy("MOVED", "1", "-100")
    book.price("MOVED", "2021-03-29", "240").price("MOVED", LAST_DAY, "60")
    book.security("KNOWN").buy("KNOWN", "10", "-100").price("KNOWN", "2021-03-29", "90").price(
        "KNOWN", LAST_DAY, "30"
    )
    book.action("SPLIT", LAST_DAY, security="KNOWN", ratio_new=D(3), ratio_old=D(1))
    await book.load(platform, firm, tmp_path)
    assert (await look(platform, firm)).suspected_count == 1
    said = (
        "MOVED Corp closed at 60 on 31 Mar 2021 after 240: that is a split of 4 for 1, and no corporate action"
        " says so"
    )
    sql = FOUND.format("'SUSPECTED_SPLIT'")
    assert await rows(platform, firm, sql) == [("SUSPECTED_SPLIT", "OPEN", said)]
    book.action("SPLIT", LAST_DAY, security="MOVED", key="X2", ratio_new=D(4), ratio_old=D(1))
    book.securities[0] = replace(book.securities[0], cusip="037833100")
    await book.load(platform, firm, tmp_path)
    assert (await look(platform, firm)).suspected_count == 0
    assert await rows(platform, firm, sql) == [("SUSPECTED_SPLIT", "RESOLVED", said)]
