"""Values for our scalars, and what counts as a failure of the server, for schemathesis."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

_WORDS = {
    "Date": st.sampled_from(["2021-03-31", "1899-12-31", "9999-12-31", "yesterday"]),
    "DateTime": st.sampled_from(["2021-03-31T12:00:00Z", "0001-01-01T00:00:00+14:00", "noon"]),
    "Decimal": st.sampled_from(["0", "-1.00", "99999999999999999999.99", "NaN", "1e9"]),
    "Currency": st.sampled_from(["USD", "XXX", "dollars"]),
    "BigInt": st.sampled_from(["0", "-1", "9223372036854775807", "many"]),
    "JSON": st.just("{}"),
}
for name, words in _WORDS.items():
    schemathesis.graphql.scalar(name, words.map(nodes.String))


@schemathesis.check
def no_failure_of_ours(_context: Any, response: Any, _case: Any) -> None:
    """No 5xx, and no error that is a bug; what is missing or not allowed is an answer like any other."""
    codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]
    assert response.status_code < 500, response.status_code
    assert "INTERNAL" not in codes, response.json()["errors"]
