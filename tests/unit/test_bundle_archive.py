"""Opening a bundle: what is refused before a single row is read, and in which words."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import date
from pathlib import Path

import pytest
from wealthnexus.domain.bundle import BundleRefused, archive, open_bundle

from tests.support.bundles import HEADER, write_folder, write_zip

pytestmark = pytest.mark.unit


def refusal(path: Path) -> list[str]:
    with pytest.raises(BundleRefused) as refused:
        open_bundle(path)
    assert refused.value.message.endswith("; nothing was imported")
    assert refused.value.code == "VALIDATION_FAILED"
    return [problem.message for problem in refused.value.row_problems]


def test_the_header_is_read(tmp_path: Path) -> None:
    with open_bundle(write_folder(tmp_path / "b")) as bundle:
        assert bundle.header.source == "Test custodian"
        assert bundle.header.as_of == date(2021, 3, 31)
        assert bundle.header.format_version == 1


def test_nothing_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none") == ["none: no such file or folder; expected a bundle folder or a zip"]


def test_not_a_zip(tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"PK but no more")
    assert refusal(tmp_path / "b.zip") == ["b.zip: expected a zip file or a folder (File is not a zip file)"]


@pytest.mark.parametrize(
    ("content", "messages"),
    [
        (None, ["bundle.json: missing; expected {format_version, source, as_of}"]),
        ("[]", ["bundle.json: expected a JSON object {format_version, source, as_of}"]),
        (
            "{}",
            [
                "bundle.json, format_version: expected 1",
                "bundle.json, source: expected the name of the sending system, 1 to 200 characters",
                "bundle.json, as_of: expected a date as YYYY-MM-DD",
            ],
        ),
        (json.dumps({**HEADER, "format_version": 2}), ['bundle.json, format_version "2": expected 1']),
        (json.dumps({**HEADER, "format_version": True}), ['bundle.json, format_version "True": expected 1']),
        (
            json.dumps({**HEADER, "as_of": "31.03.2021"}),
            ['bundle.json, as_of "31.03.2021": expected a date as YYYY-MM-DD'],
        ),
        (
            json.dumps({**HEADER, "source": "a\nb"}),
            ['bundle.json, source "a\\u000ab": expected the name of the sending system, 1 to 200 characters'],
        ),
        (
            "x" * (archive.HEADER_BYTES_MAX + 1),
            [f"bundle.json: expected at most {archive.HEADER_BYTES_MAX} bytes"],
        ),
    ],
)
def test_the_header_is_checked(tmp_path: Path, content: str | None, messages: list[str]) -> None:
    assert refusal(write_folder(tmp_path / "b", {"bundle.json": content})) == messages


@pytest.mark.parametrize("content", ["", "{", "{" * 50_000, b"\xff\xfe{}"])
def test_a_header_that_is_not_json(tmp_path: Path, content: str | bytes) -> None:
    (message,) = refusal(write_folder(tmp_path / "b", {"bundle.json": content}))
    assert message.startswith("bundle.json: expected a JSON object")


def test_a_misspelt_file_is_refused_and_another_kind_of_file_is_noted(tmp_path: Path) -> None:
    assert refusal(write_folder(tmp_path / "a", {"Transactions.csv": "x"})) == [
        "Transactions.csv: unknown file; expected accounts.csv, clients.csv, corporate_actions.csv, "
        "custodian_lots.csv, custodian_positions.csv, fx_rates.csv, households.csv, identifiers.csv, "
        "liabilities.csv, lots.csv, owners.csv, prices.csv, relationships.csv, securities.csv, "
        "transactions.csv"
    ]
    with open_bundle(
        write_folder(tmp_path / "b", {"notes.pdf": "x", "README.txt": "x", ".DS_Store": "x"})
    ) as b:
        assert [note.message for note in b.notes] == [
            "README.txt: this version does not read it; nothing of it is imported",
            "notes.pdf: this version does not read it; nothing of it is imported",
        ]


def test_a_folder_holds_files_only(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "b")
    (folder / "inner").mkdir()
    assert refusal(folder) == ["inner: expected files only, directly in the folder of the bundle"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("../evil.csv", "../evil.csv: expected a name that stays inside the bundle"),
        ("/etc/evil.csv", "/etc/evil.csv: expected a name that stays inside the bundle"),
        ("a/../../evil.csv", "a/../../evil.csv: expected a name that stays inside the bundle"),
        ("C:evil.csv", "C:evil.csv: expected a name that stays inside the bundle"),
        ("..\\evil.csv", "..\\evil.csv: expected a name that stays inside the bundle"),
        ("e\nvil.csv", "e\nvil.csv: expected a printable file name of at most 200 characters"),
        ("x" * 201, "x" * 201 + ": expected a printable file name of at most 200 characters"),
    ],
)
def test_names_stay_inside_the_zip(tmp_path: Path, name: str, message: str) -> None:
    assert refusal(write_zip(tmp_path / "b.zip", {name: "x"})) == [message]


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    """A zero byte where a name begins: zipfile cuts the name there and keeps an empty one."""
    path = write_zip(tmp_path / "b.zip")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"prices.csv", b"\x00rices.csv"))
    assert refusal(path) == [": expected a printable file name of at most 200 characters"]


def test_members_lie_together(tmp_path: Path) -> None:
    messages = refusal(write_zip(tmp_path / "b.zip", {"inner/notes.txt": "x"}))
    assert messages == ["inner/notes.txt: expected files only, at the top of the zip or in one common folder"]


def test_what_a_file_manager_adds_is_ignored(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "b.zip", prefix="book/")
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr("__MACOSX/book/._prices.csv", "x")
        zipped.writestr("book/.DS_Store", "x")
        zipped.mkdir("book/empty")
    with open_bundle(path) as bundle:
        assert bundle.notes == []


def test_links_encryption_and_odd_compression_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("prices.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = write_zip(tmp_path / "a.zip", {"prices.csv": None})
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr(link, "/etc/passwd")
    assert refusal(path) == ["prices.csv: expected a file, not a link"]

    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as zipped:
        zipped.writestr("bundle.json", json.dumps(HEADER))
    assert refusal(path) == ["bundle.json: expected a stored or deflated file"]

    path = write_zip(tmp_path / "c.zip")
    raw = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    path.write_bytes(raw)
    assert refusal(path) == ["bundle.json: expected a file that is not encrypted"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_each_file_once(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as zipped:
        zipped.writestr("prices.csv", "security_key\n")
    assert refusal(path) == ["prices.csv: expected each file once"]


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "b.zip", {"prices.csv": b"0" * (archive.RATIO_FREE_BYTES + 1)})
    assert path.stat().st_size < 100_000
    assert refusal(path) == [
        f"prices.csv: expected a compression ratio of at most {archive.COMPRESSION_RATIO_MAX}"
    ]


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as zipped:
        zipped.writestr("bundle.json", json.dumps(HEADER))
        zipped.writestr("prices.csv", "x" * 4000)
        first = zipped.filelist[1]
        # Entries of the directory that all point at the same bytes: the trick of the best zip bombs.
        for number in range(5):
            again = zipfile.ZipInfo(f"notes{number}.txt")
            again.header_offset, again.CRC = first.header_offset, first.CRC
            again.compress_size = again.file_size = first.file_size
            zipped.filelist.append(again)
    assert refusal(path) == ["b.zip: expected members that do not overlap"]


def test_too_many_members(tmp_path: Path) -> None:
    extra = {f"note{number}.txt": "x" for number in range(archive.MEMBERS_MAX)}
    assert refusal(write_zip(tmp_path / "b.zip", dict(extra))) == [
        "b.zip: expected at most 64 files, found 71"
    ]
    assert refusal(write_folder(tmp_path / "b", dict(extra))) == ["b: expected at most 64 files"]


def test_declared_sizes_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MEMBER_BYTES_MAX", 400)
    path, folder = write_zip(tmp_path / "b.zip"), write_folder(tmp_path / "b")
    assert any("expected at most 400 bytes" in message for message in refusal(path))
    assert any("expected at most 400 bytes" in message for message in refusal(folder))
    monkeypatch.setattr(archive, "MEMBER_BYTES_MAX", 10_000)
    monkeypatch.setattr(archive, "BUNDLE_BYTES_MAX", 1_000)
    assert refusal(path) == ["b.zip: expected at most 1000 bytes in all when unpacked"]
    assert any("expected at most 1000 bytes in all" in message for message in refusal(folder))
    monkeypatch.setattr(archive, "ZIP_BYTES_MAX", 100)
    assert refusal(path) == ["b.zip: expected a zip of at most 100 bytes"]
