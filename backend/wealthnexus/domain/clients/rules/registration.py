"""What the registration of an account says about its owners: which roles it needs, may have, and of whom.

The registrations are those of ``docs/domain/bundle.md``; the roles those of ``account_owners``. Sources:
joint tenancy, tenancy in common, tenancy by the entirety and community property as the Uniform Probate
Code and FINRA Rule 4512 name them; custodial accounts as the Uniform Transfers to Minors Act section 9 (one
custodian, one minor); one individual per retirement account, 26 USC 408(a) and 408A; a designated
beneficiary per 529 account, 26 USC 529(e)(1).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from wealthnexus.domain.clients.rules.ownership import OWNING_ROLES

PERSON: Final = frozenset({"person"})
ENTITY: Final = frozenset({"company", "trust", "estate"})
ANYBODY: Final = PERSON | ENTITY
ROLES: Final = (
    "owner",
    "joint_survivorship",
    "joint_common",
    "custodian",
    "minor",
    "trustee",
    "grantor",
    "beneficiary",
    "attorney",
    "executor",
)


class Fault(StrEnum):
    """Why a set of owners does not fit a registration."""

    NO_OWNER = "NO_OWNER"
    TOO_FEW = "TOO_FEW"
    TOO_MANY = "TOO_MANY"
    ROLE_NOT_ALLOWED = "ROLE_NOT_ALLOWED"
    WRONG_KIND = "WRONG_KIND"
    REPEATED = "REPEATED"
    UNEQUAL_SHARES = "UNEQUAL_SHARES"
    SHARE_OUT_OF_RANGE = "SHARE_OUT_OF_RANGE"
    SHARES_ABOVE_WHOLE = "SHARES_ABOVE_WHOLE"


@dataclass(frozen=True, slots=True)
class OwnerFact:
    """One row of owners: who (and what kind of party), in which role, with which share."""

    party_id: UUID
    kind: str
    role: str
    share: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``given`` is what was there, ``expected`` what the registration asks for; both plain words."""

    fault: Fault
    role: str | None
    given: str
    expected: str
    party_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """How many holders a role has, at least and at most, and what they may be."""

    role: str
    least: int
    most: int
    kinds: frozenset[str] = PERSON


@dataclass(frozen=True, slots=True)
class Registration:
    """``parts`` are the roles that make it; ``besides`` those that may stand beside them."""

    parts: tuple[Part, ...]
    besides: frozenset[str] = frozenset({"attorney"})
    equal_shares: bool = False


MANY: Final = 20
_ONE_PERSON: Final = Registration((Part("owner", 1, 1),))
_WITH_HEIRS: Final = Registration((Part("owner", 1, 1),), frozenset({"attorney", "beneficiary"}))
_MINOR: Final = Registration((Part("custodian", 1, 1, ANYBODY), Part("minor", 1, 1)), frozenset())
_TRUST: Final = Registration(
    (Part("owner", 1, 1, frozenset({"trust"})), Part("trustee", 1, MANY, ANYBODY)),
    frozenset({"grantor", "beneficiary", "attorney"}),
)
_ENTITY: Final = Registration(
    (Part("owner", 1, 1, frozenset({"company", "trust"})),), frozenset({"attorney", "trustee"})
)
_TWO_SPOUSES: Final = Registration((Part("joint_survivorship", 2, 2),), equal_shares=True)
_ANY: Final = Registration((Part("owner", 0, MANY, ANYBODY),), frozenset(ROLES))

REGISTRATIONS: Final[dict[str, Registration]] = {
    "INDIVIDUAL": _ONE_PERSON,
    "JOINT_WITH_SURVIVORSHIP": Registration(
        (Part("joint_survivorship", 2, MANY),), frozenset({"attorney", "beneficiary"}), equal_shares=True
    ),
    "TENANTS_IN_COMMON": Registration((Part("joint_common", 2, MANY, ANYBODY),)),
    "TENANTS_BY_ENTIRETY": _TWO_SPOUSES,
    "COMMUNITY_PROPERTY": Registration((Part("joint_common", 2, 2),), equal_shares=True),
    "TRANSFER_ON_DEATH": _WITH_HEIRS,
    **dict.fromkeys(
        (
            "IRA", "TRADITIONAL_IRA", "ROLLOVER_IRA", "ROTH_IRA", "SEP_IRA", "SIMPLE_IRA", "PLAN_401K",
            "ROTH_401K", "PLAN_403B", "PLAN_457B", "PENSION", "PROFIT_SHARING", "HSA", "ANNUITY",
            "INSURANCE", "ISA", "SIPP", "RRSP", "TFSA",
        ),
        _WITH_HEIRS,
    ),
    # A trust may inherit.
    "INHERITED_IRA": Registration(
        (Part("owner", 1, 1, frozenset({"person", "trust"})),), frozenset({"attorney", "beneficiary"})
    ),
    "PLAN_529": Registration((Part("owner", 1, 1, ANYBODY), Part("beneficiary", 1, 1))),
    "COVERDELL_ESA": Registration((Part("custodian", 1, 1), Part("minor", 1, 1)), frozenset()),
    "UTMA": _MINOR,
    "UGMA": _MINOR,
    "TRUST": _TRUST,
    "REVOCABLE_TRUST": _TRUST,
    "IRREVOCABLE_TRUST": _TRUST,
    "CHARITABLE_TRUST": _TRUST,
    "ESTATE": Registration(
        (Part("owner", 1, 1, frozenset({"estate"})), Part("executor", 1, MANY, ANYBODY)),
        frozenset({"beneficiary", "attorney"}),
    ),
    "GUARDIANSHIP": Registration((Part("custodian", 1, 2, ANYBODY), Part("owner", 1, 1)), frozenset()),
    **dict.fromkeys(
        ("CORPORATION", "PARTNERSHIP", "LLC", "FOUNDATION", "ENDOWMENT", "NONPROFIT"), _ENTITY
    ),
    "SOLE_PROPRIETORSHIP": _ONE_PERSON,
    "DONOR_ADVISED_FUND": Registration((Part("owner", 1, MANY, ANYBODY),), frozenset({"attorney"})),
}  # fmt: skip
"""JOINT (survivorship not stated) needs two owners in any joint role; HELD_AWAY and OTHER need one."""

