"""The people of the two demo firms: their addresses, roles, books and sign-in secrets.

For demonstration and development only: every secret in this file is printed in the README. The values are
derived from the address, so that every installation of the demo has the same ones.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Final, Literal

Firm = Literal["summit", "harbor"]
FIRMS: Final[tuple[Firm, ...]] = ("summit", "harbor")

DEMO_PASSWORD: Final = "ridge-and-harbor-demo-2021"  # noqa: S105
"""Everybody's password in the demo."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Something opened to a client: its external id, as what, and on which days, counted from today."""

    subject: str
    relationship: str
    begins: int = 0
    ends: int | None = None


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A member of staff or a client with access to the portal.

    ``book`` names the households (external ids) of which the user is the advisor or which a limited user
    may see; a client's ``book`` is what the portal shows. ``accounts`` narrows a guardian to single accounts.
    ``party`` says who a client is (external id), ``shared`` what further was opened to them.
    """

    firm: Firm
    name: str
    email: str
    kind: Literal["STAFF", "CLIENT"]
    roles: tuple[str, ...]
    title: str
    limited: bool = False
    """True: sees only ``book``, ``accounts`` and ``shared``; False: sees the whole firm."""
    book: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    party: str | None = None
    shared: tuple[Shared, ...] = ()

    @property
    def password(self) -> str:
        """The demo password."""
        return DEMO_PASSWORD

    @property
    def totp_secret(self) -> str:
        """32 base32 characters (160 bits, RFC 6238 with SHA-1, 6 digits, 30 seconds)."""
        digest = hashlib.sha256(f"wealthnexus demo {self.email}".encode()).digest()
        return base64.b32encode(digest[:20]).decode()


def _staff(firm: Firm, name: str, role: str, title: str, *more_roles: str) -> DemoUser:
    return DemoUser(firm, name, _address(firm, name), "STAFF", (role, *more_roles), title)


def _client(
    firm: Firm, name: str, title: str, *shared: Shared, party: str | None = None, role: str = "CLIENT"
) -> DemoUser:
    return DemoUser(
        firm, name, _address(firm, name), "CLIENT", (role,), title, limited=True, party=party, shared=shared
    )


def _address(firm: Firm, name: str) -> str:
    domain = {"summit": "summitridge.example", "harbor": "harborpine.example"}[firm]
    return f"{name.lower().replace(' ', '.').replace('-', '')}@{domain}"


SUMMIT_MOREAU_BOOK: Final = (
    "H-0004", "H-0007", "H-0010", "H-0013", "H-0016", "H-0019", "H-0022", "H-0025",
    "H-0028", "H-0031", "H-0034", "H-0037", "H-0040",
)  # fmt: skip
HARBOR_KIM_BOOK: Final = (
    "H-0003", "H-0004", "H-0008", "H-0011", "H-0014", "H-0017", "H-0020", "H-0023", "H-0026", "H-0029",
)  # fmt: skip

USERS: Final[tuple[DemoUser, ...]] = (
    _staff("summit", "Anna Lindahl", "FIRM_ADMIN", "Managing partner"),
    _staff("summit", "Priya Raman", "ADVISOR", "Senior advisor"),
    _staff("summit", "Daniel Osei", "PORTFOLIO_MANAGER", "Portfolio manager", "ADVISOR"),
    DemoUser(
        "summit", "Lucie Moreau", _address("summit", "Lucie Moreau"), "STAFF", ("ADVISOR",), "Advisor",
        limited=True, book=SUMMIT_MOREAU_BOOK,
    ),
    _staff("summit", "Theo Grant", "TRADER", "Head trader"),
    _staff("summit", "Marcus Teller", "OPERATIONS", "Operations"),
    _staff("summit", "Joan Feld", "COMPLIANCE", "Chief compliance officer"),
    _staff("summit", "Rosa Imhof", "COMPLIANCE", "Compliance officer"),
    _staff("summit", "Noah Whitaker", "READ_ONLY", "External accountant"),
    DemoUser(
        "summit", "Eleanor Whitfield", _address("summit", "Eleanor Whitfield"), "CLIENT", ("CLIENT",),
        "Client, Whitfield Family", limited=True, book=("H-0001",), party="C-0001-1",
    ),
    DemoUser(
        "summit", "Ruth Whitfield", _address("summit", "Ruth Whitfield"), "CLIENT", ("GUARDIAN",),
        "Guardian of Clara Whitfield", limited=True, accounts=("A-0001-5",), party="C-0001-3",
    ),
    _client("summit", "Karl Osterman", "Divorced father", Shared("H-0015", "self"), party="C-0015-1"),
    _client("summit", "Vera Petrov", "Divorced mother", Shared("H-0016", "self"),
            Shared("A-0015-4", "parent"), party="C-0016-1"),
    _client("summit", "Ida Osterman", "Spouse without her husband's consent",
            Shared("C-0015-2", "self"), party="C-0015-2"),
    _client("summit", "Mateo Vasquez", "Adult child, soon of age for his UTMA account",
            Shared("C-0017-4", "self"), party="C-0017-4"),
    _client("summit", "Paolo Castellano", "Trustee of his parents' irrevocable trust",
            Shared("E-0002-3", "trustee"), party="C-0002-3"),
    _client("summit", "Marisol Vega", "Accountant, for four more weeks",
            Shared("C-0001-1", "accountant", -30, 28), party="C-9001"),
    _client("summit", "Orla Byrne", "Holder of her father's power of attorney",
            Shared("C-0022-3", "self"), Shared("A-0022-3", "attorney"), party="C-0022-3"),
    _client("summit", "Enzo Esposito", "Partner in the family's LLC",
            Shared("C-0033-2", "self"), Shared("E-0033-2", "delegate"), party="C-0033-2"),
    _client("summit", "Edith Thorne", "Client whose details are to be looked at again",
            Shared("H-0019", "self"), party="C-0019-1"),
    _staff("harbor", "Ingrid Solberg", "FIRM_ADMIN", "Founding partner"),
    _staff("harbor", "Tilda Brandt", "ADVISOR", "Advisor"),
    _staff("harbor", "Miguel Duarte", "PORTFOLIO_MANAGER", "Portfolio manager", "ADVISOR"),
    DemoUser(
        "harbor", "Sora Kim", _address("harbor", "Sora Kim"), "STAFF", ("ADVISOR",), "Advisor",
        limited=True, book=HARBOR_KIM_BOOK,
    ),
    _staff("harbor", "Colm Brady", "TRADER", "Trader"),
    _staff("harbor", "Hana Sedlak", "OPERATIONS", "Operations"),
    _staff("harbor", "Peter Aalto", "COMPLIANCE", "Chief compliance officer"),
    _staff("harbor", "Grace Ndiaye", "COMPLIANCE", "Compliance officer"),
    _staff("harbor", "Owen Tate", "READ_ONLY", "Auditor"),
    DemoUser(
        "harbor", "Bola Adeyemi", _address("harbor", "Bola Adeyemi"), "CLIENT", ("CLIENT",),
        "Client, Adeyemi Household", limited=True, book=("H-0001",), party="C-0001-1",
    ),
    DemoUser(
        "harbor", "Femi Adeyemi", _address("harbor", "Femi Adeyemi"), "CLIENT", ("GUARDIAN",),
        "Guardian of Zara Adeyemi", limited=True, accounts=("A-0001-4",), party="C-0001-2",
    ),
    _client("harbor", "Harriet Fenwick", "Client with pounds, and a mortgage owed 70/30",
            Shared("H-0007", "self"), party="C-0007-1"),
    _client("harbor", "Ada Vance", "Client whose details are to be looked at again",
            Shared("H-0021", "self"), party="C-0021-1"),
    _client("harbor", "Rose Pemberton", "Adult child whose UTMA account was not handed over",
            Shared("C-0015-3", "self"), party="C-0015-3"),
    _client("harbor", "Silas Boone", "Accountant whose access has ended",
            Shared("H-0012", "accountant", -120, -20)),
)  # fmt: skip


def users_of(firm: Firm) -> tuple[DemoUser, ...]:
    """The staff and clients of one firm, staff first."""
    return tuple(user for user in USERS if user.firm == firm)


def user(email: str) -> DemoUser:
    """The demo user of that address; KeyError when there is none."""
    for candidate in USERS:
        if candidate.email == email:
            return candidate
    raise KeyError(email)
