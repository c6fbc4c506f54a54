"""Benchmarks: of the firm's securities or a yearly rate, put beside the firm, a household or an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from wealthnexus.domain import audit
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import benchmark_assignments, benchmark_components, benchmarks
from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id

NAME_CHARACTERS_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 500
COMPONENTS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Component:
    """From ``first_day`` on: a security with its dividends reinvested, or a yearly rate as a fraction."""

    first_day: date
    weight: Decimal
    security_id: UUID | None = None
    yearly_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CreateBenchmark:
    name: str
    components: tuple[Component, ...]
    reason: str
    rebalance: Rebalance = Rebalance.MONTHLY


async def create_benchmark(uow: UnitOfWork, command: CreateBenchmark) -> UUID:
    """A new benchmark under the next book version, with its audit row.

    ValidationFailed: weights of a day that do not sum to 1, a component that is neither a security nor a
    rate, no reason. NotFound: a security. Conflict: the name. PermissionDenied to who sees a part only.
    """
    check_writer(uow, command.reason)
    name = command.name.strip()
    if not 1 <= len(name) <= NAME_CHARACTERS_MAX:
        raise ValidationFailed(texts.NAME(limit=NAME_CHARACTERS_MAX), path=("input", "name"))
    _check_components(command.components)
    wanted = {each.security_id for each in command.components if each.security_id is not None}
    s = securities.c
    rows = await uow.rows(
        select(s.id, s.name, s.currency, s.asset_class).where(s.tenant_id == uow.tenant_id, s.id.in_(wanted))
    )
    known = {row.id: row for row in rows}
    if known.keys() != wanted:
        raise NotFound(texts.NO_SECURITY(), path=("input", "components"))
    b = benchmarks.c
    if await uow.rows(select(b.id).where(b.tenant_id == uow.tenant_id, b.name == name)):
        raise Conflict(texts.NAME_TAKEN(name=name), path=("input", "name"))
    version = await next_book_version(uow, "benchmark")
    key = await register_subject(uow, new_id(), "benchmark", name)
    await uow.execute(
        insert(benchmarks).values(
            tenant_id=uow.tenant_id,
            id=key,
            name=name,
            created_at=clock.now(),
            created_by=uow.actor.id,
            version=1,
        )
    )
    await uow.execute(
        insert(benchmark_components),
        [
            {
                "tenant_id": uow.tenant_id,
                "id": new_id(),
                "benchmark_id": key,
                "first_day": each.first_day,
                "security_id": each.security_id,
                "yearly_rate": each.yearly_rate,
                "label": None if of is None else of.name,
                "currency": None if of is None else of.currency,
                "asset_class": None if of is None else of.asset_class,
                "weight": each.weight,
                "rebalance": command.rebalance.value,
                "book_version": version,
                "superseded_version": None,
            }
            for each in command.components
            for of in [None if each.security_id is None else known[each.security_id]]
        ],
    )
    await audit.append(
        uow,
        "performance.benchmark.created",
        summary=texts.BENCHMARK_CREATED(name=name),
        subject=audit.SubjectRef(key, "benchmark", name),
        details={"reason": command.reason, "bookVersion": version, "parts": len(command.components)},
    )
    return key


def check_writer(uow: UnitOfWork, reason: str) -> None:
    """PermissionDenied to who sees a part of the firm; ValidationFailed without a reason."""
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    if not 1 <= len(reason.strip()) <= REASON_CHARACTERS_MAX:
        raise ValidationFailed(texts.NO_REASON(limit=REASON_CHARACTERS_MAX), path=("input", "reason"))


def _check_components(components: tuple[Component, ...]) -> None:
    if not 1 <= len(components) <= COMPONENTS_MAX:
        raise ValidationFailed(texts.COMPONENTS(limit=COMPONENTS_MAX), path=("input", "components"))
    by_day: dict[date, Decimal] = {}
    for each in components:
        if (each.security_id is None) == (each.yearly_rate is None):
            raise ValidationFailed(texts.ONE_COMPONENT(), path=("input", "components"))
        if not Decimal(0) < each.weight <= 1 or (each.yearly_rate or Decimal(0)) <= -1:
            raise ValidationFailed(texts.WEIGHT(), path=("input", "components"))
        by_day[each.first_day] = by_day.get(each.first_day, Decimal(0)) + each.weight
    for day, total in by_day.items():
        if total != 1:
            raise ValidationFailed(texts.WEIGHTS(day=day, total=total), path=("input", "components"))


async def assign_benchmark(
    uow: UnitOfWork, benchmark_id: UUID, subject_id: UUID | None, effective_from: date, reason: str
) -> str:
    """Puts a benchmark beside the firm (no subject), a household or an account, from a day on; its name.

    What was assigned to the same before ends on that day; as known before, nothing has changed.
    """
    check_writer(uow, reason)
    b, a = benchmarks.c, benchmark_assignments.c
    found = await uow.rows(select(b.name).where(b.tenant_id == uow.tenant_id, b.id == benchmark_id))
    if not found:
        raise NotFound(texts.NO_BENCHMARK(), path=("input", "benchmarkId"))
    version = await next_book_version(uow, "benchmark")
    same = a.subject_id.is_(None) if subject_id is None else a.subject_id == subject_id
    standing = await uow.rows(
        select(benchmark_assignments).where(
            a.tenant_id == uow.tenant_id,
            same,
            a.superseded_version.is_(None),
            a.effective_to.is_(None) | (a.effective_to > effective_from),
        )
    )
    added = [
        {**row._mapping, "id": new_id(), "effective_to": effective_from, "book_version": version}
        for row in standing
        if row.effective_from < effective_from
    ]
    await uow.execute(
        update(benchmark_assignments)
        .where(a.tenant_id == uow.tenant_id, a.id.in_([row.id for row in standing]))
        .values(superseded_version=version)
    )
    fresh = {
        "tenant_id": uow.tenant_id,
        "id": new_id(),
        "benchmark_id": benchmark_id,
        "subject_id": subject_id,
        "author_id": uow.actor.id,
        "reason": reason.strip(),
        "recorded_at": clock.now(),
        "effective_from": effective_from,
        "effective_to": None,
        "book_version": version,
        "superseded_version": None,
    }
    await uow.execute(insert(benchmark_assignments), [*added, fresh])
    await audit.append(
        uow,
        "performance.benchmark.assigned",
        summary=texts.BENCHMARK_ASSIGNED(name=found[0].name, day=effective_from),
        subject=audit.SubjectRef(benchmark_id, "benchmark", found[0].name),
        details={
            "subjectId": None if subject_id is None else str(subject_id),
            "from": effective_from.isoformat(),
            "reason": reason.strip(),
            "bookVersion": version,
        },
    )
    return str(found[0].name)
