"""The store's history, one numbered revision after another (Alembic). The only way back is a backup."""
