"""Finding by the beginnings of words; renaming a household."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from wealthnexus.domain.clients import repository as clients
from wealthnexus.domain.clients.names import normalised, words
from wealthnexus.domain.clients.service import index_words, rename_household
from wealthnexus.domain.firms import FirmInfo
from wealthnexus.domain.work import register_subject
from wealthnexus.kit.context import SYSTEM
from wealthnexus.kit.db.session import Binding
from wealthnexus.kit.errors import Conflict, NotFound, PermissionDenied, ValidationFailed
from wealthnexus.kit.ids import new_id
from wealthnexus.runtime import Platform

from tests.factories import make_user
from tests.factories_ledger import Book, ids_of, rows, scalar


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "folded", "found"),
    [
        ("  Müller  &  Söhne ", "muller & sohne", ["muller", "sohne"]),
        ("STRASSE Straße", "strasse strasse", ["strasse"]),
        ("O'Neill-Smith", "o'neill-smith", ["o", "neill", "smith"]),
        ("ﬁnance №1", "finance no1", ["finance", "no1"]),
        ("&&& ---", "&&& ---", []),
    ],
)
def test_names_are_folded(text: str, folded: str, found: list[str]) -> None:
    assert normalised(text) == folded
    assert words(text) == found


@pytest.mark.unit
@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    assert all(word == normalised(word) for word in words(text))


def searched() -> Book:
    book = Book().household("H1", "Whitfield Family").household("H2", "Whitaker & Söhne Trust")
    book.account("A1", "H1", name="Whitfield Joint", account_number="71104471", account_type="JOINT")
    book.security("AAPL", name="Apple Inc.", isin="US0378331005", cusip="037833100")
    return book


@pytest.mark.database
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("whit", [("HOUSEHOLD", "Whitaker & Söhne Trust"), ("HOUSEHOLD", "Whitfield Family"),
                  ("ACCOUNT", "Whitfield Joint")]),
        ("WHITF fam", [("HOUSEHOLD", "Whitfield Family")]),
        ("family whitf", [("HOUSEHOLD", "Whitfield Family")]),
        ("sohne", [("HOUSEHOLD", "Whitaker & Söhne Trust")]),
        ("SÖHNE", [("HOUSEHOLD", "Whitaker & Söhne Trust")]),
        ("4471", [("ACCOUNT", "Whitfield Joint")]),
        ("us0378331005", [("SECURITY", "Apple Inc.")]),
        ("US 0378331005", [("SECURITY", "Apple Inc.")]),
        ("037833100", [("SECURITY", "Apple Inc.")]),
        ("aapl", [("SECURITY", "Apple Inc.")]),
        ("whit fam j", []),
        ("joint whit", [("ACCOUNT", "Whitfield Joint")]),
        ("hitfield", []),
        ("71104471", []),
        ("whitfield whitaker", []),
        ("%", []),
        ("", []),
    ],
)  # fmt: skip
async def test_search(
    platform: Platform, firm: FirmInfo, tmp_path: Path, query: str, found: list[tuple[str, str]]
) -> None:
    await searched().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        groups = await clients.search(reader, query)
    assert [(hit.kind, hit.title) for group in groups for hit in group.hits] == found


@pytest.mark.database
async def test_a_security_is_found_by_any_identifier_and_a_person_by_every_word(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    book = Book().household().account().security("BRKB", name="Berkshire", symbol="BRK.B", sedol="2073390")
    await book.security("OLD", name="Renamed Co", figi="BBG000B9XRY4").load(platform, firm, tmp_path)
    ids = (await ids_of(platform, firm)).securities
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await uow.execute(
            text(
                "insert into security_identifiers (tenant_id, id, security_id, scheme, value, effective_to,"
                " book_version) values (:t, :i, :s, 'SYMBOL', 'LONGAGO', '2010-01-04', 1),"
                " (:t, :j, :s, 'ISIN', 'GB0002634946', null, 1)"
            ),
            {"t": firm.id, "i": new_id(), "j": new_id(), "s": ids["OLD"]},
        )
        party = new_id()
        await register_subject(uow, party, "party", "José María Núñez-Prado")
        await index_words(uow, party, "PARTY", ("José María Núñez-Prado", "C-17"))
    found = {}
    async with platform.db.reading(Binding(firm.id)) as reader:
        for query in (
            "BRK/B",
            "brk-b",
            "2073390",
            "longago",
            "0263494",
            "bbg000b9xry4",
            "prado jose",
            "maria NUNEZ jos",
            "c 17",
            "nunez pradox",
        ):
            groups = await clients.search(reader, query)
            found[query] = [(hit.kind, hit.title) for group in groups for hit in group.hits]
    berkshire, renamed = [("SECURITY", "Berkshire")], [("SECURITY", "Renamed Co")]
    person = [("PARTY", "José María Núñez-Prado")]
    assert found == {
        "BRK/B": berkshire, "brk-b": berkshire, "2073390": berkshire, "longago": renamed, "0263494": renamed,
        "bbg000b9xry4": renamed, "prado jose": person, "maria NUNEZ jos": person, "c 17": person,
        "nunez pradox": [],
    }  # fmt: skip


@pytest.mark.database
async def test_hits_say_what_they_are_and_kinds_can_be_chosen(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await searched().load(platform, firm, tmp_path)
    async with platform.db.reading(Binding(firm.id)) as reader:
        groups = await clients.search(reader, "whit", ["ACCOUNT", "SECURITY"])
        limited = await clients.search(reader, "whit", first=1)
        (group,) = groups
        assert [(hit.title, hit.subtitle) for hit in group.hits] == [("Whitfield Joint", "JOINT · …4471")]
        assert [len(group.hits) for group in limited] == [1, 1]
        for arguments, message in (
            (("x" * 201,), "the query has 201 characters, expected at most 200"),
            (("x", ["PLANET"]), "kind 'PLANET', expected HOUSEHOLD, PARTY, ACCOUNT, SECURITY, USER"),
            (("x", None, 51), "first is 51, expected 1 to 50"),
        ):
            with pytest.raises(ValidationFailed, match=message):
                await clients.search(reader, *arguments)


@pytest.mark.database
async def test_a_limited_person_finds_only_what_was_granted(
    platform: Platform, firm: FirmInfo, tmp_path: Path
) -> None:
    await searched().load(platform, firm, tmp_path)
    person = await make_user(platform, firm, roles=("CLIENT",), limited=True, accounts=("A1",))
    async with platform.db.reading(Binding(firm.id, person.id, "limited", "portal")) as reader:
        groups = await clients.search(reader, "whit")
    assert [(hit.kind, hit.title) for group in groups for hit in group.hits] == [
        ("ACCOUNT", "Whitfield Joint")
    ]


@pytest.mark.database
async def test_a_household_is_renamed_once(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await searched().load(platform, firm, tmp_path)
    household_id = (await ids_of(platform, firm)).households["H1"]

    async def rename(name: str, version: int, binding: Binding | None = None) -> tuple[str, int]:
        async with platform.db.unit_of_work(binding or Binding(firm.id)) as uow:
            done = await rename_household(uow, SYSTEM, household_id, name, version)
            return done.name, done.version

    assert await rename("  Ångström   Family ", 1) == ("Ångström Family", 2)
    assert await rename("Ångström Family", 2) == ("Ångström Family", 2)
    with pytest.raises(Conflict, match="version 1 was expected, it is 2; nothing was renamed") as stale:
        await rename("Other", 1)
    assert stale.value.current_version == 2
    with pytest.raises(ValidationFailed, match="the name has 0 characters, expected 1 to 200"):
        await rename("   ", 2)
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        with pytest.raises(NotFound):
            await rename_household(uow, SYSTEM, new_id(), "Other", 1)
    person = await make_user(platform, firm, limited=True)
    with pytest.raises(NotFound):
        await rename("Other", 2, Binding(firm.id, person.id, "limited"))
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await clients.search(reader, "angstrom")
        assert [hit.title for group in found for hit in group.hits] == ["Ångström Family"]
        assert [hit.title for group in await clients.search(reader, "whitfield") for hit in group.hits] == [
            "Whitfield Joint"
        ]
    # the source's own name of before does not bring the old one back
    assert not (await searched().load(platform, firm, tmp_path)).changed
    assert await rows(
        platform, firm, "select h.name, h.version, s.label from households h join subjects s"
        " on s.tenant_id = h.tenant_id and s.id = h.id where h.tenant_id = :t and h.external_id = 'H1'"
    ) == [("Ångström Family", 2, "Ångström Family")]  # fmt: skip
    assert await scalar(
        platform, firm, "select count(*) from audit_events where tenant_id = :t"
        " and action = 'clients.household.renamed'"
    ) == 1  # fmt: skip


@pytest.mark.database
async def test_a_reading_grant_does_not_rename(platform: Platform, firm: FirmInfo, tmp_path: Path) -> None:
    await searched().load(platform, firm, tmp_path)
    ids = await ids_of(platform, firm)
    person = await make_user(platform, firm, limited=True, book=("H1",))
    binding = Binding(firm.id, person.id, "limited")
    async with platform.db.unit_of_work(binding) as uow:
        with pytest.raises(PermissionDenied, match="your access to this household is for reading"):
            await rename_household(uow, SYSTEM, ids.households["H1"], "Other", 1)


@pytest.mark.database
async def test_words_of_other_rooms_are_found(platform: Platform, firm: FirmInfo) -> None:
    person = await make_user(platform, firm, name="Zoë Okafor")
    async with platform.db.unit_of_work(Binding(firm.id)) as uow:
        await index_words(uow, person.id, "USER", ("Zoë Okafor", person.email))
    async with platform.db.reading(Binding(firm.id)) as reader:
        found = await clients.search(reader, "zoe oka")
    assert [(hit.kind, hit.title, hit.subtitle) for group in found for hit in group.hits] == [
        ("USER", "Zoë Okafor", person.email)
    ]
