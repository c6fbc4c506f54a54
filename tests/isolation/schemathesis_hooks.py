"""How the fuzzer writes our scalars, and what it must never see: a 5xx or an internal error."""

from __future__ import annotations

from typing import Any

import schemathesis
from graphql import StringValueNode
from hypothesis import strategies as st


def _written(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Mostly well-formed values, now and then any text."""
    odd = st.sampled_from(["", "x", "NaN", "1e99", "9999-99-99", "\u0000", "' or 1=1 --"])
    return st.one_of(strategy, strategy, strategy, odd).map(lambda text: StringValueNode(value=text))


schemathesis.graphql.scalar("Date", _written(st.dates().map(lambda day: day.isoformat())))
schemathesis.graphql.scalar("DateTime", _written(st.datetimes().map(lambda at: at.isoformat() + "Z")))
schemathesis.graphql.scalar("Decimal", _written(st.decimals(allow_nan=False, places=4).map(str)))
schemathesis.graphql.scalar("Currency", _written(st.sampled_from(["USD", "EUR", "JPY", "ZZZ"])))
schemathesis.graphql.scalar("BigInt", _written(st.integers(-5, 2**70).map(str)))
schemathesis.graphql.scalar("JSON", _written(st.just("{}")))


@schemathesis.check
def nothing_internal(_context: Any, response: Any, case: Any) -> None:
    """No status of 500 or more and no error of ours that says INTERNAL."""
    assert response.status_code < 500, f"{response.status_code} for {case.body}"
    errors = response.json().get("errors", []) if "json" in response.headers["content-type"][0] else []
    codes = [error.get("extensions", {}).get("code") for error in errors]
    assert "INTERNAL" not in codes, f"{errors} for {case.body}"
