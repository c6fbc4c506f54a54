"""What each registration asks of its owners, by table."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from wealthnexus.domain.bundle.terms import ACCOUNT_TYPES
from wealthnexus.domain.clients.rules.registration import (
    REGISTRATIONS,
    ROLES,
    Fault,
    OwnerFact,
    check_owners,
)

ANN, BEN, CY, TRUST, LLC, ESTATE = (UUID(int=number) for number in range(1, 7))


def person(party: UUID, role: str, share: str | None = None) -> OwnerFact:
    return OwnerFact(party, "person", role, None if share is None else Decimal(share))


def entity(party: UUID, kind: str, role: str) -> OwnerFact:
    return OwnerFact(party, kind, role)


@pytest.mark.parametrize(
    ("account_type", "owners"),
    [
        ("INDIVIDUAL", [person(ANN, "owner")]),
        ("INDIVIDUAL", [person(ANN, "owner"), person(BEN, "attorney")]),
        (
            "JOINT_WITH_SURVIVORSHIP",
            [person(ANN, "joint_survivorship"), person(BEN, "joint_survivorship")],
        ),
        ("TENANTS_IN_COMMON", [person(ANN, "joint_common", "0.7"), person(BEN, "joint_common", "0.3")]),
        ("JOINT", [person(ANN, "owner"), person(BEN, "owner")]),
        ("UTMA", [person(ANN, "custodian"), person(CY, "minor")]),
        ("ROTH_IRA", [person(ANN, "owner"), person(BEN, "beneficiary")]),
        ("PLAN_529", [person(ANN, "owner"), person(CY, "beneficiary")]),
        (
            "REVOCABLE_TRUST",
            [entity(TRUST, "trust", "owner"), person(ANN, "trustee"), person(ANN, "grantor")],
        ),
        ("ESTATE", [entity(ESTATE, "estate", "owner"), person(BEN, "executor")]),
        ("LLC", [entity(LLC, "company", "owner")]),
        ("OTHER", [person(ANN, "owner")]),
    ],
)
def test_what_fits(account_type: str, owners: list[OwnerFact]) -> None:
    assert check_owners(account_type, owners) == []


@pytest.mark.parametrize(
    ("account_type", "owners", "expected"),
    [
        ("INDIVIDUAL", [], [(Fault.NO_OWNER, "nobody", "an owner")]),
        ("REVOCABLE_TRUST", [person(ANN, "trustee")], [(Fault.NO_OWNER, "nobody", "an owner")]),
        (
            "INDIVIDUAL",
            [person(ANN, "owner"), person(BEN, "owner")],
            [(Fault.TOO_MANY, "2", "at most 1")],
        ),
        ("INDIVIDUAL", [entity(LLC, "company", "owner")], [(Fault.WRONG_KIND, "company", "person")]),
        (
            "JOINT_WITH_SURVIVORSHIP",
            [person(ANN, "joint_survivorship")],
            [(Fault.TOO_FEW, "1", "at least 2")],
        ),
        (
            "JOINT_WITH_SURVIVORSHIP",
            [person(ANN, "joint_survivorship", "0.7"), person(BEN, "joint_survivorship", "0.3")],
            [(Fault.UNEQUAL_SHARES, "0.7, 0.3", "equal shares")],
        ),
        (
            "TENANTS_IN_COMMON",
            [person(ANN, "joint_common", "0.7"), person(BEN, "joint_common", "0.4")],
            [(Fault.SHARES_ABOVE_WHOLE, "1.1", "at most 1")],
        ),
        ("JOINT", [person(ANN, "owner")], [(Fault.TOO_FEW, "1", "at least 2")]),
        ("UTMA", [person(CY, "minor")], [(Fault.TOO_FEW, "0", "1")]),
        (
            "UTMA",
            [person(ANN, "custodian"), person(CY, "minor"), person(BEN, "owner")],
            [(Fault.ROLE_NOT_ALLOWED, "owner", "custodian, minor")],
        ),
        (
            "ESTATE",
            [entity(TRUST, "trust", "owner"), person(BEN, "executor")],
            [(Fault.WRONG_KIND, "trust", "estate")],
        ),
        (
            "TENANTS_IN_COMMON",
            [person(ANN, "joint_common"), person(ANN, "joint_common")],
            [(Fault.REPEATED, "2 times", "once")],
        ),
        ("OTHER", [person(ANN, "owner", "0")], [(Fault.SHARE_OUT_OF_RANGE, "0", "above 0, at most 1")]),
    ],
)
def test_what_does_not_fit(
    account_type: str, owners: list[OwnerFact], expected: list[tuple[Fault, str, str]]
) -> None:
    found = check_owners(account_type, owners)
    assert [(finding.fault, finding.given, finding.expected) for finding in found] == expected


def test_every_registration_of_the_bundle_is_judged() -> None:
    assert set(ACCOUNT_TYPES) - set(REGISTRATIONS) == {"JOINT", "HELD_AWAY", "OTHER"}
    assert set(REGISTRATIONS) <= set(ACCOUNT_TYPES)


def test_registrations_use_known_roles() -> None:
    for registration in REGISTRATIONS.values():
        assert {part.role for part in registration.parts} | registration.besides <= set(ROLES)
        assert all(part.least <= part.most for part in registration.parts)
