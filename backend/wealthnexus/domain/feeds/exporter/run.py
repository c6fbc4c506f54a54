"""One export: every source of the firm a bundle, all of one state of the books."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import asyncpg
from sqlalchemy import text

from wealthnexus.domain.bundle.format import FILES, FORMAT_VERSION, HEADER_FILE
from wealthnexus.domain.feeds.exporter.queries import ACCOUNTS, CLIENTS, COPIED, LAST_DAY, SOURCES
from wealthnexus.domain.feeds.importer.run import FirmFacts, HasDatabase
from wealthnexus.kit.crypto import Place, decrypt
from wealthnexus.kit.db.session import Binding, Reader
from wealthnexus.kit.errors import ValidationFailed
from wealthnexus.kit.text import message

INDEX_FILE: Final = "index.json"
TRANSACTION_SECONDS_MAX: Final = 3_600
SOURCES_MAX: Final = 200
_ROWS_AT_ONCE: Final = 500
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_SEALED: Final = {"accounts": ("account_number",), "clients": ("birth_date", "tax_id")}
_TABLES: Final = {"accounts": "accounts", "clients": "parties"}
_TAKEN = message(
    "feeds.export_taken", "{path} is there already and is not empty; nothing was exported", path=str
)
_SOURCES = message(
    "feeds.export_sources",
    "the books come from {count, number} sources, at most {limit, number} are exported; nothing was exported",
    count=int,
    limit=int,
)

Progress = Callable[[str, int, int | None], Awaitable[None]]
"""(stage, done, total); raising in it stops the export, and nothing is left behind."""


@dataclass(slots=True)
class ExportReport:
    """Rows by file, over all bundles; ``bundles`` the folders in the order of an import."""

    as_of: date
    bundles: list[str] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    size_bytes: int = 0

    def as_result(self) -> dict[str, Any]:
        """For ``Job.result``."""
        return {
            "asOf": self.as_of.isoformat(),
            "bundles": len(self.bundles),
            "rows": dict(self.rows),
            "sizeBytes": self.size_bytes,
        }

    def lines(self) -> Iterator[str]:
        """The report as text."""
        for name, count in self.rows.items():
            if count:
                yield f"{name.replace('_', ' ')}: {count:,}"
        yield f"{len(self.bundles)} bundle{'' if len(self.bundles) == 1 else 's'}, as of {self.as_of}."


async def export_books(
    platform: HasDatabase, firm: FirmFacts, out: Path, *, progress: Progress | None = None
) -> ExportReport:
    """Write the firm's books to the folder ``out``, or to a zip when it ends in ``.zip``.

    One read-only transaction: all files are of one state. Account numbers, tax ids and birth dates are
    written in the clear; files are readable by their owner alone. ValidationFailed when ``out`` is there
    already (an empty folder may be).
    """
    is_zip = out.suffix.lower() == ".zip"
    place = await asyncio.to_thread(_prepared, out)
    try:
        folder = place / "books"
        async with platform.db.reading(Binding(firm.id)) as reader:
            report = await _Export(reader, firm, folder, progress or _silent).run()
        report.size_bytes = await asyncio.to_thread(_zipped if is_zip else _moved, folder, out)
    finally:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
    return report


def _prepared(out: Path) -> Path:
    """A folder beside ``out``, so that what is made in it is moved there whole, on one file system."""
    if out.exists() and (not out.is_dir() or any(out.iterdir()) or out.suffix.lower() == ".zip"):
        raise ValidationFailed(_TAKEN(path=str(out)))
    out.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".export-", dir=out.parent))
    (place / "books").mkdir(mode=0o700)
    return place


def _moved(folder: Path, out: Path) -> int:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if out.exists():
        out.rmdir()
    folder.rename(out)
    return size


async def _silent(_stage: str, _done: int, _total: int | None) -> None:
    return None


def _zipped(folder: Path, out: Path) -> int:
    archive = folder.with_suffix(".zip")
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            entry = zipfile.ZipInfo(str(path.relative_to(folder)), _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with path.open("rb") as source, packed.open(entry, "w", force_zip64=True) as member:
                shutil.copyfileobj(source, member, 1 << 20)
    archive.rename(out)
    return out.stat().st_size


class _Export:
    def __init__(self, reader: Reader, firm: FirmFacts, folder: Path, progress: Progress) -> None:
        self.reader = reader
        self.firm = firm
        self.folder = folder
        self.progress = progress
        self.report = ExportReport(firm.business_date())
        self._done = 0
        self._total = 0

    async def run(self) -> ExportReport:
        """Every source's files, then the index when there are several."""
        await self.reader.execute(text(f"set local statement_timeout = '{TRANSACTION_SECONDS_MAX}s'"))
        driver = await self.reader.driver()
        tenant = self.reader.tenant_id
        sources = [row[0] for row in await driver.fetch(SOURCES, tenant)]
        if len(sources) > SOURCES_MAX:
            raise ValidationFailed(_SOURCES(count=len(sources), limit=SOURCES_MAX))
        latest = await driver.fetchval(LAST_DAY, tenant)
        self.report.as_of = max(self.report.as_of, latest) if latest else self.report.as_of
        sources = sources or ["MANUAL"]
        self._total = len(sources) * len(FILES)
        for number, source in enumerate(sources, 1):
            name = f"{number}-{_slug(source)}" if len(sources) > 1 else ""
            self.report.bundles.append(name)
            await asyncio.to_thread((self.folder / name).mkdir, mode=0o700, exist_ok=True)
            await self._bundle(driver, source, self.folder / name)
        if len(sources) > 1:
            index = {
                "format_version": FORMAT_VERSION,
                "as_of": self.report.as_of.isoformat(),
                "bundles": self.report.bundles,
            }
            (self.folder / INDEX_FILE).write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
        return self.report

    async def _bundle(self, driver: asyncpg.Connection, source: str, folder: Path) -> None:
        header = {
            "format_version": FORMAT_VERSION,
            "source": source,
            "as_of": self.report.as_of.isoformat(),
            "is_export": True,
        }
        said = json.dumps(header, ensure_ascii=False, indent=2) + "\n"
        (folder / HEADER_FILE).write_text(said, encoding="utf-8")
        for name in FILES:
            await self.progress(name, self._done, self._total)
            path = folder / FILES[name].file_name
            if name in COPIED:
                count = await self._copied(driver, name, source, path)
            else:
                count = await self._opened(driver, name, source, path)
            self.report.rows[name] = self.report.rows.get(name, 0) + count
            self._done += 1
        await self.progress("writing", self._done, self._total)

    async def _copied(self, driver: asyncpg.Connection, name: str, source: str, path: Path) -> int:
        """The database writes the file; a cancellation is heard between its pieces."""
        with _private(path) as file:
            file.write((",".join(FILES[name].column_names) + "\n").encode())

            async def put(chunk: bytes) -> None:
                file.write(chunk)
                await self.progress(name, self._done, self._total)

            status = await driver.copy_from_query(
                COPIED[name], self.reader.tenant_id, source, output=put, format="csv"
            )
        return int(status.split()[-1])

    async def _opened(self, driver: asyncpg.Connection, name: str, source: str, path: Path) -> int:
        """Rows with sealed values: opened here, one after the other."""
        key = await self.reader.facts["keyring"].firm_key(self.reader)
        columns = FILES[name].column_names
        count = 0
        with _private(path) as file, io.TextIOWrapper(file, "utf-8", newline="") as lines:
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerow(columns)
            async for row in self._rows(driver, ACCOUNTS if name == "accounts" else CLIENTS, source):
                cells = dict(row)
                for column in _SEALED[name]:
                    if cells[column] is not None:
                        place = Place(self.reader.tenant_id, _TABLES[name], column, cells["id"])
                        cells[column] = decrypt(key, cells[column], place).decode()
                writer.writerow([_cell(cells[column]) for column in columns])
                count += 1
                if not count % _ROWS_AT_ONCE:
                    await self.progress(name, self._done, self._total)
        return count

    async def _rows(
        self, driver: asyncpg.Connection, query: str, source: str
    ) -> AsyncIterator[asyncpg.Record]:
        async for row in driver.cursor(query, self.reader.tenant_id, source, prefetch=_ROWS_AT_ONCE):
            yield row


def _private(path: Path) -> Any:
    """A new file that its owner alone may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value.isoformat() if isinstance(value, date) else str(value)


def _slug(source: str) -> str:
    """A source's name as part of a folder's name."""
    return re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-")[:40] or "source"
