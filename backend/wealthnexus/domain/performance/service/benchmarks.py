"""Benchmarks: of the firm's securities or a yearly rate, put beside the firm, a household or an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from wealthnexus.domain import audit
from wealthnexus.domain.clients.models import accounts, households
from wealthnexus.domain.ledger.service import next_book_version
from wealthnexus.domain.markets.models import securities
from wealthnexus.domain.performance import texts
from wealthnexus.domain.performance.models import benchmark_assignments, benchmark_components, benchmarks
from wealthnexus.domain.performance.rules.benchmarks import Rebalance
from wealthnexus.domain.work import register_subject
from wealthnexus.kit import clock
from wealthnexus.kit.db.session import UnitOfWork
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.events import emit, register
from wealthnexus.kit.ids import new_id

NAME_CHARACTERS_MAX: Final = 200
REASON_CHARACTERS_MAX: Final = 500
COMPONENTS_MAX: Final = 50
FIRST_DAY: Final = date(1900, 1, 1)
YEARS_AHEAD_MAX: Final = 10
RATE_MAX: Final = Decimal(10)
_WEIGHT_PLACES: Final = 8
_RATE_PLACES: Final = 12

register(
    "performance.benchmark.created",
    description="A benchmark was made.",
    fields={"benchmarkId": "id", "bookVersion": "integer"},
)
register(
    "performance.benchmark.changed",
    description="A benchmark was made of something else from a day on.",
    fields={"benchmarkId": "id", "bookVersion": "integer"},
)
register(
    "performance.benchmark.assigned",
    description="A benchmark was put beside an account, a household or the firm, from a day on.",
    fields={
        "benchmarkId": "id",
        "subjectId": "id?",
        "effectiveFrom": "date",
        "bookVersion": "integer",
    },
)


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
    name = clean_name(command.name)
    _check_components(command.components)
    known = await _securities(uow, command.components)
    version = await next_book_version(uow, "benchmark")
    key = await register_subject(uow, new_id(), "benchmark", name)
    made = await uow.rows(
        postgresql.insert(benchmarks)
        .values(
            tenant_id=uow.tenant_id,
            id=key,
            name=name,
            created_at=clock.now(),
            created_by=uow.actor.id,
            version=1,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "name"])
        .returning(benchmarks.c.id)
    )
    if not made:
        raise Conflict(texts.NAME_TAKEN(name=name), path=("input", "name"))
    await _insert_components(uow, key, command, known, version)
    await audit.append(
        uow,
        "performance.benchmark.created",
        summary=texts.BENCHMARK_CREATED(name=name),
        subject=audit.SubjectRef(key, "benchmark", name),
        details={"reason": command.reason, "bookVersion": version, "parts": len(command.components)},
    )
    await emit(
        uow,
        "performance.benchmark.created",
        subject_id=key,
        payload={"benchmarkId": key, "bookVersion": version},
        book_version=version,
    )
    return key


@dataclass(frozen=True, slots=True)
class ChangeBenchmark:
    """What a benchmark is made of from the days that ``components`` name; blends of other days stay.

    ``expected_version``: of the benchmark that was looked at.
    """

    benchmark_id: UUID
    components: tuple[Component, ...]
    reason: str
    expected_version: int
    rebalance: Rebalance = Rebalance.MONTHLY


async def change_benchmark(uow: UnitOfWork, command: ChangeBenchmark) -> int:
    """The blends of some days anew under the next book version; as known before they are what they were.

    The benchmark's new version. ValidationFailed: as of a new one. NotFound: the benchmark, a security.
    Conflict: somebody changed it since. PermissionDenied to who sees a part only.
    """
    check_writer(uow, command.reason)
    _check_components(command.components)
    known = await _securities(uow, command.components)
    b = benchmarks.c
    own = (b.tenant_id == uow.tenant_id, b.id == command.benchmark_id)
    found = await uow.rows(select(b.name, b.version).where(*own).with_for_update())
    if not found:
        raise NotFound(texts.NO_BENCHMARK(), path=("input", "benchmarkId"))
    if found[0].version != command.expected_version:
        raise Conflict(
            texts.BENCHMARK_CHANGED_SINCE(version=found[0].version), path=("input", "expectedVersion")
        )
    version = await next_book_version(uow, "benchmark")
    c = benchmark_components.c
    days = {each.first_day for each in command.components}
    await uow.execute(
        update(benchmark_components)
        .where(
            c.tenant_id == uow.tenant_id,
            c.benchmark_id == command.benchmark_id,
            c.first_day.in_(days),
            c.superseded_version.is_(None),
        )
        .values(superseded_version=version)
    )
    await _insert_components(uow, command.benchmark_id, command, known, version)
    await uow.execute(update(benchmarks).where(*own).values(version=command.expected_version + 1))
    name = str(found[0].name)
    await audit.append(
        uow,
        "performance.benchmark.changed",
        summary=texts.BENCHMARK_CHANGED(name=name),
        subject=audit.SubjectRef(command.benchmark_id, "benchmark", name),
        details={
            "from": sorted(day.isoformat() for day in days),
            "parts": len(command.components),
            "reason": command.reason.strip(),
            "bookVersion": version,
        },
    )
    await emit(
        uow,
        "performance.benchmark.changed",
        subject_id=command.benchmark_id,
        payload={"benchmarkId": command.benchmark_id, "bookVersion": version},
        book_version=version,
    )
    return command.expected_version + 1


async def _securities(uow: UnitOfWork, components: tuple[Component, ...]) -> dict[UUID, Any]:
    """What a part keeps of each security. NotFound: one that is not there."""
    wanted = {each.security_id for each in components if each.security_id is not None}
    s = securities.c
    rows = await uow.rows(
        select(s.id, s.name, s.currency, s.asset_class, s.price_multiplier).where(
            s.tenant_id == uow.tenant_id, s.id.in_(wanted)
        )
    )
    known = {row.id: row for row in rows}
    if known.keys() != wanted:
        raise NotFound(texts.NO_SECURITY(), path=("input", "components"))
    return known


async def _insert_components(
    uow: UnitOfWork,
    key: UUID,
    command: CreateBenchmark | ChangeBenchmark,
    known: Mapping[UUID, Any],
    version: int,
) -> None:
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
                "price_multiplier": None if of is None else of.price_multiplier,
                "weight": each.weight,
                "rebalance": command.rebalance.value,
                "book_version": version,
                "superseded_version": None,
            }
            for each in command.components
            for of in [None if each.security_id is None else known[each.security_id]]
        ],
    )


def check_writer(uow: UnitOfWork, reason: str) -> None:
    """PermissionDenied to who sees a part of the firm; ValidationFailed without a reason."""
    if uow.binding.scope != "firm":
        raise PermissionDenied(texts.WHOLE_FIRM())
    if not 1 <= len(reason.strip()) <= REASON_CHARACTERS_MAX:
        raise ValidationFailed(texts.NO_REASON(limit=REASON_CHARACTERS_MAX), path=("input", "reason"))


def clean_name(name: str, *path: str) -> str:
    """The name on one line without blanks around it; ValidationFailed for one that nobody could read."""
    found = " ".join(name.split())
    if not 1 <= len(found) <= NAME_CHARACTERS_MAX or not found.isprintable():
        raise ValidationFailed(texts.NAME(limit=NAME_CHARACTERS_MAX), path=("input", *(path or ("name",))))
    return found


def check_day(day: date, *path: str) -> None:
    """ValidationFailed for a day of no use: a typing error of a century, or of a far future."""
    last = date(clock.now().year + YEARS_AHEAD_MAX, 12, 31)
    if not FIRST_DAY <= day <= last:
        raise ValidationFailed(texts.DAY(day=day, first=FIRST_DAY, last=last), path=("input", *path))


def _check_components(components: tuple[Component, ...]) -> None:
    if not 1 <= len(components) <= COMPONENTS_MAX:
        raise ValidationFailed(texts.COMPONENTS(limit=COMPONENTS_MAX), path=("input", "components"))
    by_day: dict[date, Decimal] = {}
    for each in components:
        if (each.security_id is None) == (each.yearly_rate is None):
            raise ValidationFailed(texts.ONE_COMPONENT(), path=("input", "components"))
        check_day(each.first_day, "components")
        rate = Decimal(0) if each.yearly_rate is None else each.yearly_rate
        if not (_fits(each.weight, _WEIGHT_PLACES) and 0 < each.weight <= 1) or not (
            _fits(rate, _RATE_PLACES) and -1 < rate <= RATE_MAX
        ):
            raise ValidationFailed(
                texts.WEIGHT(places=_WEIGHT_PLACES, most=RATE_MAX), path=("input", "components")
            )
        by_day[each.first_day] = by_day.get(each.first_day, Decimal(0)) + each.weight
    for day, total in by_day.items():
        if total != 1:
            raise ValidationFailed(texts.WEIGHTS(day=day, total=total), path=("input", "components"))


def _fits(value: Decimal, places: int) -> bool:
    """Whether a number is kept as it is told."""
    if not value.is_finite():
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -places


@dataclass(frozen=True, slots=True)
class AssignBenchmark:
    """A benchmark for a household or an account, with neither for the firm, from a day on."""

    benchmark_id: UUID
    effective_from: date
    reason: str
    household_id: UUID | None = None
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What stands now: ``until`` the day on which what was agreed for later begins."""

    name: str
    until: date | None


