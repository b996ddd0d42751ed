"""The migrations of the store, run by Alembic in the order of their numbers. One that was released is never changed."""
