"""Reconciliation on a real database: breaks over days, their findings and work, and people's decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from wealthnexus.domain import approvals
from wealthnexus.domain.feeds.custody import (
    AssignBreak,
    Reconciled,
    ReopenBreak,
    SignOffBreak,
    assign_break,
    reconcile,
    reconcile_due,
    reopen_break,
    sign_off_break,
)
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand
from wealthnexus.kit.context import SYSTEM, Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, PolicyBlocked, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, acme_book, ids_of, post, rows, scalar
from tests.oracle.evidence import differences

pytestmark = pytest.mark.database
D = Decimal
MONDAY, TUESDAY, WEDNESDAY = date(2021, 3, 29), date(2021, 3, 30), LAST_DAY
COLUMNS = (
    "account_external_id,date,security_key,custodian_key,currency,quantity,price,market_value,cost_basis"
)
LOT_COLUMNS = "account_external_id,date,security_key,custodian_key,acquired_on,quantity,cost_basis,currency"
BREAKS = (
    "select kind, ours, theirs, difference, state, opened_on, day from reconciliation_breaks"
    " where tenant_id = :t order by opened_on, kind, created_at"
)
DAYS = "select day, state, open_break_count from reconciliations where tenant_id = :t order by day"
THROUGH = "select reconciled_through from accounts where tenant_id = :t and external_id = 'A1'"


@dataclass(frozen=True)
class Person:
    user_id: UUID
    name: str
    permissions: frozenset[str]

    def actor(self) -> Actor:
        return Actor("user", self.user_id, self.name)

    def is_stepped_up(self) -> bool:
        return True


@dataclass
class Ground:
    platform: Platform
    firm: FirmInfo
    folder: Path

    async def say(self, *said: str, lots: tuple[str, ...] = ()) -> None:
        """The custodian's rows; each call is a file of its own with all the books beside it."""
        book = acme_book().price("ACME", "2021-03-29", "50").price("ACME", "2021-03-30", "60")
        bundle = book.write(self.folder)
        (bundle / "custodian_positions.csv").write_text("\n".join([COLUMNS, *said, ""]))
        if lots:
            (bundle / "custodian_lots.csv").write_text("\n".join([LOT_COLUMNS, *lots, ""]))
        report = await import_bundle(self.platform, self.firm, bundle, actor=SYSTEM)
        assert report.ok, list(report.lines())

    async def compare(self, day: date) -> Reconciled:
        account = (await ids_of(self.platform, self.firm)).accounts["A1"]
        async with self.platform.db.unit_of_work(Binding(self.firm.id)) as uow:
            return await reconcile(uow, self.firm, [account], day)

    async def all(self, sql: str) -> list[tuple[Any, ...]]:
        return await rows(self.platform, self.firm, sql)

    async def one(self, sql: str) -> Any:
        return await scalar(self.platform, self.firm, sql)

    async def person(self, role: str, *permissions: str) -> Person:
        user = await make_user(self.platform, self.firm, roles=(role,), name=f"{role.title()} Person")
        return Person(user.id, f"{role.title()} Person", frozenset(permissions))

    async def act(self, do: Any, person: Person, command: Any) -> Any:
        async with self.platform.db.unit_of_work(Binding(self.firm.id), actor=person.actor()) as uow:
            return await do(uow, person, command)


def on(day: date, units: str = "100", cash: str = "5000.00", value: str = "") -> tuple[str, str]:
    return (f"A1,{day},ACME,ACME INC,USD,{units},,{value},", f"A1,{day},,,USD,{cash},,{cash},")


@pytest_asyncio.fixture(loop_scope="session")
async def ground(platform: Platform, firm: FirmInfo, tmp_path: Path) -> Ground:
    return Ground(platform, firm, tmp_path)


async def test_equal_books_agree_and_nothing_is_written_again(ground: Ground) -> None:
    await ground.say(*on(WEDNESDAY, value="6000.00"))
    assert await ground.compare(WEDNESDAY) == Reconciled(1, 3, 0, 0)
    kept = await ground.all("select * from reconciliations where tenant_id = :t")
    assert await ground.all(DAYS) == [(WEDNESDAY, "MATCHED", 0)]
    assert await ground.one(THROUGH) == WEDNESDAY
    assert await ground.compare(WEDNESDAY) == Reconciled(1, 3, 0, 0)
    assert await ground.all("select * from reconciliations where tenant_id = :t") == kept
    assert await ground.all(BREAKS) == []


