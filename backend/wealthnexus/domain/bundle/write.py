"""Writing a bundle: the same columns in the same order, plain decimals, ISO dates, an empty cell for null."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, Final

from .format import FILES, HEADER_FILE, BundleHeader, FileFormat, Row

_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""A fixed time stamp, so that the same rows make the same bytes."""


def write_bundle(out: Path, header: BundleHeader, files: Mapping[str, Iterable[Row]]) -> dict[str, int]:
    """Write a bundle to a folder, or to a zip when ``out`` ends in ``.zip``; rows are streamed.

    ``files`` gives the rows by file name without ``.csv``; a file left out is written with its header row
    only. Existing files of the bundle are replaced. Returns the number of rows per file. KeyError for a
    file the format does not know.
    """
    for name in files:
        if name not in FILES:
            raise KeyError(f"{name} is not a file of the bundle; expected {', '.join(FILES)}")
    said: dict[str, Any] = {
        "format_version": header.format_version, "source": header.source, "as_of": header.as_of.isoformat()
    }  # fmt: skip
    if header.is_export:
        said["is_export"] = True
    head = json.dumps(said, ensure_ascii=False, indent=2)
    counts: dict[str, int] = {}
    if out.suffix.lower() == ".zip":
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(_zip_entry(HEADER_FILE), head + "\n")
            for file_format in FILES.values():
                with archive.open(_zip_entry(file_format.file_name), "w", force_zip64=True) as member:
                    counts[file_format.name] = _write_rows(
                        member, file_format, files.get(file_format.name, ())
                    )
        return counts
    out.mkdir(parents=True, exist_ok=True)
    (out / HEADER_FILE).write_text(head + "\n", encoding="utf-8")
    for file_format in FILES.values():
        with (out / file_format.file_name).open("wb") as file:
            counts[file_format.name] = _write_rows(file, file_format, files.get(file_format.name, ()))
    return counts


def _zip_entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry


def _write_rows(binary: IO[bytes], file_format: FileFormat[Any], rows: Iterable[Row]) -> int:
    text = io.TextIOWrapper(binary, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    names = file_format.column_names
    writer.writerow(names)
    cells_of = attrgetter(*names)
    count = 0
    for row in rows:
        writer.writerow([_cell(value) for value in cells_of(row)])
        count += 1
    text.flush()
    text.detach()
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return str(value)
