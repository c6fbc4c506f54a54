"""The demo firms and their books: applied and imported once, recognised at once afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from wealthnexus.kit.addresses import Addresses
from wealthnexus.kit.settings import Settings


@dataclass(frozen=True)
class FirmLogIns:
    """What a person needs to look at one demo firm."""

    slug: str
    name: str
    people: tuple[str, ...]


def load_demo_books(addresses: Addresses) -> None: ...


def demo_log_ins(settings: Settings) -> list[FirmLogIns]:
    return [FirmLogIns("summit", "Summit", ()), FirmLogIns("harbor", "Harbor", ())]
