"""One flush of live values at the limit of a subscriber, beside the bare arithmetic of its positions."""

from __future__ import annotations

import time
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import pytest
from wealthnexus.domain.markets.live import hub
from wealthnexus.domain.markets.rules.live import LiveAccount, LiveHolding, total_of, value_account

pytestmark = pytest.mark.benchmark
HOUSEHOLDS, ACCOUNTS, POSITIONS = 100, 10, 20
CENT = Decimal("0.01")
RATIO_MAX = 12


def best_of(times: int, work: object) -> float:
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()  # type: ignore[operator]
        found.append(time.perf_counter() - begun)
    return min(found)


def test_a_flush_of_twenty_thousand_positions(capsys: pytest.CaptureFixture[str]) -> None:
    assert HOUSEHOLDS * ACCOUNTS * POSITIONS == hub.HOLDINGS_MAX
    held = [
        LiveHolding(f"P{n}", UUID(int=n), Decimal(n + 1), Decimal(1), Decimal(1), Decimal("60.25"))
        for n in range(POSITIONS)
    ]
    accounts = [
        LiveAccount(UUID(int=n), "USD", "USD", Decimal("125.50"), None, tuple(held))
        for n in range(HOUSEHOLDS * ACCOUNTS)
    ]
    quotes = {UUID(int=n): Decimal("61.37") for n in range(POSITIONS)}

    def flush() -> None:
        values = [value_account(account, quotes) for account in accounts]
        for first in range(0, len(values), ACCOUNTS):
            total_of(values[first : first + ACCOUNTS])

    def bare() -> None:
        price = Decimal("61.37")
        for account in accounts:
            for each in account.holdings:
                (each.units * price).quantize(CENT, rounding=ROUND_HALF_UP)

    ours, floor = best_of(5, flush), best_of(5, bare)
    said = (
        f"live values: {HOUSEHOLDS * ACCOUNTS * POSITIONS} positions in {ours * 1_000:.0f} ms, the bare"
        f" multiplications {floor * 1_000:.0f} ms, {ours / floor:.1f} times"
    )
    with capsys.disabled():
        print("\n" + said)
    assert ours / floor < RATIO_MAX, said
