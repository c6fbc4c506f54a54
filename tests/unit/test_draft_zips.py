"""Zips nobody means well with, and tables that are no text: refused before a draft is made of them."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from wealthnexus.domain.feeds.drafts import DraftMapping, FileMapping, draft_rows, headers_of
from wealthnexus.domain.feeds.drafts.rows import lines_with
from wealthnexus.kit.errors import ValidationFailed

TABLE = "external_id,name\nB1,Breaker\n"
MAPPING = DraftMapping(
    "Old system",
    date(2021, 3, 31),
    {"households.csv": FileMapping("households", {"external_id": "external_id", "name": "name"})},
)


def zipped(folder: Path, *members: tuple[str | zipfile.ZipInfo, bytes | str]) -> Path:
    path = folder / "sent.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TABLE.encode("utf-16"), "households.csv is no text in UTF-8"),
        ("n\xe4me,b\n".encode("latin-1"), "households.csv is no text in UTF-8"),
        ("na\0me,b\n", "households.csv is no text in UTF-8"),
    ],
)
def test_a_header_that_is_no_text_names_the_file_and_what_to_do(
    tmp_path: Path, content: bytes | str, said: str
) -> None:
    with pytest.raises(ValidationFailed, match=said) as refused:
        headers_of(zipped(tmp_path, ("households.csv", content)))
    assert "save it as CSV in UTF-8" in refused.value.message


def test_a_byte_that_is_not_utf_8_is_shown_as_a_replacement_character(tmp_path: Path) -> None:
    path = zipped(tmp_path, ("households.csv", TABLE.encode() + b"B2,Caf\xe9\n"))
    assert headers_of(path) == {"households.csv": ["external_id", "name"]}
    rows = draft_rows(path, MAPPING, {}, None, file="households")
    assert [row.cells["name"] for row in rows] == ["Breaker", "Caf\ufffd"]
    found = lines_with(path, MAPPING, {}, file="households", column="name", value="Caf\ufffd", limit=10)
    assert found == [3]


def _link() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("households.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return link


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([("households.csv", TABLE + "\n" * 20_000_000)], "a compression ratio of at most 200"),
        ([("../../etc/households.csv", TABLE)], "a name that stays inside the bundle"),
        ([("households.csv", TABLE), ("households.csv", "name\nEvil\n")], "each file once"),
        ([(_link(), "/etc/passwd")], "a file, not a link"),
        ([("n" * 300 + ".csv", TABLE)], "at most 200 characters"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_what_no_book_is_sent_as_is_refused_before_it_is_unpacked(
    tmp_path: Path, members: list[tuple[str | zipfile.ZipInfo, str]], said: str
) -> None:
    with pytest.raises(ValidationFailed, match=said):
        headers_of(zipped(tmp_path, *members))


@pytest.mark.parametrize("place", range(40, 120, 7))
def test_a_damaged_zip_is_refused_wherever_the_damage_is(tmp_path: Path, place: int) -> None:
    rows = "".join(f"B{number},Breaker {number}\n" for number in range(200))
    sent = bytearray(zipped(tmp_path, ("households.csv", TABLE + rows)).read_bytes())
    sent[place] ^= 0xFF
    path = tmp_path / "damaged.zip"
    path.write_bytes(bytes(sent))

    def read() -> None:
        headers_of(path)
        draft_rows(path, MAPPING, {}, None, file="households", lines=range(500, 600))

    with pytest.raises(ValidationFailed):
        read()


def test_a_table_that_says_to_be_larger_than_it_is(tmp_path: Path) -> None:
    sent = bytearray(zipped(tmp_path, ("households.csv", TABLE)).read_bytes())
    struct.pack_into("<I", sent, sent.find(b"PK\x01\x02") + 24, 0xFFFFFFF0)
    path = tmp_path / "lying.zip"
    path.write_bytes(bytes(sent))
    with pytest.raises(ValidationFailed, match=r"households\.csv"):
        headers_of(path)


def test_a_zip_of_no_table(tmp_path: Path) -> None:
    packed = io.BytesIO()
    zipfile.ZipFile(packed, "w").close()
    (tmp_path / "empty.zip").write_bytes(packed.getvalue())
    with pytest.raises(ValidationFailed, match=r"no \.csv file"):
        headers_of(tmp_path / "empty.zip")
