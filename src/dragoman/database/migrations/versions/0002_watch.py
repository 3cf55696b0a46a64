"""What a watch must know: hosts, leases, redirects, recheck of pages, and marks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Hosts and marks; further columns of sources and of what they named."""
    op.create_table(
        "hosts",
        sa.Column("name", sa.String(length=262), nullable=False),
        sa.Column("next_free", _MOMENT, nullable=True),
        sa.Column("held_by", sa.String(length=64), nullable=False),
        sa.Column("held_until", _MOMENT, nullable=True),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("robots", sa.Text(), nullable=True),
        sa.Column("robots_until", _MOMENT, nullable=True),
        sa.Column("robots_failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hosts")),
    )
    op.create_table(
        "watch_marks",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watch_marks")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        for name in ("known", "all_failures", "passed_over", "hops"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("started", _MOMENT, nullable=True))
        batch_op.add_column(sa.Column("location", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("held_by", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("held_until", _MOMENT, nullable=True))
    with op.batch_alter_table("fetched", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.String(length=10), nullable=False, server_default="page"))
        batch_op.add_column(sa.Column("host", sa.String(length=262), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("location", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("hops", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("reads", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("held_by", sa.String(length=64), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("content_hash", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_fetched_address_hash"), ["address_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetched_next_try"), ["next_try"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetched_host"), ["host"], unique=False)


def downgrade() -> None:
    """Back to the first tables."""
    with op.batch_alter_table("fetched", schema=None) as batch_op:
        for index in ("ix_fetched_host", "ix_fetched_next_try", "ix_fetched_address_hash"):
            batch_op.drop_index(batch_op.f(index))
        for name in ("content_hash", "held_by", "reads", "hops", "location", "host", "part"):
            batch_op.drop_column(name)
    with op.batch_alter_table("sources", schema=None) as batch_op:
        for name in ("held_until", "held_by", "location", "started", "hops", "passed_over", "all_failures", "known"):
            batch_op.drop_column(name)
    op.drop_table("watch_marks")
    op.drop_table("hosts")