async def test_each_difference_is_a_break_a_finding_and_one_piece_of_work(ground: Ground) -> None:
    await ground.say(*on(WEDNESDAY, units="90", cash="5000.01"))
    assert await ground.compare(WEDNESDAY) == Reconciled(1, 2, 2, 0)
    assert await ground.all(BREAKS) == [
        ("CASH", D("5000.00"), D("5000.01"), D("0.01"), "OPEN", WEDNESDAY, WEDNESDAY),
        ("QUANTITY", D(100), D(90), D(-10), "OPEN", WEDNESDAY, WEDNESDAY),
    ]
    about = "select severity, message from findings where tenant_id = :t and code = 'CUSTODIAN_BREAK'"
    assert sorted(await ground.all(f"{about} and state = 'OPEN'")) == [
        ("WARNING", "Account A1: our cash is 5,000 USD on 31 Mar 2021, the custodian's 5,000.01; difference"
                    " +0.01"),
        ("WARNING", "Account A1: we hold 100 of ACME Corp on 31 Mar 2021, the custodian 90; difference -10"),
    ]  # fmt: skip
    items = "select title, state from work_items where tenant_id = :t and kind = 'feeds.reconciliation'"
    assert await ground.all(items) == [("Account A1 differs from the custodian in 2 figures", "OPEN")]
    assert await ground.one(THROUGH) is None
    # The custodian corrects its file: everything about it ends by itself.
    await ground.say(*on(WEDNESDAY))
    assert await ground.compare(WEDNESDAY) == Reconciled(1, 2, 0, 2)
    assert {row[4] for row in await ground.all(BREAKS)} == {"CLEARED"}
    assert await ground.all(f"{about} and state = 'OPEN'") == []
    assert [row[1] for row in await ground.all(items)] == ["DONE"]
    assert await ground.one(THROUGH) == WEDNESDAY


async def test_who_watches_the_desk_is_told_when_a_break_changes_while_the_account_still_differs(
    ground: Ground,
) -> None:
    told = (
        "select event_type, payload ->> 'state' from outbox where tenant_id = :t and topic = 'event'"
        " and payload ->> 'kind' = 'feeds.reconciliation' order by seq"
    )
    await ground.say(*on(WEDNESDAY, "90", "4000.00"))
    await ground.compare(WEDNESDAY)
    posted = [("work.item.posted", None)]
    assert await ground.all(told) == posted
    await ground.say(*on(WEDNESDAY, "90", "4500.00"))
    await ground.compare(WEDNESDAY)
    assert await ground.all(told) == [*posted, ("work.item.changed", "OPEN")]
    await ground.compare(WEDNESDAY)
    assert len(await ground.all(told)) == 2


async def test_a_break_that_goes_on_keeps_its_first_day_until_it_is_gone(ground: Ground) -> None:
    said = [*on(MONDAY, units="90"), *on(TUESDAY, units="90")]
    await ground.say(*said)
    await reconcile_due(ground.platform, ground.firm)
    kept = await ground.all("select id, opened_on, day from reconciliation_breaks where tenant_id = :t")
    assert [row[1:] for row in kept] == [(MONDAY, TUESDAY)]
    assert await ground.all(DAYS) == [(MONDAY, "BREAKS", 1), (TUESDAY, "BREAKS", 1)]
    await ground.say(*on(WEDNESDAY))
    assert (await ground.compare(WEDNESDAY)).cleared_count == 1
    assert await ground.all("select id, state from reconciliation_breaks where tenant_id = :t") == [
        (kept[0][0], "CLEARED")
    ]
    assert [row[1] for row in await ground.all(DAYS)] == ["MATCHED"] * 3
    assert await ground.one(THROUGH) == WEDNESDAY
    # All of it once more changes nothing.
    before = await ground.all("select * from reconciliation_breaks where tenant_id = :t")
    assert await reconcile_due(ground.platform, ground.firm) == Reconciled(3, 6, 0, 0)
    assert await ground.all("select * from reconciliation_breaks where tenant_id = :t") == before


