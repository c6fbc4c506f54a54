"""Firms, people and a platform for tests of the engines (audit, approvals, work, events, jobs)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy import insert, select
from wealthnexus.domain import models, work
from wealthnexus.domain.identity.models import users
from wealthnexus.kit import clock
from wealthnexus.kit.context import Actor, RequestInfo
from wealthnexus.kit.db.session import Binding, Database, Reader, UnitOfWork
from wealthnexus.kit.ids import new_id
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform, build_platform

from tests.support.servers import DatabaseAddresses

assert models.metadata.tables  # every table is known

FIRM = (
    "insert into firms(id,slug,name,legal_name,locale,time_zone,currency,tier,features,limits,brand,support,"
    "legal_footer,is_demo,is_active,config_digest,applied_at) values (%s,%s,'Test Firm','Test Firm LLC',"
    "'en-US','America/New_York','USD','professional','[]',%s,'{}','{}','',false,true,'',now())"
)
LIMITS = '{"jobs_running_max": 4, "users_max": 100}'


@dataclass(frozen=True)
class Person:
    """A caller as the engines see one."""

    user_id: UUID
    name: str
    permissions: frozenset[str] = field(
        default_factory=lambda: frozenset({"approvals.decide", "work.manage", "findings.resolve"})
    )
    stepped_up: bool = True

    def actor(self) -> Actor:
        return Actor("user", self.user_id, self.name)

    def is_stepped_up(self) -> bool:
        return self.stepped_up


@dataclass(frozen=True)
class Firm:
    """One firm in the test's database."""

    id: UUID
    slug: str
    database: Database

    @property
    def binding(self) -> Binding:
        return Binding(self.id)

    @property
    def system(self) -> Binding:
        return Binding(self.id, role="system")

    def writing(self, who: Person | None = None, *, request: RequestInfo | None = None) -> Any:
        """A unit of work in which ``who`` (or the system) acts."""
        actor = who.actor() if who else Actor("system", None, "System")
        return self.database.unit_of_work(self.binding, actor=actor, request=request)

    def reading(self) -> Any:
        return self.database.reading(self.binding)

    async def person(self, name: str, **facts: Any) -> Person:
        """An active member of staff who exists as a user."""
        user_id = new_id()
        async with self.writing() as uow:
            await uow.execute(
                insert(users).values(
                    tenant_id=self.id,
                    id=user_id,
                    email=f"{user_id}@example.test",
                    email_normalised=f"{user_id}@example.test",
                    name=name,
                    name_normalised=name.lower(),
                    kind="STAFF",
                    status="ACTIVE",
                    scope="firm",
                    failed_count=0,
                    created_at=clock.now(),
                    version=1,
                )
            )
        return Person(user_id, name, **facts)

    async def subject(self, label: str = "The Millers", kind: str = "household") -> UUID:
        async with self.writing() as uow:
            return await work.register_subject(uow, new_id(), kind, label)

    async def row(self, table: Any, row_id: UUID) -> Any:
        async with self.database.reading(
            self.system if "system" in grants(table) else self.binding
        ) as reader:
            return await reader.one_or_none(
                select(table).where(table.c.tenant_id == self.id, table.c.id == row_id)
            )

    async def rows(self, table: Any, *conditions: Any) -> list[Any]:
        async with self.database.reading(
            self.system if "system" in grants(table) else self.binding
        ) as reader:
            return await table_rows(reader, table, *conditions)


def grants(table: Any) -> dict[str, str]:
    found: dict[str, str] = table.info["security"].grants
    return found


async def table_rows(reader: Reader, table: Any, *conditions: Any) -> list[Any]:
    return list(
        await reader.rows(
            select(table)
            .where(table.c.tenant_id == reader.tenant_id, *conditions)
            .order_by(*table.primary_key)
        )
    )


def make_firm(database: Database, addresses: DatabaseAddresses, *, limits: str = LIMITS) -> Firm:
    """A firm with nothing in it; firms are the owner's to write."""
    firm_id = new_id()
    slug = f"f{firm_id.hex}"
    with psycopg.connect(addresses.dsn("owner")) as connection:
        connection.execute(FIRM, [firm_id, slug, limits])
    return Firm(firm_id, slug, database)


def superuser(addresses: DatabaseAddresses) -> psycopg.Connection[Any]:
    """Behind every protection: only for showing what verification finds."""
    postgres = addresses.postgres
    return psycopg.connect(
        host=str(postgres.socket_dir),
        port=postgres.port,
        user=postgres.superuser,
        dbname=addresses.name,
        autocommit=True,
    )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def platform(test_settings: Settings, redis_url: str) -> AsyncIterator[Platform]:
    assert redis_url
    made = build_platform(test_settings.model_copy(update={"database_pool_size": 20}))
    await made.start()
    yield made
    await made.close()


@pytest.fixture
def firm(platform: Platform, database_addresses: DatabaseAddresses) -> Firm:
    return make_firm(platform.db, database_addresses)


@pytest.fixture
def other_firm(platform: Platform, database_addresses: DatabaseAddresses) -> Firm:
    return make_firm(platform.db, database_addresses)


async def eventually(
    check: Callable[[], Awaitable[Any]], *, within: timedelta = timedelta(seconds=10)
) -> Any:
    """The first true answer of ``check``; AssertionError with the last one after ``within``."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within.total_seconds()
    while True:
        answer = await check()
        if answer:
            return answer
        assert loop.time() < end, f"still {answer!r} after {within}"
        await asyncio.sleep(0.02)


__all__ = [
    "Firm",
    "Person",
    "UnitOfWork",
    "eventually",
    "firm",
    "make_firm",
    "other_firm",
    "platform",
    "superuser",
]
