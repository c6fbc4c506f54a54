"""The benchmark of a demo firm: of what its books have, 60 % US equity and 40 % at a yearly rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.performance.models import benchmarks
from wealthnexus.domain.performance.service import (
    AssignBenchmark,
    Component,
    CreateBenchmark,
    assign_benchmark,
    create_benchmark,
)
from wealthnexus.kit.db.session import UnitOfWork

NAME: Final = "60 % US equity, 40 % at 3 % a year"
EQUITY: Final = "SPY"
SINCE: Final = date(2010, 1, 1)
_REASON: Final = "The benchmark of the demo books"


async def ensure_benchmark(uow: UnitOfWork) -> UUID:
    """Makes it and puts it beside the firm; what is there already stays."""
    b = benchmarks.c
    known = await uow.rows(select(b.id).where(b.tenant_id == uow.tenant_id, b.name == NAME))
    if known:
        return UUID(str(known[0].id))
    s = securities.c
    rows = await uow.rows(select(s.id).where(s.tenant_id == uow.tenant_id, s.security_key == EQUITY))
    parts = (
        Component(SINCE, Decimal("0.6"), security_id=rows[0].id),
        Component(SINCE, Decimal("0.4"), yearly_rate=Decimal("0.03")),
    )
    benchmark = await create_benchmark(uow, CreateBenchmark(NAME, parts, _REASON))
    await assign_benchmark(uow, AssignBenchmark(benchmark, SINCE, _REASON))
    return benchmark
