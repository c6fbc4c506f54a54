"""Parts of small books, each by hand: what actions exchange, who bears a fee, who holds which share."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from wealthnexus.domain.performance import FeeBasis
from wealthnexus.domain.performance.attributing import attributed
from wealthnexus.domain.performance.dividing import Divided, divided
from wealthnexus.domain.performance.repository.parts import PartKind
from wealthnexus.domain.performance.rules.figures import Reason
from wealthnexus.kit.db.session import Binding

from tests.performance.stories import Stories, inception_of

pytestmark = [pytest.mark.database, pytest.mark.asyncio(loop_scope="session")]
NEAR = 1e-12


async def parts(
    told: Stories, kind: PartKind | None, basis: FeeBasis = FeeBasis.NET, **scope: str
) -> tuple[dict[str, tuple[float, float | None]], Divided]:
    """Contribution and own return of each part, by its name."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, **scope)
        found = await divided(reader, book, inception_of(book), kind, basis)
    return {part.label: (part.contribution, part.value.value) for part in found.parts}, found


async def test_what_a_new_name_earns_is_not_the_loss_of_the_old_one(told: Stories) -> None:
    """40,000 of 100,000 go on under another key: 4,000 of 100,000, all of the new."""
    found, whole = await parts(told, PartKind.SECURITY, account="RENAMED")
    assert found["NEW Corp"] == (pytest.approx(0.04, abs=NEAR), pytest.approx(0.10, abs=NEAR))
    assert found["OLD Corp"] == (0.0, 0.0)
    assert whole.total.value == pytest.approx(0.04, abs=NEAR)
    by_class, _ = await parts(told, PartKind.ASSET_CLASS, account="RENAMED")
    assert by_class["EQUITY"] == (0.0, 0.0)
    assert by_class["ALTERNATIVE"] == (pytest.approx(0.04, abs=NEAR), pytest.approx(0.10, abs=NEAR))


async def test_a_new_name_that_is_priced_later_takes_over_at_its_first_close(told: Stories) -> None:
    found, whole = await parts(told, PartKind.SECURITY, account="AWAITED")
    assert found["AFTER Corp"] == (pytest.approx(0.04, abs=NEAR), pytest.approx(0.10, abs=NEAR))
    assert found["BEFORE Corp"] == (0.0, 0.0)
    assert whole.total.value == pytest.approx(0.04, abs=NEAR)


async def test_a_spin_off_is_no_loss_of_its_parent(told: Stories) -> None:
    """10,000 are 7,000 and 3,000; the 3,000 earn 300 of 20,000."""
    found, _ = await parts(told, PartKind.SECURITY, account="SPUN")
    assert found["PARENT Corp"] == (0.0, 0.0)
    assert found["CHILD Corp"] == (pytest.approx(0.015, abs=NEAR), pytest.approx(0.10, abs=NEAR))
    by_class, _ = await parts(told, PartKind.ASSET_CLASS, account="SPUN")
    assert by_class["EQUITY"] == (pytest.approx(0.015, abs=NEAR), pytest.approx(0.03, abs=NEAR))


async def test_a_merger_gives_shares_and_cash_for_what_was_held(told: Stories) -> None:
    """5,000 are 4,000 of shares and 1,000 of cash; the shares earn 400 of 10,000."""
    found, _ = await parts(told, PartKind.SECURITY, account="MERGED")
    assert found["TARGET Corp"] == (0.0, 0.0)
    assert found["ACQUIRER Corp"] == (pytest.approx(0.04, abs=NEAR), pytest.approx(0.10, abs=NEAR))


async def test_what_has_no_price_takes_no_part_until_its_first(told: Stories) -> None:
    """6,020 in cash, and a picture of 5,000 that comes in: 100 of 11,020 are its own."""
    found, whole = await parts(told, PartKind.SECURITY, account="LATE")
    assert found["PICTURE Corp"] == (pytest.approx(100 / 11_020, abs=NEAR), pytest.approx(0.02, abs=NEAR))
    assert whole.total.value == pytest.approx(100 / 11_020, abs=NEAR)
    assert found["Cash"][0] == pytest.approx(0.0, abs=NEAR)


@pytest.mark.parametrize(("basis", "billed"), [(FeeBasis.NET, -8500), (FeeBasis.GROSS, -500)])
async def test_a_fee_is_of_the_account_it_was_billed_for(told: Stories, basis: FeeBasis, billed: int) -> None:
    """Of 600,000 the one bears 2,000 of fees, the other 8,000 and 500 of expenses, whoever paid them."""
    found, whole = await parts(told, None, basis, household="H2")
    payer = -2000 if basis is FeeBasis.NET else 0
    assert found["Account BILLED"][0] == pytest.approx(billed / 600_000, abs=NEAR)
    assert found.get("Account PAYER", (0.0, 0.0))[0] == pytest.approx(payer / 600_000, abs=NEAR)
    assert whole.total.value == pytest.approx((billed + payer) / 600_000, abs=NEAR)
    assert found["Account BILLED"][1] == pytest.approx(billed / 100_000, abs=NEAR)


async def test_fees_are_attributed_by_themselves_and_cash_is_no_loser(told: Stories) -> None:
    """Cash of 1,000 pays 2,500: the fee is -25 % of the whole by selection, and cash earned nothing."""
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="FEES")
        period = inception_of(book)
        found = await attributed(reader, book, period)
        net = book.figures(period, FeeBasis.NET).measured.value
        beside = math.prod(row.growth or 0 for row in book.benchmark_days(period)) - 1
    rows = {each.key: each for each in found.segments}
    assert net is not None
    assert found.total.value == pytest.approx(net - beside, abs=1e-9)
    assert math.fsum(each.effects.total for each in found.segments) == pytest.approx(net - beside, abs=1e-9)
    assert rows["FEES"].effects.selection < -0.2
    assert (rows["FEES"].portfolio_return, rows["FEES"].portfolio_weight) == (None, 0.0)
    assert rows["EQUITY"].portfolio_return == pytest.approx(0.1, abs=1e-12)
    assert rows["CASH"].portfolio_return is None or abs(rows["CASH"].portfolio_return) < 1e-12


async def test_effects_that_do_not_explain_the_return_are_refused(told: Stories) -> None:
    async with told.platform.db.reading(Binding(told.firm.id)) as reader:
        book = await told.scope(reader, account="FEES")
        period = inception_of(book)
        net = book.figures(period, FeeBasis.NET)
        shown = replace(net, measured=replace(net.measured, value=(net.measured.value or 0) + 2e-9))
        book._known[period, FeeBasis.NET] = shown
        found = await attributed(reader, book, period)
    assert (found.total.value, found.total.reason) == (None, Reason.DOES_NOT_SUM)
    assert found.segments == ()
