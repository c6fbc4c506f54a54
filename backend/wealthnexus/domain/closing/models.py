"""The stages of each night's close."""

from sqlalchemy import BigInteger, Column, Date, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, key_column, tenant_index, tenant_table

# Counts and times alone, no name and no amount: what the firm's work did in the night.
close_stages = tenant_table(
    "close_stages",
    key_column("day", Date),
    key_column("stage", Text),
    Column("state", Text, nullable=False),  # WAITING | RUNNING | DONE | FAILED
    Column("attempts", Integer, nullable=False),
    Column("started_at", INSTANT),
    Column("finished_at", INSTANT),
    Column("figures", JSONB, nullable=False),  # what it counted, by name
    Column("problem", Text),
    Column("book_version", BigInteger),  # of the books it stood on
    Column("job_id", Uuid),
    tenant_index("close_stages", "state", "day"),
    key=("day", "stage"),
    app="SELECT, INSERT, UPDATE",
)
