"""What clients ask of the firm by themselves; each stands beside the work item that somebody works on."""

from sqlalchemy import Column, Text, Uuid

from wealthnexus.kit.db.tables import INSTANT, Scope, tenant_fk, tenant_index, tenant_table

# The words of a request stand in its work item alone: here is what the client is told of it again.
client_requests = tenant_table(
    "client_requests",
    Column("user_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),  # confirm_details | change_details | end_access
    Column("state", Text, nullable=False),  # open | done
    Column("subject_id", Uuid, nullable=False),  # whose details, or what the access opens
    Column("grant_id", Uuid),
    Column("work_item_id", Uuid, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("closed_at", INSTANT),
    tenant_fk("user_id", "users"),
    tenant_fk("subject_id", "subjects"),
    tenant_fk("grant_id", "access_grants"),
    tenant_fk("work_item_id", "work_items"),
    tenant_index("client_requests", "user_id", "created_at"),
    tenant_index("client_requests", "subject_id"),
    tenant_index("client_requests", "grant_id"),
    tenant_index("client_requests", "work_item_id"),
    portal="SELECT, INSERT",
    scope=Scope(subjects=("subject_id",), principals=("user_id",)),
)