async def test_values_and_lots(ground: Ground) -> None:
    await ground.say(*on(WEDNESDAY, value="6100.00"), lots=(
        f"A1,{WEDNESDAY},ACME,,2021-03-01,100,5000.00,USD",))  # fmt: skip
    await ground.compare(WEDNESDAY)
    # Our lots of ACME are not known: nothing was given, so only the value is compared.
    assert await ground.all(BREAKS) == [
        ("MARKET_VALUE", D(6000), D(6100), D(100), "OPEN", WEDNESDAY, WEDNESDAY)
    ]


async def test_an_import_asks_for_what_it_touched(ground: Ground) -> None:
    await ground.say(*on(MONDAY), *on(TUESDAY, units="90"))
    jobs = "select params ->> 'bookVersion' from jobs where tenant_id = :t and kind = 'feeds.reconcile'"
    version = int((await ground.all(jobs))[-1][0])
    assert await reconcile_due(ground.platform, ground.firm, version) == Reconciled(2, 4, 1, 0)
    assert await reconcile_due(ground.platform, ground.firm, version + 1) == Reconciled()
    assert await ground.one(THROUGH) == MONDAY


async def open_break(ground: Ground, **said: str) -> UUID:
    await ground.say(*on(WEDNESDAY, **said))
    await ground.compare(WEDNESDAY)
    return UUID(str(await ground.one("select id from reconciliation_breaks where tenant_id = :t")))


SIGN = ("reconciliation.work", "reconciliation.sign_off")


async def test_assigned_signed_off_once_and_reopened(ground: Ground) -> None:
    key = await open_break(ground, units="90")
    ann = await ground.person("OPERATIONS", *SIGN)
    row = await ground.act(assign_break, ann, AssignBreak(key, ann.user_id, 1))
    assert (row.owner_id, row.version) == (ann.user_id, 2)
    command = SignOffBreak(key, "TIMING", "settles tomorrow", 2)
    with pytest.raises(Conflict, match="version 1 was expected, it is 2"):
        await ground.act(sign_off_break, ann, SignOffBreak(key, "TIMING", "x", 1))
    row = await ground.act(sign_off_break, ann, command)
    assert (row.state, row.reason_code, row.decided_by) == ("SIGNED_OFF", "TIMING", ann.user_id)
    assert await ground.all(DAYS) == [(WEDNESDAY, "SIGNED_OFF", 0)]
    assert await ground.one(THROUGH) == WEDNESDAY
    with pytest.raises(Conflict, match=r"was signed off by Operations Person on .* already"):
        await ground.act(sign_off_break, ann, command)
    # Comparing again leaves the decision, reopening takes it back.
    await ground.compare(WEDNESDAY)
    assert await ground.all(DAYS) == [(WEDNESDAY, "SIGNED_OFF", 0)]
    row = await ground.act(reopen_break, ann, ReopenBreak(key, "it did not settle", 3))
    assert (row.state, row.reason_code, row.decided_by) == ("OPEN", None, None)
    assert await ground.all(DAYS) == [(WEDNESDAY, "BREAKS", 1)]
    assert await ground.one(THROUGH) is None
    with pytest.raises(Conflict, match="is OPEN, expected SIGNED_OFF"):
        await ground.act(reopen_break, ann, ReopenBreak(key, "again", 4))
    said = "select action from audit_events where tenant_id = :t and action like 'feeds.break.%' order by id"
    assert [row[0] for row in await ground.all(said)] == [
        "feeds.break.assigned", "feeds.break.signed_off", "feeds.break.reopened",
    ]  # fmt: skip