async def assign_benchmark(uow: UnitOfWork, command: AssignBenchmark) -> Assignment:
    """Puts a benchmark beside the firm, a household or an account, from a day on.

    What was assigned to the same before ends on that day, what begins later stays: until then it holds. As
    known before, nothing has changed. NotFound: the benchmark, household or account. ValidationFailed: the
    day, no reason. PermissionDenied to who sees a part only.
    """
    check_writer(uow, command.reason)
    check_day(command.effective_from, "effectiveFrom")
    b = benchmarks.c
    found = await uow.rows(select(b.name).where(b.tenant_id == uow.tenant_id, b.id == command.benchmark_id))
    if not found:
        raise NotFound(texts.NO_BENCHMARK(), path=("input", "benchmarkId"))
    subject = await _subject(uow, command)
    version = await next_book_version(uow, "benchmark")
    until = await _make_room(uow, subject, command.effective_from, version)
    await uow.execute(
        insert(benchmark_assignments).values(
            tenant_id=uow.tenant_id,
            id=new_id(),
            benchmark_id=command.benchmark_id,
            subject_id=subject,
            author_id=uow.actor.id,
            reason=command.reason.strip(),
            recorded_at=clock.now(),
            effective_from=command.effective_from,
            effective_to=until,
            book_version=version,
            superseded_version=None,
        )
    )
    name = str(found[0].name)
    await audit.append(
        uow,
        "performance.benchmark.assigned",
        summary=texts.BENCHMARK_ASSIGNED(name=name, day=command.effective_from),
        subject=audit.SubjectRef(command.benchmark_id, "benchmark", name),
        details={
            "subjectId": None if subject is None else str(subject),
            "from": command.effective_from.isoformat(),
            "until": None if until is None else until.isoformat(),
            "reason": command.reason.strip(),
            "bookVersion": version,
        },
    )
    await emit(
        uow,
        "performance.benchmark.assigned",
        subject_id=subject,
        payload={
            "benchmarkId": command.benchmark_id,
            "subjectId": subject,
            "effectiveFrom": command.effective_from,
            "bookVersion": version,
        },
        book_version=version,
    )
    return Assignment(name, until)


