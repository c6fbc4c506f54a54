"""markets: what begins with a word is found of each kind

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_search_words_kind_word_subject_id",
        "search_words",
        ["tenant_id", "kind", "word", "subject_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_search_words_kind_word_subject_id", table_name="search_words")
