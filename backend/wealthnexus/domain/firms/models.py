"""Firms and the hosts they answer on: outside tenancy, because they are how a tenant is found."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from wealthnexus.kit.db.tables import INSTANT, shared_table, tenant_table

firms = shared_table(
    "firms",
    Column("id", Uuid, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("legal_name", Text, nullable=False),
    Column("locale", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("tier", Text, nullable=False),
    Column("features", JSONB, nullable=False),
    Column("limits", JSONB, nullable=False),
    Column("brand", JSONB, nullable=False),
    Column("support", JSONB, nullable=False),
    Column("legal_footer", Text, nullable=False),
    Column("pinned_business_date", Date),
    Column("is_demo", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("config_digest", LargeBinary, nullable=False),
    Column("applied_at", INSTANT, nullable=False),
)

domains = shared_table(
    "domains",
    Column("host", Text, primary_key=True),
    Column("firm_id", Uuid, ForeignKey("firms.id"), nullable=False),
)

firm_keys = tenant_table(
    "firm_keys",
    Column("purpose", Text, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    UniqueConstraint("tenant_id", "purpose"),
    app="SELECT, INSERT",
    portal="SELECT",
    system="SELECT",
)

data_keys = tenant_table(
    "data_keys",
    Column("subject_id", Uuid, nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("created_at", INSTANT, nullable=False),
    Column("destroyed_at", INSTANT),
    UniqueConstraint("tenant_id", "subject_id"),
    app="SELECT, INSERT, UPDATE",
    portal="SELECT, INSERT",
)