async def _subject(uow: UnitOfWork, command: AssignBenchmark) -> UUID | None:
    """The household or account, which has to be there."""
    for key, table, path, unknown in (
        (command.household_id, households, "householdId", texts.NO_HOUSEHOLD),
        (command.account_id, accounts, "accountId", texts.NO_ACCOUNT),
    ):
        if key is None:
            continue
        t = table.c
        if not await uow.rows(select(t.id).where(t.tenant_id == uow.tenant_id, t.id == key)):
            raise NotFound(unknown(), path=("input", path))
        return key
    return None


async def _make_room(uow: UnitOfWork, subject: UUID | None, since: date, version: int) -> date | None:
    """Ends what holds on the day; the day on which the next one begins."""
    a = benchmark_assignments.c
    same = a.subject_id.is_(None) if subject is None else a.subject_id == subject
    rows = await uow.rows(
        select(benchmark_assignments).where(
            a.tenant_id == uow.tenant_id,
            same,
            a.superseded_version.is_(None),
            a.effective_to.is_(None) | (a.effective_to > since),
        )
    )
    standing = [row for row in rows if row.effective_from <= since]
    await uow.execute(
        update(benchmark_assignments)
        .where(a.tenant_id == uow.tenant_id, a.id.in_([row.id for row in standing]))
        .values(superseded_version=version)
    )
    ended = [
        {**row._mapping, "id": new_id(), "effective_to": since, "book_version": version}
        for row in standing
        if row.effective_from < since
    ]
    if ended:
        await uow.execute(insert(benchmark_assignments), ended)
    return min((row.effective_from for row in rows if row.effective_from > since), default=None)
