"""What the Book is sorted and filtered by, summed per household for the days that are kept."""

from sqlalchemy import BigInteger, Column, Date, ForeignKeyConstraint, Integer, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, MONEY, Scope, key_column, tenant_fk, tenant_index, tenant_table

# The days whose summaries are there, each with the book version they were made under. What was written
# since is found by its version and read beside them: a summary may lag, a list never does.
summarised_days = tenant_table(
    "summarised_days",
    key_column("day", Date),
    Column("book_version", BigInteger, nullable=False),
    Column("totals", JSONB, nullable=False),  # of the whole firm, each account once
    Column("computed_at", INSTANT, nullable=False),
    key=("day",),
    app="SELECT, INSERT, UPDATE, DELETE",
)

# Sums over every account of a household: for those who see the whole firm alone.
household_summaries = tenant_table(
    "household_summaries",
    key_column("day", Date),
    key_column("household_id"),
    Column("value", MONEY),  # firm currency; null: nothing could be valued
    Column("cash", MONEY),
    Column("accrued", MONEY),  # interest in the value; null: nothing that accrues
    Column("value_order", Numeric, nullable=False),  # as the Book sorts: without a value below every other
    Column("cash_order", Numeric, nullable=False),
    Column("account_count", Integer, nullable=False),
    Column("opened_on", Date),
    Column("opened_order", Date, nullable=False),
    Column("quality", Text, nullable=False),
    Column("missing_accounts", Integer, nullable=False),
    Column("no_rate_accounts", Integer, nullable=False),
    Column("position_count", Integer, nullable=False),
    Column("unpriced_count", Integer, nullable=False),
    Column("stale_count", Integer, nullable=False),
    Column("unaccrued_count", Integer, nullable=False),
    Column("oldest_price_day", Date),
    Column("shared_accounts", Integer, nullable=False),  # of them in another household too
    tenant_fk("day", "summarised_days", target="day"),
    ForeignKeyConstraint(
        ["tenant_id", "household_id"], ["households.tenant_id", "households.id"], ondelete="CASCADE"
    ),
    tenant_index("household_summaries", "household_id"),
    tenant_index("household_summaries", "day", "value_order", "household_id"),
    tenant_index("household_summaries", "day", "cash_order", "household_id"),
    tenant_index("household_summaries", "day", "account_count", "household_id"),
    tenant_index("household_summaries", "day", "opened_order", "household_id"),
    tenant_index(
        "household_summaries",
        "day",
        "quality",
        "household_id",
        postgresql_where=text("quality <> 'COMPLETE'"),
    ),
    key=("day", "household_id"),
    app="SELECT, INSERT, UPDATE, DELETE",
    scope=Scope(command="SELECT"),
)
