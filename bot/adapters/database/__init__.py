"""SQLAlchemy tables, migrations and the unit of work (SQLite or PostgreSQL)."""
