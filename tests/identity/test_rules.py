"""Codes, lock-out, passwords, names and roles: tables and properties, no database."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wealthnexus.domain.identity.permissions import (
    CLIENT_ROLES,
    ROLE_PERMISSIONS,
    STAFF_ROLES,
    Permission,
    Role,
    kind_of,
    may_give,
    needs_second_person,
    permissions_of,
)
from wealthnexus.domain.identity.rules import lockout, people, totp
from wealthnexus.kit.errors import ValidationFailed

pytestmark = pytest.mark.unit

VECTORS = json.loads((Path(__file__).parents[1] / "truths" / "auth_vectors.json").read_text())["cases"]
TOTP_VECTORS = [case for case in VECTORS if case["id"].startswith("rfc6238")]
# RFC 6238 appendix B, the SHA-1 rows: unix time, code of eight digits.
RFC_6238 = [
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
]
# RFC 4226 appendix D: counter 0 to 9.
RFC_4226 = [
    "755224",
    "287082",
    "359152",
    "969429",
    "338314",
    "254676",
    "287922",
    "162583",
    "399871",
    "520489",
]
RFC_SECRET = b"12345678901234567890"


@pytest.mark.parametrize("case", TOTP_VECTORS, ids=lambda case: case["id"])
def test_published_totp_cases(case: dict) -> None:
    given_, step = case["inputs"], case["inputs"]["unix_time"] // case["inputs"]["step"]
    secret = given_["secret_ascii"].encode()
    assert totp.base32(secret) == given_["secret_base32"].rstrip("=")
    assert totp.code_at(secret, step, given_["digits"]) == case["expected"]
    assert totp.code_at(secret, step) == case["six_digits"]


@pytest.mark.parametrize(("unix_time", "expected"), RFC_6238)
def test_rfc_6238_appendix_b(unix_time: int, expected: str) -> None:
    assert totp.code_at(RFC_SECRET, unix_time // 30, 8) == expected


@pytest.mark.parametrize(("counter", "expected"), list(enumerate(RFC_4226)))
def test_rfc_4226_appendix_d(counter: int, expected: str) -> None:
    assert totp.code_at(RFC_SECRET, counter) == expected


@pytest.mark.parametrize(
    ("steps_away", "last_step_away", "expected_away"),
    [
        (0, None, 0),  # the code of now
        (-1, None, -1),  # a slow hand or a slow clock
        (1, None, 1),  # a fast clock
        (-2, None, None),  # a minute late
        (2, None, None),
        (0, 0, None),  # the very same code again
        (-1, 0, None),  # an older one after a newer one
        (1, 0, 1),  # the next one
        (0, 1, None),
    ],
)
def test_one_step_of_drift_and_no_replay(
    steps_away: int, last_step_away: int | None, expected_away: int | None
) -> None:
    at = datetime(2026, 3, 1, 12, 0, 15, tzinfo=UTC)
    now = totp.step_of(at)
    code = totp.code_at(RFC_SECRET, now + steps_away)
    last = None if last_step_away is None else now + last_step_away
    found = totp.matching_step(RFC_SECRET, code, at, last)
    assert found == (None if expected_away is None else now + expected_away)


def test_the_authenticator_reads_the_firms_name() -> None:
    uri = totp.otpauth_uri(RFC_SECRET, firm_name="Harbor & Pine", email="tilda@harborpine.example")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/Harbor%20%26%20Pine%3Atilda%40harborpine.example"
    assert parse_qs(parts.query) == {
        "secret": ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"],
        "issuer": ["Harbor & Pine"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }


@pytest.mark.parametrize(
    ("failed", "seconds"),
    [(0, 0), (1, 0), (4, 0), (5, 60), (6, 120), (7, 240), (8, 480), (9, 960), (10, 1_920), (11, 3_600),
     (12, 3_600), (500, 3_600)],
)  # fmt: skip
def test_lock_doubles_to_an_hour(failed: int, seconds: int) -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert lockout.lock_seconds(failed) == seconds
    expected = at + timedelta(seconds=seconds) if seconds else None
    assert lockout.locked_until(failed, at) == expected


def test_seconds_left_round_up() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    assert lockout.seconds_left(None, at) == 0
    assert lockout.seconds_left(at, at) == 0
    assert lockout.seconds_left(at + timedelta(milliseconds=1), at) == 1
    assert lockout.seconds_left(at + timedelta(seconds=60), at) == 60


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("Ana@Firm.COM", "ana@firm.com"),
        ("  ana@firm.com\t", "ana@firm.com"),
        ("ａｎａ@firm.com", "ana@firm.com"),  # full-width letters
        ("STRASSE@firm.com", "strasse@firm.com"),
        ("ana+tag@mail.firm.co.uk", "ana+tag@mail.firm.co.uk"),
    ],
)
def test_addresses_are_compared_in_one_form(given_: str, expected: str) -> None:
    assert people.normalised_email(given_) == expected


@pytest.mark.parametrize(
    "given_",
    ["", "ana", "ana@", "@firm.com", "ana@firm", "a b@firm.com", "ana@firm..com", "ana@-firm.com",
     "a\x00na@firm.com", "a\x7fna@firm.com", "ana@firm.com\x00",
     "ana@firm.com\nBcc: x@y.com", "<ana@firm.com>", "ana@firm.com,bo@firm.com", "a" * 250 + "@firm.com"],
)  # fmt: skip
def test_what_is_no_address_is_refused(given_: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        people.normalised_email(given_)
    assert caught.value.path == ("email",)
    assert "is not an e-mail address, expected e.g. ana@firm.com; nothing was changed." in str(caught.value)


@pytest.mark.parametrize("name", ["", " ", "Ada\x00Quay", "Ada\x1b[2J", "Ada \u202eyauQ", "a" * 121])
def test_a_name_is_what_it_reads_as(name: str) -> None:
    with pytest.raises(ValidationFailed, match="without control characters; nothing was changed"):
        people.checked_name(name)


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("short", "The password has 5 characters, expected 12 to 128; it was not changed."),
        ("x" * 129, "The password has 129 characters, expected 12 to 128; it was not changed."),
        ("aaaabbbbaaaabbbb", "The password uses 2 different characters, expected at least 5"),
        ("Password1234", "little more than a word that is guessed first"),
        ("!!Qwerty!!!!", "little more than a word that is guessed first"),
        ("NorthQuay-2021", "little more than a word that is guessed first"),  # the firm's name
        ("adalovelace12", "little more than a word that is guessed first"),  # the person's own
    ],
)
def test_weak_passwords_are_refused(password: str, problem: str) -> None:
    with pytest.raises(ValidationFailed) as caught:
        people.check_password(password, email="ada.lovelace@quay.example", firm_name="North Quay")
    assert problem in str(caught.value)
    assert password not in str(caught.value)


@pytest.mark.parametrize(
    "password",
    ["nine lanterns over the quay", "correct horse battery staple", "Password of the 7 grey herons",
     "ｐａｓｓｗörter sind länger"],
)  # fmt: skip
def test_long_passwords_are_accepted(password: str) -> None:
    people.check_password(password, email="ada.lovelace@quay.example", firm_name="North Quay")


def test_recovery_codes_are_ten_and_read_back_as_typed() -> None:
    codes = people.new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert len(code) == 11
        assert people.as_recovery_code(code.upper().replace("-", " ")) == code
    assert people.as_recovery_code("123456") is None
    assert people.as_recovery_code("aaaaa-aaaa!") is None


@given(st.text(max_size=40))
def test_any_text_is_a_recovery_code_or_none(text: str) -> None:
    found = people.as_recovery_code(text)
    assert found is None or people.as_recovery_code(found) == found


def test_every_role_has_permissions_and_clients_have_few() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set(Role) == STAFF_ROLES | CLIENT_ROLES
    for role in CLIENT_ROLES:
        assert {permission for permission in ROLE_PERMISSIONS[role] if not permission.endswith(".read")} == {
            Permission.REQUESTS_SEND
        }
        assert not ROLE_PERMISSIONS[role] & {
            Permission.USERS_READ,
            Permission.AUDIT_READ,
            Permission.WORK_READ,
        }
    assert set().union(*ROLE_PERMISSIONS.values()) == set(Permission)
    assert all(permission.endswith(".read") or permission == "search.use"
               for permission in ROLE_PERMISSIONS[Role.READ_ONLY])  # fmt: skip


def test_nobody_alone_holds_both_sides_of_the_ledger_and_of_access() -> None:
    admin, compliance = ROLE_PERMISSIONS[Role.FIRM_ADMIN], ROLE_PERMISSIONS[Role.COMPLIANCE]
    assert Permission.TRANSACTIONS_POST not in admin | compliance
    assert Permission.ROLES_CHANGE not in compliance
    assert Permission.AUDIT_READ not in ROLE_PERMISSIONS[Role.OPERATIONS]


@pytest.mark.parametrize(
    ("giver", "role", "allowed"),
    [
        ("FIRM_ADMIN", "FIRM_ADMIN", True),
        ("FIRM_ADMIN", "TRADER", True),
        ("FIRM_ADMIN", "CLIENT", True),
        ("ADVISOR", "CLIENT", True),
        ("ADVISOR", "ADVISOR", False),
        ("OPERATIONS", "GUARDIAN", True),
        ("OPERATIONS", "COMPLIANCE", False),
        ("COMPLIANCE", "READ_ONLY", False),
        ("TRADER", "CLIENT", False),
        ("CLIENT", "CLIENT", False),
    ],
)
def test_who_may_give_what(giver: str, role: str, allowed: bool) -> None:
    assert may_give(frozenset({Role(giver)}), Role(role)) is allowed


def test_roles_that_undo_four_eyes_need_a_second_person() -> None:
    assert {role for role in Role if needs_second_person(role)} == {Role.FIRM_ADMIN, Role.COMPLIANCE}


@pytest.mark.parametrize(
    ("roles", "expected"),
    [({"ADVISOR", "TRADER"}, "STAFF"), ({"CLIENT"}, "CLIENT"), ({"GUARDIAN", "CLIENT"}, "CLIENT")],
)
def test_kind_follows_the_roles(roles: set[str], expected: str) -> None:
    assert kind_of(frozenset(Role(role) for role in roles)) == expected


def test_staff_and_clients_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="ADVISOR, CLIENT mixes the firm's staff with its clients"):
        kind_of(frozenset({Role.ADVISOR, Role.CLIENT}))
    with pytest.raises(ValueError, match="no role was given"):
        kind_of(frozenset())


@given(st.frozensets(st.sampled_from(list(Role))))
def test_more_roles_never_take_permissions_away(roles: frozenset[Role]) -> None:
    for role in roles:
        assert ROLE_PERMISSIONS[role] <= permissions_of(roles)
