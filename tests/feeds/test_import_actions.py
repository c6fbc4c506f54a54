"""Entries of corporate actions and what few rows say: units, hashes, what is refused, what a person told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from wealthnexus.domain.bundle.format import FILES
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.content import CONTENT, content_of
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import LAST_DAY, Book, acme_book, rows, scalar
from tests.feeds.every_kind import entries_of_every_kind
from tests.support.bundles import with_transactions, write_folder

pytestmark = pytest.mark.database
D = Decimal

HELD = (
    "select s.security_key, trim_scale(sum(t.units)) from transactions t"
    " join securities s on s.tenant_id = :t and s.id = t.security_id where t.tenant_id = :t"
    " group by 1 having sum(t.units) <> 0 order by 1"
)


async def test_units_are_as_signed_and_the_actions_are_named(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    report = await entries_of_every_kind().load(platform, firm, tmp_path)
    assert report.ok, list(report.lines())
    # 404 NEWC became 202 BIGC; half a share was paid out, 3 and 10 were bought; 400 / 3 CHILD are 133.
    assert await rows(platform, firm, HELD) == [("BIGC", D("214.5")), ("CHILD", D(133)), ("PUT", D(-1))]
    named = await rows(
        platform,
        firm,
        "select t.type, c.external_id, c.type from transactions t"
        " join corporate_actions c on c.tenant_id = :t and c.id = t.corporate_action_id"
        " where t.tenant_id = :t order by t.trade_date, t.source_line",
    )
    assert named == [
        ("SPLIT", "X1", "SPLIT"),
        ("SPIN_OFF", "X2", "SPIN_OFF"),
        ("STOCK_DIVIDEND", "X3", "STOCK_DIVIDEND"),
        ("SYMBOL_CHANGE", "X4", "SYMBOL_CHANGE"),
        ("SYMBOL_CHANGE", "X4", "SYMBOL_CHANGE"),
        ("MERGER", "X5", "MERGER"),
        ("MERGER", "X5", "MERGER"),
        ("CASH_IN_LIEU", "X5", "MERGER"),
    ]
    said = await rows(
        platform,
        firm,
        "select t.order_reference, b.external_id, t.exchange_rate, t.is_deep_in_the_money"
        " from transactions t left join accounts b on b.tenant_id = :t and b.id = t.billed_account_id"
        " where t.tenant_id = :t and coalesce(t.order_reference, b.external_id, t.exchange_rate::text,"
        "   t.is_deep_in_the_money::text) is not null order by t.source_line",
    )
    assert said == [
        ("O-1", None, None, None),
        ("O-1", None, None, None),
        (None, "A2", None, None),
        (None, None, None, True),
        (None, None, D("0.8333"), None),
    ]


async def test_a_row_that_says_nothing_more_keeps_the_hash_it_had(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """The columns left out and the columns left empty are one content, that of before they were."""
    full = write_folder(tmp_path / "full", {})
    await import_bundle(platform, firm, full, actor=SYSTEM)
    hashes = await rows(
        platform,
        firm,
        "select " + ", ".join(f"t.{name}" for name in CONTENT) + ", t.content_hash from transactions t"
        " where t.tenant_id = :t",
    )
    assert len(hashes) == 5
    for *content, hashed in hashes:
        assert content_of(dict(zip(CONTENT, content, strict=True))) == hashed
    lines = (full / "transactions.csv").read_text().splitlines()
    more = [name for name in FILES["transactions"].column_names if name not in lines[0]]
    wider = [lines[0] + "," + ",".join(more), *(line + "," * len(more) for line in lines[1:])]
    again = write_folder(tmp_path / "wider", {"transactions.csv": "\n".join(wider) + "\n"})
    report = await import_bundle(platform, firm, again, actor=SYSTEM)
    assert report.ok
    assert not report.changed, list(report.lines())


async def test_saying_more_is_a_correction_by_the_source(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book()
    await book.load(platform, firm, tmp_path)
    book.transactions[1] = replace(book.transactions[1], order_reference="O-7")
    report = await book.load(platform, firm, tmp_path)
    assert report.counts["transactions"].changed == 1
    standing = "select order_reference from transactions where tenant_id = :t and entry_kind = 'REPLACEMENT'"
    assert await scalar(platform, firm, standing) == "O-7"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "T6,A1,SPLIT,2021-03-31,,AAPL,300,,0,,USD,,,,,X9,,,,",
            'transactions.csv line 7, corporate_action_external_id "X9": no such corporate action in'
            " corporate_actions.csv or in the book",
        ),
        (
            "T6,A1,ADVISORY_FEE,2021-03-31,,,,,-5,,USD,,,,,,,,A9,",
            'transactions.csv line 7, billed_account_external_id "A9": no such account in accounts.csv or in'
            " the book",
        ),
        (
            "T6,A1,BUY,2021-03-31,,AAPL,1,,-5,,USD,,,,,,,,A2,",
            'transactions.csv line 7, billed_account_external_id "A2": expected it empty for BUY: a charge is'
            " billed",
        ),
        (
            "T6,A1,BUY,2021-03-31,,AAPL,1,,-5,,USD,,,,,,,0,,",
            'transactions.csv line 7, exchange_rate "0": expected a decimal greater than 0',
        ),
        (
            "T6,A1,SELL,2021-03-31,,AAPL,1,-3,5,,USD,,,,,,,,,",
            'transactions.csv line 7, price "-3": expected a decimal of 0 or more',
        ),
        (
            "T6,A1,SELL,2021-03-31,,AAPL,1,,-5,,USD,,,,,,,,,",
            'transactions.csv line 7, amount "-5": SELL: expected an amount of 0 or more (less only by the'
            " fees)",
        ),
        (
            "T6,A1,SPLIT,2021-03-31,,AAPL,0,,0,,USD,,,,,,,,,",
            'transactions.csv line 7, quantity "0": SPLIT: expected a signed quantity other than 0',
        ),
    ],
)
async def test_what_contradicts_itself_is_refused_with_the_sentence_that_explains(
    platform: Platform, firm: FirmInfo, tmp_path: Path, row: str, message: str
) -> None:
    content = with_transactions(row)["transactions.csv"]
    header, first, *rest = content.splitlines()
    more = "".join(f",{name}" for name in FILES["transactions"].column_names[-6:-1])
    widened = [header + more, *(line + ",,,,," for line in (first, *rest[:-1])), rest[-1]]
    files = {"transactions.csv": "\n".join(widened) + "\n"}
    report = await import_bundle(platform, firm, write_folder(tmp_path / "b", files), actor=SYSTEM)
    assert [problem.message for problem in report.checked.problems] == [message]


@pytest.mark.parametrize("ratio", ["0", "-4"])
async def test_a_ratio_of_nothing_is_refused(
    platform: Platform, firm: FirmInfo, tmp_path: Path, ratio: str
) -> None:
    book = acme_book().action("SPLIT", "2021-03-02", ratio_new=D(ratio), ratio_old=D(1))
    report = await book.load(platform, firm, tmp_path)
    assert [problem.message for problem in report.checked.problems] == [
        f'corporate_actions.csv line 2, ratio_new "{ratio}": expected a decimal greater than 0'
    ]


async def test_where_the_custodian_is_the_authority_the_row_stands_and_is_told(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """More sold than held, a trade before the opening and a security without a rate are accepted."""
    book = Book().household().account(opened_on=LAST_DAY).security().security("EURO", currency="EUR")
    book.price("ACME", "2021-03-01", "50").price("EURO", "2021-03-01", "50").deposit("10000", on="2021-03-01")
    book.sell("ACME", "100", "5000").buy("EURO", "10", "-600", on=LAST_DAY)
    report = await book.load(platform, firm, tmp_path)
    assert report.ok
    assert [problem.message for problem in report.checked.warnings] == [
        'transactions.csv line 2, trade_date "2021-03-01": before the account was opened on 2021-03-31',
        'transactions.csv line 3, trade_date "2021-03-01": before the account was opened on 2021-03-31',
    ]
    assert await rows(platform, firm, HELD) == [("ACME", D(-100)), ("EURO", D(10))]
    told = await rows(platform, firm, "select code from findings where tenant_id = :t order by 1")
    assert ("MISSING_RATE",) in told


async def test_what_a_person_told_of_an_action_stays_when_its_source_says_other_things(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = acme_book().security("CHILD").action(
        "SPIN_OFF", "2021-03-03", ratio_new=D(1), ratio_old=D(3), other_security_key="CHILD"
    )  # fmt: skip
    await book.load(platform, firm, tmp_path)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text("update corporate_actions set basis_fraction = 0.4 where tenant_id = :t"), {"t": firm.id}
        )
    book.actions[0] = replace(book.actions[0], description="Child Corp")
    await book.load(platform, firm, tmp_path)
    standing = (
        "select description, trim_scale(basis_fraction) from corporate_actions where tenant_id = :t"
        " and superseded_version is null"
    )
    assert await rows(platform, firm, standing) == [("Child Corp", D("0.4"))]
