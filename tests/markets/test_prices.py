"""Prices by hand, the daily look at prices, and the course of a security, on the real database."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from wealthnexus.domain import work
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger import repository as ledger
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.markets import repository as markets
from wealthnexus.domain.markets.rules.prices import PriceFault, StoredPrice, price_on, standing_prices
from wealthnexus.domain.markets.service import (
    OverridePrice,
    PriceChange,
    WithdrawPrice,
    judge_prices,
    judging,
    override_price,
    withdraw_price,
)
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.paging import PageRequest
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import LAST_DAY, Book, acme_book, ids_of, rows, scalar, view_of

D = Decimal
pytestmark = pytest.mark.database
BY_HAND = "the custodian's file had the price of another share class"


async def change(
    platform: Platform, firm: FirmInfo, command: Any, *, actor: Actor | None = None
) -> PriceChange:
    given = {"actor": actor} if actor else {}
    async with platform.db.unit_of_work(Binding(firm.id), **given) as uow:
        if isinstance(command, OverridePrice):
            return await override_price(uow, firm, command)
        return await withdraw_price(uow, firm, command)


async def worth(platform: Platform, firm: FirmInfo) -> tuple[str, str, str | None]:
    """Stored value of the one account, live value, and the source of its price."""
    ids = await ids_of(platform, firm)
    account = ids.accounts["A1"]
    stored = await scalar(platform, firm, "select market_value from account_valuations where tenant_id = :t")
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        assert view.is_stored
        live = await view_of(reader, firm, known_version=view.book_version)
        row = (await clients.accounts_by_ids(reader, live, [account]))[account]
        page = await ledger.positions_by_account(reader, live, [account], PageRequest(5))
        source = page[account].rows[0].price_source
    return format(stored.normalize(), "f"), format(row.market_value.value or D(0), "f"), source


async def test_an_override_wins_and_its_withdrawal_gives_the_feed_back(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    acme = (await ids_of(platform, firm)).securities["ACME"]
    person = await make_user(platform, firm, roles=("OPERATIONS",))
    actor = Actor("user", person.id, person.name)
    made = await change(platform, firm, OverridePrice(acme, LAST_DAY, D("62.5"), BY_HAND, "USD"), actor=actor)
    assert (made.before, made.before_source) == (D(60), "Test custodian")
    assert (made.after, made.after_source, made.account_count) == (D("62.5"), "MANUAL", 1)
    assert (made.book_version, made.is_new) == (2, True)
    assert await worth(platform, firm) == ("11250", "11250.00", "MANUAL")
    again = await change(platform, firm, OverridePrice(acme, LAST_DAY, D("62.50"), BY_HAND), actor=actor)
    assert (again.is_new, again.book_version) == (False, 2)
    gone = await change(platform, firm, WithdrawPrice(acme, LAST_DAY, "it was right after all"), actor=actor)
    assert (gone.before_source, gone.after, gone.after_source) == ("MANUAL", D(60), "Test custodian")
    assert await worth(platform, firm) == ("11000", "11000.00", "Test custodian")
    stored = await rows(
        platform, firm,
        "select source, book_version, close, is_withdrawn, entered_by, reason from security_prices"
        " where tenant_id = :t and source = 'MANUAL' order by book_version",
    )  # fmt: skip
    assert [(r[1], str(r[2].normalize()), r[3], r[4] == person.id, r[5]) for r in stored] == [
        (2, "62.5", False, True, BY_HAND),
        (3, "62.5", True, True, "it was right after all"),
    ]
    audited = await rows(
        platform, firm,
        "select action, details->>'reason', details->>'before' from audit_events where tenant_id = :t"
        " and action like 'markets.%' order by occurred_at",
    )  # fmt: skip
    assert audited == [
        ("markets.price.overridden", BY_HAND, "60"),
        ("markets.price.withdrawn", "it was right after all", "62.5"),
    ]
    events = await rows(
        platform, firm,
        "select event_type, book_version from outbox where tenant_id = :t"
        " and event_type like 'markets.price.%' order by book_version",
    )  # fmt: skip
    assert events == [("markets.price.overridden", 2), ("markets.price.withdrawn", 3)]


async def test_a_wrong_feed_price_is_withdrawn_and_the_day_before_counts(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    acme = (await ids_of(platform, firm)).securities["ACME"]
    gone = await change(platform, firm, WithdrawPrice(acme, LAST_DAY, "a misprint", "Test custodian"))
    assert (gone.after, gone.after_day) == (D(50), date(2021, 3, 1))
    assert (await worth(platform, firm))[:2] == ("10000", "10000.00")
    # The same file again does not bring it back.
    await acme_book().load(platform, firm, tmp_path)
    assert (await worth(platform, firm))[:2] == ("10000", "10000.00")


@pytest.mark.parametrize(
    ("given", "path", "said"),
    [
        ({"close": D("-1")}, "close", "the close is -1, expected 0 or more; nothing was changed"),
        ({"close": D("NaN")}, "close", "the close is NaN, expected 0 or more; nothing was changed"),
        (
            {"close": D("1.00000000001")}, "close",
            "the close 1.00000000001 has 11 decimal places, expected at most 10; nothing was changed",
        ),
        (
            {"close": D(10) ** 18}, "close",
            "the close 1000000000000000000 has more than 18 digits before the point; nothing was changed",
        ),
        (
            {"currency": "EUR"}, "currency",
            "ACME Corp is priced in USD, the price given is in EUR; nothing was changed",
        ),
        (
            {"day": date(2021, 4, 1)}, "day",
            "the day is 1 Apr 2021, expected 1 Jan 1900 to the business date 31 Mar 2021;"
            " nothing was changed",
        ),
        ({"reason": "  "}, "reason", "the reason has 0 characters, expected 1 to 500; nothing was changed"),
    ],
)  # fmt: skip
async def test_what_is_no_price_is_refused(
    platform: Platform, firm: FirmInfo, tmp_path: Path, given: dict[str, Any], path: str, said: str
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    acme = (await ids_of(platform, firm)).securities["ACME"]
    values = {"security_id": acme, "day": LAST_DAY, "close": D(61), "reason": BY_HAND, **given}
    with pytest.raises(ValidationFailed) as refused:
        await change(platform, firm, OverridePrice(**values))
    assert (refused.value.message, refused.value.path) == (said, ("input", path))
    assert await scalar(platform, firm, "select version from book_heads where tenant_id = :t") == 1


async def test_unknown_securities_and_prices_are_not_found(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    acme, nowhere = (await ids_of(platform, firm)).securities["ACME"], new_id()
    with pytest.raises(NotFound, match=f"there is no security {nowhere}; nothing was changed"):
        await change(platform, firm, OverridePrice(nowhere, LAST_DAY, D(1), BY_HAND))
    with pytest.raises(NotFound) as missing:
        await change(platform, firm, WithdrawPrice(acme, LAST_DAY, BY_HAND))
    assert missing.value.message == (
        "ACME Corp has no price from MANUAL that stands on 31 Mar 2021; nothing was withdrawn"
    )
    await change(platform, firm, OverridePrice(acme, LAST_DAY, D(61), BY_HAND))
    await change(platform, firm, WithdrawPrice(acme, LAST_DAY, BY_HAND))
    with pytest.raises(NotFound):  # withdrawn twice
        await change(platform, firm, WithdrawPrice(acme, LAST_DAY, BY_HAND))


async def test_who_sees_a_part_of_the_firm_changes_no_price(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await acme_book().load(platform, firm, tmp_path)
    acme = (await ids_of(platform, firm)).securities["ACME"]
    async with platform.db.unit_of_work(Binding(firm.id, new_id(), "limited")) as uow:
        with pytest.raises(PermissionDenied, match="your access is to a part of the firm"):
            await override_price(uow, firm, OverridePrice(acme, LAST_DAY, D(61), BY_HAND))


async def test_the_policy_in_sql_is_the_policy_of_the_rules(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """Forty securities with random rows: SQL and the pure rules choose the same price on every day."""
    book = acme_book()
    for number in range(40):
        book.security(f"S{number}")
    await book.load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    dice = random.Random(7)
    stored: dict[Any, list[StoredPrice]] = {}
    for version in range(2, 8):
        async with platform.db.unit_of_work(Binding(firm.id)) as uow:
            assert await next_book_version(uow, "price") == version
            for number in range(40):
                for source in ("MANUAL", "SYNTHETIC", "Feed", "Other"):
                    if dice.random() > 0.3:
                        continue
                    day = LAST_DAY - timedelta(days=dice.randrange(3))
                    row = StoredPrice(
                        day, source, version, D(dice.randrange(1, 900)) / 10, dice.random() < 0.3
                    )
                    stored.setdefault(ids[f"S{number}"], []).append(row)
                    await uow.execute(
                        text(
                            "insert into security_prices (tenant_id, security_id, day, source, book_version,"
                            " close, is_withdrawn) values (:t, :s, :d, :source, :v, :close, :w)"
                        ),
                        {"t": firm.id, "s": ids[f"S{number}"], "d": day, "source": source, "v": version,
                         "close": row.close, "w": row.is_withdrawn},
                    )  # fmt: skip
    compared = 0
    async with platform.db.reading(Binding(firm.id)) as reader:
        for back in range(4):
            for version in (1, 3, 5, 7):
                view = await view_of(reader, firm, LAST_DAY - timedelta(days=back), version)
                found = await markets.latest_prices(reader, view, list(stored))
                for key, prices in stored.items():
                    expected = price_on(prices, view.as_of, version)
                    got = found.get(key)
                    assert (got and (got.date, got.close, got.source)) == (
                        expected and (expected.day, expected.close, expected.source)
                    )
                    compared += 1
        view = await view_of(reader, firm)
        series = await markets.price_series(
            reader, view, list(stored), day_from=date(2021, 1, 1), day_to=LAST_DAY
        )
    assert compared == 4 * 4 * len(stored)
    for key, prices in stored.items():
        standing = standing_prices(prices, 7)
        assert [(p.date, p.close, p.source) for p in series[key]] == [
            (day, standing[day].close, standing[day].source) for day in sorted(standing)
        ]


async def test_a_long_course_is_drawn_with_few_points_and_its_true_range(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book, dice = acme_book().security("LONG"), random.Random(3)
    closes: dict[date, D] = {}
    for back in range(900):
        day = LAST_DAY - timedelta(days=back)
        if day.weekday() < 5:
            closes[day] = D(dice.randrange(1, 100_000)) / 100
            book.price("LONG", day, str(closes[day]))
    await book.load(platform, firm, tmp_path)
    key = (await ids_of(platform, firm)).securities["LONG"]
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        whole = {"day_from": date(2000, 1, 1), "day_to": LAST_DAY}
        few = (await markets.price_series(reader, view, [key], points=60, **whole))[key]
        four = (await markets.price_series(reader, view, [key], points=4, **whole))[key]
        everything = (await markets.price_series(reader, view, [key], points=2_000, **whole))[key]
        with pytest.raises(ValidationFailed, match="points is 2001, expected 1 to 2000"):
            await markets.price_series(reader, view, [key], points=2_001, **whole)
    assert {p.date: p.close for p in everything} == closes
    assert 50 <= len(few) <= 60
    assert len(four) <= 4
    for drawn in (few, four):
        assert [p.date for p in drawn] == sorted({p.date for p in drawn})
        assert (drawn[0].date, drawn[-1].date) == (min(closes), max(closes))
        assert (min(p.close for p in drawn), max(p.close for p in drawn)) == (
            min(closes.values()), max(closes.values()),
        )  # fmt: skip


# -- the daily look ------------------------------------------------------------------------------------------


async def judged(platform: Platform, firm: FirmInfo) -> tuple[int, int, int]:
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        found = await judge_prices(uow, await view_of(uow, firm))
    return found.security_count, found.fault_count, found.closed_count


async def open_findings(platform: Platform, firm: FirmInfo) -> list[tuple[str, str]]:
    found = await rows(
        platform, firm,
        "select code, message from findings where tenant_id = :t and state = 'OPEN'"
        " and code <> 'MISSING_RATE' order by code, message",
    )  # fmt: skip
    return [(str(code), str(message)) for code, message in found]


async def test_faults_are_findings_once_and_close_when_they_are_mended(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("JUMP").security("PENY", currency="GBP", exchange="XLON").security("NONE")
    book.rate("GBP", "USD", LAST_DAY, "1.38")
    for name in ("JUMP", "PENY", "NONE"):
        book.buy(name, "1", "-1")
    for back in range(30):
        day = LAST_DAY - timedelta(days=back)
        if day.weekday() < 5:
            book.price("JUMP", day, "140" if back == 0 else "100")
            if day != date(2021, 3, 18):
                book.price("PENY", day, "31200" if back == 0 else "310")
            if day not in (LAST_DAY, date(2021, 3, 1)):
                book.price("ACME", day, "58")
    await book.load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    assert await judged(platform, firm) == (4, 4, 1)
    # The import has called the hundredfold close a jump; the daily look knows better and closes that.
    assert await open_findings(platform, firm) == [
        ("MISSING_PRICE", "NONE Corp is held and has no price on or before 31 Mar 2021"),
        (
            "PRICE_GAP",
            "PENY Corp has no close of 1 session of XLON from 18 Mar 2021 to 18 Mar 2021",
        ),
        (
            "PRICE_JUMP",
            "JUMP Corp closed at 140 on 31 Mar 2021, +40.0% from 100 on 30 Mar 2021, and no corporate"
            " action explains it",
        ),
        (
            "WRONG_CURRENCY",
            "PENY Corp closed at 31200 on 31 Mar 2021 after 310 on 30 Mar 2021: it is priced in GBP, this"
            " looks like 1/100 GBP",
        ),
    ]
    assert await judged(platform, firm) == (4, 4, 0)
    item = await rows(
        platform, firm,
        "select title, owner_role, state from work_items where tenant_id = :t and kind = 'markets.prices'",
    )  # fmt: skip
    assert item == [("4 prices need a look", "OPERATIONS", "OPEN")]
    await change(platform, firm, OverridePrice(ids["PENY"], LAST_DAY, D("312"), "pence"))
    await change(platform, firm, OverridePrice(ids["PENY"], date(2021, 3, 18), D("310"), "from the screen"))
    await change(platform, firm, OverridePrice(ids["NONE"], LAST_DAY, D("1"), "by statement"))
    await change(platform, firm, WithdrawPrice(ids["JUMP"], LAST_DAY, "misprint", "Test custodian"))
    assert await judged(platform, firm) == (4, 0, 4)
    assert await open_findings(platform, firm) == []
    state = "select state from work_items where tenant_id = :t and kind = 'markets.prices'"
    assert await scalar(platform, firm, state) == "DONE"


async def test_a_stale_appraisal_leaves_the_desk_with_a_newer_price(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """However old the price was: appraisals are stale after 92 days, prices are looked at over 45."""
    book = Book().household().account()
    for key in ("BARN", "MILL"):
        book.security(key, exchange=None, security_type="REAL_ESTATE", asset_class="REAL_ESTATE")
        book.buy(key, "1", "-100", on="2020-09-01").price(key, "2020-09-30", "108.13")
    await book.load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    assert await judged(platform, firm) == (2, 2, 0)
    item = "select title from work_items where tenant_id = :t and kind = 'markets.prices' and state = 'OPEN'"
    assert await scalar(platform, firm, item) == "2 prices need a look"
    await change(platform, firm, OverridePrice(ids["BARN"], LAST_DAY, D("110"), "appraised anew"))
    assert await judged(platform, firm) == (2, 1, 1)
    stale = [said for code, said in await open_findings(platform, firm) if code == "STALE_PRICE"]
    assert [said.split(" Corp")[0] for said in stale] == ["MILL"]
    assert await scalar(platform, firm, item) == "1 price needs a look"
    await change(platform, firm, OverridePrice(ids["MILL"], LAST_DAY, D("110"), "appraised anew"))
    assert await judged(platform, firm) == (2, 0, 1)
    assert "STALE_PRICE" not in [code for code, _ in await open_findings(platform, firm)]
    assert await scalar(platform, firm, item) is None


@pytest.mark.parametrize("before", ["40", "20"])  # found by the desk; found by the import first
async def test_what_was_dismissed_stays_so_until_the_price_is_another(
    platform: Platform, firm: FirmInfo, tmp_path: Path, before: str
) -> None:
    book = acme_book()
    book.price("ACME", "2021-03-30", before)
    await book.load(platform, firm, tmp_path)
    security = (await ids_of(platform, firm)).securities["ACME"]
    await judged(platform, firm)
    codes = [code for code, _ in await open_findings(platform, firm)]
    assert "PRICE_JUMP" in codes
    params = "select params from findings where tenant_id = :t and code = 'PRICE_JUMP'"
    said = await scalar(platform, firm, params)
    assert (said["day"], said["close"], "batchId" in said) == (str(LAST_DAY), "60", before == "20")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text(
                "update findings set state = 'DISMISSED', resolved_at = now() where tenant_id = :t"
                " and code = 'PRICE_JUMP'"
            ),
            {"t": firm.id},
        )
    await judged(platform, firm)
    assert "PRICE_JUMP" not in [code for code, _ in await open_findings(platform, firm)]
    # The same day at another price is another question.
    await change(platform, firm, OverridePrice(security, LAST_DAY, D("70"), "by the exchange"))
    await judged(platform, firm)
    assert "PRICE_JUMP" in [code for code, _ in await open_findings(platform, firm)]


async def test_only_what_was_dismissed_of_the_faults_at_hand_is_read(
    platform: Platform, firm: FirmInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = acme_book().security("OTHR").buy("OTHR", "1", "-1").price("OTHR", LAST_DAY, "1")
    book.price("ACME", "2021-03-30", "40")
    await book.load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    await judged(platform, firm)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        for back in range(3):
            day = date(2020, 1, 2) + timedelta(days=back)
            for name in ("ACME", "OTHR"):
                await work.post_finding(
                    uow, code="PRICE_JUMP", severity="WARNING", category="data_quality", message="long ago",
                    subject_id=ids[name], dedupe_key=f"{ids[name]}:{day}",
                )  # fmt: skip
        dismiss = (
            "update findings set state = 'DISMISSED', resolved_at = now()"
            " where tenant_id = :t and code = 'PRICE_JUMP'"
        )
        await uow.execute(text(dismiss), {"t": firm.id})
    read: list[set[tuple[str, str]]] = []
    real = judging._is_dismissed

    def looked_at(fault: PriceFault, dismissed: dict[tuple[str, str], str | None]) -> bool:
        read.append(set(dismissed))
        return real(fault, dismissed)

    monkeypatch.setattr(judging, "_is_dismissed", looked_at)
    await judged(platform, firm)
    assert {("PRICE_JUMP", f"{ids['ACME']}:{LAST_DAY}")} in read
    assert max(map(len, read)) == 1


async def test_feeds_that_disagree_are_told_until_somebody_decides(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book()
    book.price("ACME", "2021-03-30", "60")
    await book.load(platform, firm, tmp_path)
    security = (await ids_of(platform, firm)).securities["ACME"]
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        version = await next_book_version(uow, "price")
        await uow.execute(
            text(
                "insert into security_prices (tenant_id, security_id, day, source, book_version, close)"
                " values (:t, :s, :d, 'Second feed', :v, 61.5), (:t, :s, :e, 'Second feed', :v, 60.5)"
            ),
            {"t": firm.id, "s": security, "d": LAST_DAY, "e": LAST_DAY - timedelta(days=1), "v": version},
        )
    await judged(platform, firm)
    conflicts = [said for code, said in await open_findings(platform, firm) if code == "SOURCE_CONFLICT"]
    # 61.50 against 60.00 is 2.5 % apart; 60.50 the day before 0.8 % and let pass.
    assert conflicts == [
        "ACME Corp closed at 61.5 on 31 Mar 2021 by Second feed and at 60 by Test custodian: +2.5% apart"
    ]
    await change(platform, firm, OverridePrice(security, LAST_DAY, D("61"), "by the exchange"))
    await judged(platform, firm)
    assert "SOURCE_CONFLICT" not in [code for code, _ in await open_findings(platform, firm)]


async def test_a_split_in_the_firms_corporate_actions_explains_a_fall(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book()
    book.price("ACME", "2021-03-30", "240")
    await book.load(platform, firm, tmp_path)
    acme = (await ids_of(platform, firm)).securities["ACME"]
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text(
                "insert into corporate_actions (tenant_id, id, security_id, type, ex_date, ratio_new,"
                " ratio_old, source, external_id, book_version)"
                " values (:t, :id, :s, 'SPLIT', '2021-03-31', 4, 1, 'Feed', 'CA1', 1)"
            ),
            {"t": firm.id, "id": new_id(), "s": acme},
        )
    await judged(platform, firm)
    codes = [code for code, message in await open_findings(platform, firm) if "31 Mar 2021" in message]
    assert "PRICE_JUMP" not in codes
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await view_of(reader, firm)
        found = await markets.corporate_actions_by_security_ids(
            reader, view, [acme], day_from=date(2021, 1, 1), day_to=LAST_DAY
        )
    assert [(a.type, a.ratio_new, a.ratio_old) for a in found[acme]] == [("SPLIT", D(4), D(1))]
