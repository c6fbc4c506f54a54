"""The tables of this room: groups of accounts that are reported together."""

from sqlalchemy import Column, Integer, Text, UniqueConstraint, Uuid

from wealthnexus.kit.db.tables import INSTANT, Scope, key_column, tenant_fk, tenant_index, tenant_table

account_groups = tenant_table(
    "account_groups",
    Column("name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("tenant_id", "name"),
    tenant_fk("id", "subjects"),
    tenant_fk("created_by", "users"),
    tenant_index("account_groups", "created_by"),
    app="SELECT, INSERT, UPDATE, DELETE",
    scope=Scope(principals=("created_by",)),
)

account_group_members = tenant_table(
    "account_group_members",
    key_column("group_id"),
    key_column("account_id"),
    tenant_fk("group_id", "account_groups"),
    tenant_fk("account_id", "accounts"),
    tenant_index("account_group_members", "account_id"),
    key=("group_id", "account_id"),
    app="SELECT, INSERT, DELETE",
    scope=Scope(subjects=("account_id",)),
)
