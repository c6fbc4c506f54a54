"""Identifiers made one by one and in bulk: one ascending series of UUIDv7."""

from __future__ import annotations

import time
from uuid import RFC_4122, UUID

from wealthnexus.kit.ids import new_id, new_id_hexes


def test_bulk_and_single_identifiers_ascend_together_and_are_of_version_7() -> None:
    made: list[UUID] = [new_id()]
    for count in (1, 5_000, 3):
        made += [UUID(hex=digits) for digits in new_id_hexes(count)]
        made.append(new_id())
    assert len(made) == 5_008
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert abs((made[0].int >> 80) - time.time_ns() // 1_000_000) < 60_000


def test_the_random_part_of_bulk_identifiers_differs() -> None:
    tails = {digits[17:] for digits in new_id_hexes(2_000)}
    assert len(tails) == 2_000
    assert {digits[16] for digits in new_id_hexes(2_000)} == set("89ab")
