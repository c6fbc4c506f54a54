"""The audit log: what was done, by whom, to what, from where; and the chain that seals it.

Invariants: a row is written in the transaction of the change it tells of; rows and chain are only
ever added to; every row carries the hash of its own content; the sealer links committed rows into one
chain per firm within seconds. Personal values are encrypted under the person's own key, so erasing a
person destroys a key and the chain still verifies.
"""

from wealthnexus.domain.audit.rules import ChainReport, SubjectRef
from wealthnexus.domain.audit.sealer import seal_firm
from wealthnexus.domain.audit.service import append, chain_status, export_lines, unsealed, verify

__all__ = [
    "ChainReport",
    "SubjectRef",
    "append",
    "chain_status",
    "export_lines",
    "seal_firm",
    "unsealed",
    "verify",
]