_JOINT_ROLES: Final = frozenset({"owner", "joint_survivorship", "joint_common"})


_JOINT: Final = Registration((Part("owner", 0, MANY, ANYBODY),), _JOINT_ROLES | {"attorney"})


def roles_of(account_type: str) -> Registration:
    """What the registration asks of its owners; JOINT takes two in any joint role, an unknown one anybody."""
    return _JOINT if account_type == "JOINT" else REGISTRATIONS.get(account_type, _ANY)


def check_owners(account_type: str, owners: Sequence[OwnerFact]) -> list[Finding]:
    """Everything that does not fit, in the order of the registration's roles; empty when all fits.

    Judges one day: the caller passes the rows in effect on it. Unknown account types are held to shares
    and to having an owner alone.
    """
    found = [*_judge_shares(owners), *_judge_repeats(owners)]
    if not any(owner.role in OWNING_ROLES for owner in owners):
        return [Finding(Fault.NO_OWNER, None, "nobody", "an owner"), *found]
    if account_type == "JOINT":
        return [*_judge_joint(owners), *found]
    registration = REGISTRATIONS.get(account_type, _ANY)
    return [*_judge_roles(registration, owners), *found, *_judge_equality(registration, owners)]


def _judge_joint(owners: Sequence[OwnerFact]) -> list[Finding]:
    together = len({owner.party_id for owner in owners if owner.role in _JOINT_ROLES})
    if together < 2:
        return [Finding(Fault.TOO_FEW, "owner", str(together), "at least 2")]
    return []


def _judge_roles(registration: Registration, owners: Sequence[OwnerFact]) -> list[Finding]:
    found: list[Finding] = []
    counts = Counter(owner.role for owner in owners)
    parts = {part.role: part for part in registration.parts}
    for part in registration.parts:
        count = counts[part.role]
        if count < part.least:
            expected = str(part.least) if part.least == part.most else f"at least {part.least}"
            found.append(Finding(Fault.TOO_FEW, part.role, str(count), expected))
        elif count > part.most:
            found.append(Finding(Fault.TOO_MANY, part.role, str(count), f"at most {part.most}"))
    allowed = sorted({*parts, *registration.besides})
    for owner in owners:
        if owner.role not in parts:
            if owner.role not in registration.besides:
                expected = ", ".join(allowed)
                found.append(
                    Finding(Fault.ROLE_NOT_ALLOWED, owner.role, owner.role, expected, owner.party_id)
                )
        elif owner.kind not in parts[owner.role].kinds:
            kinds = " or ".join(sorted(parts[owner.role].kinds))
            found.append(Finding(Fault.WRONG_KIND, owner.role, owner.kind, kinds, owner.party_id))
    return found


def _judge_repeats(owners: Sequence[OwnerFact]) -> list[Finding]:
    repeated = Counter((owner.party_id, owner.role) for owner in owners)
    return [
        Finding(Fault.REPEATED, role, f"{count} times", "once", party_id)
        for (party_id, role), count in repeated.items()
        if count > 1
    ]


def _judge_shares(owners: Sequence[OwnerFact]) -> list[Finding]:
    found = [
        Finding(
            Fault.SHARE_OUT_OF_RANGE,
            owner.role,
            format(owner.share, "f"),
            "above 0, at most 1",
            owner.party_id,
        )
        for owner in owners
        if owner.share is not None and not 0 < owner.share <= 1
    ]
    total = sum((o.share for o in owners if o.share is not None and o.role in OWNING_ROLES), Decimal(0))
    if total > 1:
        found.append(Finding(Fault.SHARES_ABOVE_WHOLE, None, format(total, "f"), "at most 1"))
    return found


def _judge_equality(registration: Registration, owners: Sequence[OwnerFact]) -> list[Finding]:
    if not registration.equal_shares:
        return []
    owning = [owner.share for owner in owners if owner.role in OWNING_ROLES]
    if len(set(owning)) <= 1:
        return []
    given = ", ".join("none" if share is None else format(share, "f") for share in owning)
    return [Finding(Fault.UNEQUAL_SHARES, None, given, "equal shares")]
