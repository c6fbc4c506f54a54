"""The tables of this room: groups of accounts, benchmarks, and the conventions of calculation."""

from sqlalchemy import BigInteger, Column, Date, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.domain.clients.models.parties import SHARE
from wealthnexus.kit.db.tables import (
    INSTANT,
    MONEY,
    QUANTITY,
    RATE,
    Scope,
    effective_columns,
    key_column,
    known_columns,
    tenant_fk,
    tenant_index,
    tenant_table,
)

account_groups = tenant_table(
    "account_groups",
    Column("name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    # A group is its maker's: the names of other people's groups are not told by a refusal.
    UniqueConstraint("tenant_id", "created_by", "name"),
    tenant_fk("id", "subjects"),
    tenant_fk("created_by", "users"),
    app="SELECT, INSERT, UPDATE, DELETE",
    scope=Scope(principals=("created_by",)),
)

# Which accounts a group has, from when to when, as a book version knew it.
account_group_members = tenant_table(
    "account_group_members",
    Column("group_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    *effective_columns(),
    *known_columns(),
    tenant_fk("group_id", "account_groups"),
    tenant_fk("account_id", "accounts"),
    tenant_index("account_group_members", "group_id", "account_id"),
    tenant_index("account_group_members", "account_id"),
    scope=Scope(via=("group_id", "account_groups", "id")),
)

# In which household an account lies, for those who see the account and not the household: what was agreed for
# the household holds for the account, whoever looks. A trigger of ``household_accounts`` writes it, under the
# same id.
account_homes = tenant_table(
    "account_homes",
    Column("account_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    *effective_columns(),
    *known_columns(),
    tenant_fk("account_id", "accounts"),
    tenant_fk("household_id", "households"),
    tenant_index("account_homes", "account_id"),
    tenant_index("account_homes", "household_id"),
    app="SELECT, INSERT, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("account_id",), command="SELECT"),
)

# What returns are measured beside; ``benchmark_components`` say of what it is made, from when.
benchmarks = tenant_table(
    "benchmarks",
    Column("name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "name"),
    tenant_fk("id", "subjects"),
    tenant_fk("created_by", "users"),
    tenant_index("benchmarks", "created_by"),
    portal="SELECT (tenant_id, id, name)",
    scope=Scope(via=("id", "benchmark_assignments", "benchmark_id")),
)

# A part of a blend from a day on: a security of the firm with its dividends reinvested, or a yearly rate.
# It keeps what it is measured by of its security: who is measured beside it need not see the security.
benchmark_components = tenant_table(
    "benchmark_components",
    Column("benchmark_id", Uuid, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("security_id", Uuid),
    Column("yearly_rate", RATE),
    Column("label", Text),  # the security's name; null, like the next three, for a rate
    Column("currency", Text),
    Column("asset_class", Text),
    Column("price_multiplier", QUANTITY),
    Column("weight", SHARE, nullable=False),
    Column("rebalance", Text, nullable=False),  # DAILY | MONTHLY | QUARTERLY | YEARLY | NEVER
    *known_columns(),
    tenant_fk("benchmark_id", "benchmarks"),
    tenant_fk("security_id", "securities"),
    tenant_index("benchmark_components", "benchmark_id", "first_day"),
    tenant_index("benchmark_components", "security_id"),
    portal="SELECT",
    scope=Scope(via=("benchmark_id", "benchmarks", "id")),
)

# Beside what a scope is measured: ``subject_id`` an account or household, null for the firm.
benchmark_assignments = tenant_table(
    "benchmark_assignments",
    Column("benchmark_id", Uuid, nullable=False),
    Column("subject_id", Uuid),
    Column("author_id", Uuid),
    Column("reason", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    *effective_columns(),
    *known_columns(),
    tenant_fk("benchmark_id", "benchmarks"),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("author_id", "users"),
    tenant_index("benchmark_assignments", "benchmark_id"),
    tenant_index("benchmark_assignments", "subject_id"),
    tenant_index("benchmark_assignments", "author_id"),
    portal=(
        "SELECT (tenant_id, id, benchmark_id, subject_id, effective_from, effective_to, book_version,"
        " superseded_version)"
    ),
    scope=Scope(
        subjects=("subject_id",),
        also_via=("subject_id", "account_homes", "household_id"),
        firm_if_null="subject_id",
    ),
)

# What a level changes of the conventions above it, from a day on: the firm (``household_id`` null), then a
# household, then a report by its name.
calculation_policies = tenant_table(
    "calculation_policies",
    Column("household_id", Uuid),
    Column("report", Text),
    Column("number", Integer, nullable=False),  # of the level, from 1
    Column("effective_from", Date, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("author_id", Uuid),
    Column("author_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("book_version", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "household_id", "report", "number", postgresql_nulls_not_distinct=True),
    tenant_fk("household_id", "households"),
    tenant_fk("author_id", "users"),
    tenant_index("calculation_policies", "household_id", "book_version"),
    tenant_index("calculation_policies", "author_id"),
    app="SELECT, INSERT",
    portal=("SELECT (tenant_id, id, household_id, report, number, effective_from, changes, book_version)"),
    scope=Scope(
        subjects=("household_id",),
        also_via=("household_id", "account_homes", "household_id"),
        firm_if_null="household_id",
    ),
    append_only=True,
)

# What was said of an account or household at the end of a month, as it was said: never changed, only said
# anew under the next number. ``published_returns`` are its figures by period and fee basis.
publications = tenant_table(
    "publications",
    Column("subject_id", Uuid, nullable=False),
    Column("subject_kind", Text, nullable=False),  # HOUSEHOLD | ACCOUNT
    # Whoever sees fewer of its accounts than these is not shown what was said of all.
    Column("account_count", Integer, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("number", Integer, nullable=False),  # of the subject and day, from 1
    Column("currency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("book_version", BigInteger, nullable=False),
    Column("author_id", Uuid),
    Column("author_name", Text, nullable=False),
    Column("published_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "subject_id", "as_of", "number"),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("author_id", "users"),
    tenant_index("publications", "as_of"),
    tenant_index("publications", "author_id"),
    app="SELECT, INSERT",
    scope=Scope(subjects=("subject_id",)),
    append_only=True,
)

published_returns = tenant_table(
    "published_returns",
    key_column("publication_id"),
    key_column("period", Text),
    key_column("basis", Text),
    Column("subject_id", Uuid, nullable=False),
    Column("period_begin", Date, nullable=False),
    Column("time_weighted", MONEY),  # a fraction to 8 decimals, like the two below
    Column("time_weighted_reason", Text),
    Column("annualised", MONEY),
    Column("money_weighted", MONEY),
    Column("opening_value", MONEY),
    Column("closing_value", MONEY),
    Column("net_flows", MONEY, nullable=False),
    Column("fees", MONEY, nullable=False),
    Column("gain", MONEY),
    Column("input_digest", Text, nullable=False),
    tenant_fk("publication_id", "publications"),
    tenant_fk("subject_id", "subjects"),
    tenant_index("published_returns", "subject_id"),
    key=("publication_id", "period", "basis"),
    app="SELECT, INSERT",
    scope=Scope(subjects=("subject_id",)),
    append_only=True,
)

# Portfolios of one strategy, whose returns the firm shows together: for staff who see the whole firm.
composites = tenant_table(
    "composites",
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),  # the strategy, as the firm defines it
    Column("currency", Text, nullable=False),
    Column("minimum_assets", MONEY),  # of a portfolio at the opening of a month; null: any
    Column("benchmark_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid),
    Column("book_version", BigInteger, nullable=False),
    UniqueConstraint("tenant_id", "name"),
    tenant_fk("id", "subjects"),
    tenant_fk("benchmark_id", "benchmarks"),
    tenant_fk("created_by", "users"),
    tenant_index("composites", "benchmark_id"),
    tenant_index("composites", "created_by"),
    app="SELECT, INSERT",
    scope=Scope(),
)

# Which accounts a composite has, from when to when; by whom and why they joined and left.
composite_members = tenant_table(
    "composite_members",
    Column("composite_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("author_id", Uuid),
    Column("author_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", INSTANT, nullable=False),
    Column("end_author_id", Uuid),
    Column("end_author_name", Text),
    Column("end_reason", Text),
    *effective_columns(),
    *known_columns(),
    tenant_fk("composite_id", "composites"),
    tenant_fk("account_id", "accounts"),
    tenant_fk("author_id", "users"),
    tenant_fk("end_author_id", "users"),
    tenant_index("composite_members", "composite_id", "account_id"),
    tenant_index("composite_members", "account_id"),
    tenant_index("composite_members", "author_id"),
    tenant_index("composite_members", "end_author_id"),
    scope=Scope(),
)

# What an account was worth at the close of a day, in its currency: a cache of ``ledger.daily``, of which
# ``portfolio_day_marks`` say up to which day and book version it was made. The marks refer to the accounts;
# that each of 250 million days did so as well was a third of the work of storing them.
portfolio_days = tenant_table(
    "portfolio_days",
    key_column("account_id"),
    key_column("day", Date),
    Column("market_value", MONEY),  # null: nothing in it could be priced
    Column("unpriced_count", Integer, nullable=False),
    Column("stale_count", Integer, nullable=False),  # at an old price or rate
    key=("account_id", "day"),
    app="SELECT, INSERT, UPDATE, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
    postgresql_partition_by="RANGE (day)",
)

portfolio_day_marks = tenant_table(
    "portfolio_day_marks",
    key_column("account_id"),
    Column("book_version", BigInteger, nullable=False),  # by which the days were made
    Column("through_day", Date, nullable=False),
    Column("computed_at", INSTANT, nullable=False),
    tenant_fk("account_id", "accounts"),
    key=("account_id",),
    app="SELECT, INSERT, UPDATE, DELETE",
    portal="SELECT",
    scope=Scope(subjects=("account_id",)),
)
