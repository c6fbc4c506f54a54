"""An entry may name an action by an older id: what was told of it since counts for it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from wealthnexus.domain.actions.preview import Terms
from wealthnexus.domain.actions.service import post_action
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.ledger.service import TransactionCommand, preview_correction
from wealthnexus.domain.ledger.view import book_view
from wealthnexus.kit.db.session import Binding
from wealthnexus.runtime import Platform

from tests.factories_ledger import acme_book, ids_of, scalar

pytestmark = pytest.mark.database
D = Decimal


async def test_a_correction_that_names_an_older_id_of_the_action_keeps_its_terms(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    """100 ACME for 5,000; 100 CHILD spun off, of 40 % of the basis. The custodian's 100 should be 90."""
    book = acme_book().security("CHILD")
    book.action(
        "SPIN_OFF", "2021-03-10", key="X1", other_security_key="CHILD", ratio_new=D(1), ratio_old=D(1)
    )
    book.transaction("SPIN_OFF", on="2021-03-10", security="CHILD", quantity="100", key="S",
                     corporate_action_external_id="X1")  # fmt: skip
    book.account("A2").deposit("9000", account="A2", on="2021-01-04")
    book.buy("ACME", "100", "-5000", account="A2", on="2021-02-01")
    assert (await book.load(platform, firm, tmp_path)).ok
    ids = await ids_of(platform, firm)
    older = await scalar(platform, firm, "select id from corporate_actions where tenant_id = :t")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await post_action(uow, firm, older, Terms(basis_fraction=D("0.4")), "Form 8937")
    instead = TransactionCommand(
        ids.accounts["A1"], "SPIN_OFF", date(2021, 3, 10), D(0), security_id=ids.securities["CHILD"],
        quantity=D(90), corporate_action_id=older,
    )  # fmt: skip
    async with platform.db.reading(Binding(firm.id)) as reader:
        view = await book_view(reader, firm)
        found = await preview_correction(reader, firm, view, ids.transactions["S"], instead)
    child = str(ids.securities["CHILD"])
    after = [one.after for one in found.changes.lots if one.after is not None and one.after.security == child]
    assert [(lot.units, lot.cost, lot.reasons) for lot in after] == [(D(90), D("2000.00"), ())]
