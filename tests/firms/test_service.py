"""Firms applied to a real database, found by host, and their keys."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError
from wealthnexus.domain.firms import (
    FirmConfigError,
    FirmDirectory,
    Keyring,
    UnknownFirm,
    apply_firm,
    firm_by_host,
    load_firm_config,
)
from wealthnexus.domain.firms import service as firms_service
from wealthnexus.domain.firms.models import data_keys, domains, firm_keys, firms
from wealthnexus.kit.crypto import CryptoError, new_key
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_firm

pytestmark = pytest.mark.database
TENANTS = Path(__file__).parents[2] / "tenants"


async def all_firms(platform: Platform) -> tuple:
    async with platform.db.reading(None) as reader:
        return (
            await reader.rows(select(firms).order_by(firms.c.slug)),
            await reader.rows(select(domains).order_by(domains.c.host)),
        )


async def test_the_same_folder_twice_changes_nothing(platform: Platform) -> None:
    owner = platform.addresses.sync_database_url_for("owner")
    config = load_firm_config(TENANTS / "harbor")
    first = apply_firm(owner, config)
    before = await all_firms(platform)
    again = apply_firm(owner, config)
    assert (again.firm_id, again.outcome) == (first.firm_id, "unchanged")
    assert await all_firms(platform) == before
    changed = apply_firm(owner, replace(config, name="Harbor & Pines", digest=b"other"))
    assert (changed.firm_id, changed.outcome) == (first.firm_id, "changed")
    assert (await platform.firms.by_slug("harbor")).name == "Harbor & Pines"
    assert apply_firm(owner, config).outcome == "changed"


async def test_the_currency_of_kept_books_stays(platform: Platform) -> None:
    owner = platform.addresses.sync_database_url_for("owner")
    firm = await make_firm(platform)
    config = replace(load_firm_config(TENANTS / "harbor"), slug=firm.slug, currency="EUR", digest=b"x")
    before = await all_firms(platform)
    with pytest.raises(FirmConfigError, match=f"the firm {firm.slug} keeps its books in USD, its file"):
        apply_firm(owner, config)
    assert await all_firms(platform) == before


async def test_a_domain_belongs_to_one_firm(platform: Platform) -> None:
    host = f"wealth{new_id().hex[-8:]}.example.com"
    firm = await make_firm(platform, domains=(host,))
    other = await make_firm(platform)
    config = replace(load_firm_config(TENANTS / "harbor"), slug=other.slug, domains=(host,), digest=b"y")
    before = await all_firms(platform)
    with pytest.raises(
        FirmConfigError, match=f"the domain {host} of {other.slug} belongs to the firm {firm.slug}"
    ):
        apply_firm(platform.addresses.sync_database_url_for("owner"), config)
    assert await all_firms(platform) == before


async def test_nobody_but_the_owner_writes_firms(platform: Platform) -> None:
    firm = await make_firm(platform)
    for role in ("app", "portal", "system"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with platform.db.unit_of_work(Binding(firm.id, role=role)) as uow:  # type: ignore[arg-type]
                await uow.execute(insert(domains).values(host="mine.example", firm_id=firm.id))


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("{slug}.localhost", True),
        ("{domain}", True),
        ("{slug}", False),
        ("localhost", False),
        ("{slug}.localhost.evil.example", False),
        ("evil{slug}.localhost", False),
        ("x.{slug}.localhost", False),
        ("{slug}.other.example", False),
        ("www.{domain}", False),
        (".localhost", False),
    ],
)
async def test_hosts_find_firms(platform: Platform, host: str, found: bool) -> None:
    domain = f"money{new_id().hex[-8:]}.example.com"
    firm = await make_firm(platform, domains=(domain,))
    name = host.format(slug=firm.slug, domain=domain)
    async with platform.db.reading(None) as reader:
        result = await firm_by_host(reader, name, base_domain="localhost")
    assert (result.id if result else None) == (firm.id if found else None)


async def test_the_directory_remembers_for_a_while(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = f"t{new_id().hex[-16:]}"
    seconds = 1_000.0
    monkeypatch.setattr(firms_service, "time", SimpleNamespace(monotonic=lambda: seconds))
    directory = FirmDirectory(platform.db, base_domain="localhost", cache_seconds=30)
    assert await directory.by_host(f"{slug}.localhost") is None
    firm = await make_firm(platform, slug=slug)
    assert await directory.by_host(f"{slug}.localhost") is None  # nobody there, remembered
    seconds += 30.1
    found = await directory.by_host(f"{slug}.localhost")
    assert found is not None
    assert found.id == firm.id
    with pytest.raises(UnknownFirm, match="no firm is called 'nosuch'"):
        await directory.by_slug("nosuch")


async def test_a_firms_key_is_made_once_and_kept_wrapped(platform: Platform) -> None:
    firm = await make_firm(platform)
    binding = Binding(firm.id)

    async def key(keyring: Keyring) -> bytes:
        async with platform.db.unit_of_work(binding) as uow:
            return await keyring.firm_key(uow)

    keys = await asyncio.gather(*(key(platform.keyring) for _ in range(4)))
    assert len(set(keys)) == 1
    async with platform.db.reading(binding) as reader:
        (row,) = await reader.rows(select(firm_keys).where(firm_keys.c.tenant_id == firm.id))
    assert keys[0] not in row.wrapped_key
    with pytest.raises(CryptoError, match=r"firm_keys\.wrapped_key .* does not open with this key"):
        await key(Keyring(new_key()))


async def test_a_key_that_was_rolled_back_is_not_remembered(platform: Platform) -> None:
    owner = platform.addresses.sync_database_url_for("owner")
    slug = f"t{new_id().hex[-16:]}"
    firm_id = apply_firm(owner, replace(load_firm_config(TENANTS / "harbor"), slug=slug, digest=b"z")).firm_id
    keyring = platform.keyring
    with pytest.raises(RuntimeError):
        await _make_key_and_fail(platform, firm_id)
    async with platform.db.unit_of_work(Binding(firm_id)) as uow:
        key = await keyring.firm_key(uow)
    async with platform.db.reading(Binding(firm_id)) as reader:
        assert await keyring.firm_key(reader) == key


async def _make_key_and_fail(platform: Platform, firm_id: object) -> None:
    async with platform.db.unit_of_work(Binding(firm_id)) as uow:  # type: ignore[arg-type]
        await platform.keyring.firm_key(uow)
        await platform.keyring.firm_key(uow)
        raise RuntimeError


async def test_destroying_a_persons_key_erases(platform: Platform) -> None:
    firm = await make_firm(platform)
    subject, other = new_id(), new_id()
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        key = await platform.keyring.subject_key(uow, subject)
        assert await platform.keyring.subject_key(uow, subject) == key
        assert await platform.keyring.subject_key(uow, other) != key
        assert await platform.keyring.destroy_subject_key_erasing_its_values(uow, subject)
        assert not await platform.keyring.destroy_subject_key_erasing_its_values(uow, subject)
        with pytest.raises(CryptoError, match="was destroyed; its values are erased"):
            await platform.keyring.subject_key(uow, subject)
        count = await uow.scalar(
            select(func.count()).where(data_keys.c.tenant_id == firm.id, data_keys.c.wrapped_key.is_(None))
        )
    assert count == 1
    async with platform.db.reading(Binding(firm.id)) as reader:
        assert await platform.keyring.existing_subject_key(reader, new_id()) is None
