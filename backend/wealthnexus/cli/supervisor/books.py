"""The demo firms, their books and people: loaded once, recognised at once afterwards."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from wealthnexus import demo
from wealthnexus.cli.console import step
from wealthnexus.cli.firms import apply_folders
from wealthnexus.cli.ground import by_command_line, run_on
from wealthnexus.demo import people
from wealthnexus.demo.benchmarks import ensure_benchmark
from wealthnexus.demo.books import advisors, write_demo_bundle
from wealthnexus.demo.composites import ensure_composite
from wealthnexus.demo.enrolment import ensure_demo_users
from wealthnexus.demo.sleeves import ensure_sleeves
from wealthnexus.domain.feeds.custody import reconcile_due
from wealthnexus.domain.feeds.importer import import_bundle
from wealthnexus.domain.ledger import book_view
from wealthnexus.domain.markets.service import judge_prices
from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.context import Actor
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.settings import Settings
from wealthnexus.runtime import Platform

LOADER = Actor("platform", None, "Demo loader")
LOADED = "demo.loaded"


@dataclass(frozen=True)
class FirmLogIns:
    """What a person needs to look at one demo firm."""

    slug: str
    name: str
    people: tuple[str, ...]


def load_demo_books(addresses: Addresses) -> None:
    """Apply the demo firms, import their books, make their people. Every part is safe to repeat.

    What was loaded is remembered in the data folder, so that a start with unchanged demo data
    only looks whether the firms are there.
    """
    settings = addresses.settings
    marker = settings.run_dir / LOADED
    wanted = _digest(settings)
    if _read(marker) == wanted and _firms_are_there(addresses):
        return
    with step("Applying the demo firms"):
        apply_folders(addresses, [settings.tenants_dir / slug for slug in people.FIRMS])
    for slug in people.FIRMS:
        with step(f"Loading the books of {slug}"):
            run_on(addresses, _Loading(slug, settings.run_dir / "demo").load)
    _gather_statistics(addresses)
    marker.write_text(wanted + "\n", encoding="utf-8")


def _gather_statistics(addresses: Addresses) -> None:
    """The first pages after a large load are planned as the later ones, without waiting for autovacuum."""
    url = addresses.sync_database_url_for("owner").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")


@dataclass(frozen=True)
class _Loading:
    slug: people.Firm
    folder: Path

    async def load(self, platform: Platform) -> None:
        firm = await platform.firms.by_slug(self.slug)
        shutil.rmtree(self.folder, ignore_errors=True)
        bundle = self.folder / self.slug
        write_demo_bundle(self.slug, bundle)
        report = await import_bundle(platform, firm, bundle, actor=LOADER, request=by_command_line())
        if not report.ok:
            raise ValidationFailed(
                f"The demo books of {self.slug} were refused, nothing was imported:\n"
                + "\n".join(report.lines())
            )
        # What the worker would do next, so that the desks show it from the first page on.
        await reconcile_due(platform, firm)
        async with platform.db.unit_of_work(Binding(firm.id), actor=LOADER, request=by_command_line()) as uow:
            await judge_prices(uow, await book_view(uow, firm))
            await ensure_composite(uow, await ensure_benchmark(uow))
        async with platform.db.unit_of_work(Binding(firm.id), actor=LOADER, request=by_command_line()) as uow:
            if self.slug == "summit":
                await ensure_sleeves(uow, firm)
        await ensure_demo_users(platform, firm, people.users_of(self.slug), advisors(self.slug))
        shutil.rmtree(self.folder, ignore_errors=True)


def _firms_are_there(addresses: Addresses) -> bool:
    async def slugs(platform: Platform) -> set[str]:
        return {firm.slug for firm in await platform.firms.all()}

    return set(people.FIRMS) <= run_on(addresses, slugs)


def _digest(settings: Settings) -> str:
    """Changes with the demo's code and data, the firms' folders, and the database they were loaded into."""
    digest = hashlib.sha256()
    if settings.database_url:
        url = make_url(settings.database_url)
        digest.update(f"{url.host}:{url.port}/{url.database}".encode())
    digest.update(settings.database_name.encode())
    roots = [Path(demo.__file__).parent, *(settings.tenants_dir / slug for slug in people.FIRMS)]
    for root in roots:
        for path in sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def demo_log_ins() -> list[FirmLogIns]:
    """Everybody who can sign in, per firm: address, role, what they see."""
    names = {"summit": "Summit Ridge Advisors", "harbor": "Harbor & Pine"}
    found = []
    for slug in people.FIRMS:
        known = people.users_of(slug)
        staff = [_person(user) for user in known if user.kind == "STAFF"]
        clients = [f"{user.email:42} {user.title}" for user in known if user.kind == "CLIENT"]
        found.append(FirmLogIns(slug, names[slug], (*staff, "clients, at /portal:", *clients)))
    return found


def _person(user: people.DemoUser) -> str:
    roles = ", ".join(role.lower().replace("_", " ") for role in user.roles)
    seen = " (only a part of the firm)" if user.limited else ""
    return f"{user.email:42} {roles}{seen}"
