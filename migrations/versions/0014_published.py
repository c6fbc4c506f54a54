"""performance: what was published, as it was

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from wealthnexus.kit.db.tables import Scope, Security

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MONEY = sa.Numeric(28, 8)
_RETURN = sa.Numeric(28, 8)


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["firms.id"], name=op.f(f"fk_{table}_tenant_id_firms")),
        *(
            sa.ForeignKeyConstraint(
                ["tenant_id", column],
                [f"{other}.tenant_id", f"{other}.id"],
                name=op.f(f"fk_{table}_tenant_id_{column}_{other}"),
            )
            for column, other in columns
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "publications",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("account_count", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("policy_digest", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("book_version", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.Uuid()),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        *_references("publications", ("subject_id", "subjects"), ("author_id", "users")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_publications")),
        sa.UniqueConstraint(
            "tenant_id",
            "subject_id",
            "as_of",
            "number",
            name=op.f("uq_publications_tenant_id_subject_id_as_of_number"),
        ),
    )
    op.create_index("ix_publications_as_of", "publications", ["tenant_id", "as_of"])
    op.create_index("ix_publications_author_id", "publications", ["tenant_id", "author_id"])
    op.create_table(
        "published_returns",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("period_begin", sa.Date(), nullable=False),
        sa.Column("time_weighted", _RETURN),
        sa.Column("time_weighted_reason", sa.Text()),
        sa.Column("annualised", _RETURN),
        sa.Column("money_weighted", _RETURN),
        sa.Column("opening_value", _MONEY),
        sa.Column("closing_value", _MONEY),
        sa.Column("net_flows", _MONEY, nullable=False),
        sa.Column("fees", _MONEY, nullable=False),
        sa.Column("gain", _MONEY),
        sa.Column("input_digest", sa.Text(), nullable=False),
        *_references("published_returns", ("publication_id", "publications"), ("subject_id", "subjects")),
        sa.PrimaryKeyConstraint(
            "tenant_id", "publication_id", "period", "basis", name=op.f("pk_published_returns")
        ),
    )
    op.create_index("ix_published_returns_subject_id", "published_returns", ["tenant_id", "subject_id"])
    for table in ("publications", "published_returns"):
        op.secure_table(
            table,
            Security(
                grants={"app": "SELECT, INSERT"}, scope=Scope(subjects=("subject_id",)), append_only=True
            ),
        )


def downgrade() -> None:
    op.drop_table("published_returns")
    op.drop_table("publications")
