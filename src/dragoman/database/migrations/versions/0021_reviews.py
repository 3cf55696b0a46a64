"""What the machine had coded beside each review, the seed of its sample, and corrections on their way to the record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Further columns of reviews."""
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("coded", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("recorded", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("pending", sa.JSON(), nullable=False, server_default="[]"))
        batch_op.create_index(batch_op.f("ix_reviews_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reviews_recorded"), ["recorded"], unique=False)
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        for name in ("coded", "recorded", "pending"):
            batch_op.alter_column(name, server_default=None)