async def test_a_large_one_needs_a_second_person(ground: Ground) -> None:
    key = await open_break(ground, cash="15000.01")
    ann, ben = await ground.person("OPERATIONS", *SIGN), await ground.person("COMPLIANCE", *SIGN)
    request = await ground.act(
        sign_off_break, ann, SignOffBreak(key, "CUSTODIAN_ERROR", "they booked it twice", 1)
    )
    assert request.kind == "feeds.sign_off_break"
    assert await ground.one("select state from reconciliation_breaks where tenant_id = :t") == "OPEN"

    async def decide(person: Person) -> None:
        async with ground.platform.db.unit_of_work(Binding(ground.firm.id), actor=person.actor()) as uow:
            await approvals.decide(
                uow, person, request.id, decision="APPROVE", command_hash=request.command_hash,
                expected_version=request.version,
            )  # fmt: skip

    with pytest.raises(PolicyBlocked):
        await decide(ann)
    assert await ground.one("select state from reconciliation_breaks where tenant_id = :t") == "OPEN"
    await decide(ben)
    assert await ground.all("select state, decided_by from reconciliation_breaks where tenant_id = :t") == [
        ("SIGNED_OFF", ann.user_id)
    ]
    assert await ground.one(THROUGH) == WEDNESDAY


async def test_refusals(ground: Ground) -> None:
    key = await open_break(ground, units="90")
    ann, reader = await ground.person("OPERATIONS", *SIGN), await ground.person("READ_ONLY")
    with pytest.raises(PermissionDenied, match=r"reconciliation\.sign_off is not among"):
        await ground.act(sign_off_break, reader, SignOffBreak(key, "TIMING", "x", 1))
    with pytest.raises(PermissionDenied, match=r"reconciliation\.work is not among"):
        await ground.act(assign_break, reader, AssignBreak(key, None, 1))
    with pytest.raises(ValidationFailed, match="the reason code is WHATEVER, expected one of TIMING"):
        await ground.act(sign_off_break, ann, SignOffBreak(key, "WHATEVER", "x", 1))
    with pytest.raises(ValidationFailed, match="the reason has 0 characters"):
        await ground.act(sign_off_break, ann, SignOffBreak(key, "TIMING", " ", 1))
    with pytest.raises(ValidationFailed, match="is not an active member of staff"):
        await ground.act(assign_break, ann, AssignBreak(key, new_id(), 1))
    with pytest.raises(NotFound, match="there is no difference"):
        await ground.act(assign_break, ann, AssignBreak(new_id(), None, 1))


async def test_a_correction_of_an_agreed_day_opens_it_again(ground: Ground) -> None:
    await ground.say(*on(MONDAY), *on(TUESDAY), *on(WEDNESDAY))
    await reconcile_due(ground.platform, ground.firm)
    assert await ground.one(THROUGH) == WEDNESDAY
    account = (await ids_of(ground.platform, ground.firm)).accounts["A1"]
    deposit = TransactionCommand(
        external_id="late", account_id=account, type="DEPOSIT", trade_date=TUESDAY, amount=D("1.50")
    )
    await post(ground.platform, ground.firm, deposit)
    version = int(await ground.one("select max(version) from book_versions where tenant_id = :t"))
    # The day before the deposit is not looked at again.
    assert await reconcile_due(ground.platform, ground.firm, version) == Reconciled(2, 4, 1, 0)
    assert await ground.all(DAYS) == [
        (MONDAY, "MATCHED", 0), (TUESDAY, "BREAKS", 1), (WEDNESDAY, "BREAKS", 1),
    ]  # fmt: skip
    assert await ground.one(THROUGH) == MONDAY
    assert await ground.all(BREAKS) == [
        ("CASH", D("5001.50"), D(5000), D("-1.50"), "OPEN", TUESDAY, WEDNESDAY)
    ]


async def test_an_independent_reading_finds_the_same(ground: Ground) -> None:
    said = (*on(MONDAY), *on(TUESDAY, units="99.5", cash="4999.99"), *on(WEDNESDAY, value="6030.16"))
    await ground.say(*said, f"A1,{TUESDAY},,,EUR,12.50,,,")
    await reconcile_due(ground.platform, ground.firm)
    bundle = next(iter(ground.folder.iterdir()))
    sql = (
        "select k.kind, coalesce(s.security_key, k.currency), k.difference from reconciliation_breaks k"
        " left join securities s on s.tenant_id = k.tenant_id and s.id = k.security_id"
        " where k.tenant_id = :t and '{day}' between k.opened_on and k.day"
    )
    counts = []
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        expected = differences(bundle, "A1", day)
        counts.append(len(expected))
        assert set(await ground.all(sql.format(day=day))) == expected, day
    assert counts == [0, 3, 1]
