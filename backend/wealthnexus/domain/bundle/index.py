"""``index.json``: the bundles of an export whose books come from several sources, in order."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any, Final

from .archive import Bundle, BundleRefused
from .columns import FileFormat, R
from .parse import RowStream
from .report import RowProblem

INDEX_FILE: Final = "index.json"
BUNDLES_MAX: Final = 200
_BYTES_MAX: Final = 64 * 1024
_FOLDER: Final = re.compile(r"[0-9]{1,3}-[a-z0-9-]{1,40}")


def read_index(path: Path | str) -> list[str] | None:
    """The folders of the bundles below ``path`` (a folder or a zip); None when it has no index.

    BundleRefused for an index that does not say so in its shape.
    """
    raw = _raw(Path(path))
    if raw is None:
        return None
    try:
        content: Any = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused(f"expected a JSON object in UTF-8 ({error})") from None
    folders = content.get("bundles") if isinstance(content, dict) and len(raw) <= _BYTES_MAX else None
    if not isinstance(folders, list) or not 1 <= len(folders) <= BUNDLES_MAX:
        raise _refused(f"expected {{format_version, as_of, bundles}} with 1 to {BUNDLES_MAX} folders")
    for folder in folders:
        if not isinstance(folder, str) or _FOLDER.fullmatch(folder) is None:
            raise _refused("expected folders such as 1-cascade-custody", str(folder))
    if len(set(folders)) != len(folders):
        raise _refused("expected each folder once")
    return folders


def _refused(expectation: str, value: str | None = None) -> BundleRefused:
    return BundleRefused([RowProblem(INDEX_FILE, 0, "bundles", value, expectation)])


def _raw(path: Path) -> bytes | None:
    try:
        if path.is_dir():
            index = path / INDEX_FILE
            if not index.is_file():
                return None
            with index.open("rb") as file:
                return file.read(_BYTES_MAX + 1)
        if not path.is_file():
            return None
        with zipfile.ZipFile(path) as archive:
            if INDEX_FILE not in archive.namelist():
                return None
            with archive.open(INDEX_FILE) as member:
                return member.read(_BYTES_MAX + 1)
    except Exception:
        # What cannot be read at all is refused, in words, by opening it as a bundle.
        return None


class PartOfBundle(Bundle):
    """A bundle of which some files alone are seen."""

    def __init__(self, bundle: Bundle, names: frozenset[str]) -> None:
        self.__dict__.update(bundle.__dict__)
        self._whole = bundle
        self._names = names

    def size(self, name: str) -> int:
        return self._whole.size(name) if name in self._names else 0

    def stream(self, file_format: FileFormat[R]) -> RowStream[R]:
        if file_format.name in self._names:
            return self._whole.stream(file_format)
        return RowStream(file_format, self.header.as_of, None, 0)
