"""What keeps an import from being taken back: corporate actions told later, and what people are at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.clients.service.requests import CHANGE_DETAILS, send_request
from wealthnexus.domain.clients.standing_work import NO_OWNER
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.work import post_item
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import PolicyBlocked
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import ids_of, scalar
from tests.feeds.test_undo import codes, load, second, take_back
from tests.support.whole_bundle import WHOLE

pytestmark = pytest.mark.database


@pytest.fixture
def firm(firm: FirmInfo) -> FirmInfo:
    """A firm like any other: what the platform puts into its demo firms stays."""
    return replace(firm, is_demo=False)


async def test_later_corporate_actions_keep_an_import(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    a = await load(platform, firm, tmp_path / "a")
    assert await codes(platform, firm, a.batch_id) == {}
    told = WHOLE["corporate_actions.csv"].replace("0.205,USD", "0.305,USD")
    b = await load(platform, firm, tmp_path / "b", {"corporate_actions.csv": told})
    assert await codes(platform, firm, a.batch_id) == {"ACTIONS": (1, ("X2",))}
    assert await codes(platform, firm, b.batch_id) == {}
    fresh = f"{told}X3,AAPL,CASH_DIVIDEND,2021-03-05,,,,,0.2,USD,,,\n"
    c = await load(platform, firm, tmp_path / "c", {"corporate_actions.csv": fresh})
    assert await codes(platform, firm, a.batch_id) == {"ACTIONS": (2, ("X2", "X3"))}
    # The security was there before it, and what it said stands as it said it.
    assert await codes(platform, firm, b.batch_id) == {}
    again = fresh.replace("0.305,USD", "0.405,USD")
    d = await load(platform, firm, tmp_path / "d", {"corporate_actions.csv": again})
    assert await codes(platform, firm, b.batch_id) == {"ACTIONS": (1, ("X2",))}
    for one in (d, c, b):
        await take_back(platform, firm, one.batch_id)
    assert await codes(platform, firm, a.batch_id) == {}


async def test_what_people_are_at_keeps_an_import(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await load(platform, firm, tmp_path / "a")
    report = await load(platform, firm, tmp_path / "b", second())
    ids = await ids_of(platform, firm)
    person = await scalar(
        platform, firm, "select id from parties where tenant_id = :t and external_id = 'C9'", t=firm.id
    )
    asker = await make_user(platform, firm, roles=("CLIENT",))
    worker = await make_user(platform, firm, roles=("ADVISOR",))
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        # Nobody has asked for this: it ends by itself when the account is gone.
        await post_item(
            uow, kind=NO_OWNER, title="No owner", subject_id=ids.accounts["A9"], action_label="Open",
            action_path="/", dedupe_key=str(ids.accounts["A9"]),
        )  # fmt: skip
    assert await codes(platform, firm, report.batch_id) == {}
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await send_request(
            uow, user_id=asker.id, user_name="Newt", kind=CHANGE_DETAILS, subject_id=person,
            grant_id=None, words="I have moved.",
        )  # fmt: skip
        await uow.execute(
            text(
                "update work_items set state = 'IN_PROGRESS', assignee_id = :u"
                " where tenant_id = :t and kind = :k"
            ),
            {"t": firm.id, "u": worker.id, "k": NO_OWNER},
        )
        await uow.execute(
            text(
                "insert into approval_requests (tenant_id, id, kind, title, summary, command, command_hash,"
                " policy, quorum, state, subject_id, maker_id, maker_name, requested_at, expires_at, version)"
                " values (:t, :id, 'test', 'T', 'S', '{}', '', '{}', 1, 'PENDING', :s, :u, 'W', now(),"
                " now() + interval '1 day', 1)"
            ),
            {"t": firm.id, "id": new_id(), "s": ids.households["H9"], "u": worker.id},
        )
    found = await codes(platform, firm, report.batch_id)
    assert found == {"AT_WORK": (3, ("New account", "Newt Newcomer", "The Newcomers"))}
    with pytest.raises(PolicyBlocked, match="3 requests of clients, approvals or pieces of work"):
        await take_back(platform, firm, report.batch_id)
