"""Triggers that a migration adds to a table whose rows a public page can show."""

from django.db import migrations


def noted(*tables: str) -> migrations.RunSQL:
    """Return the operation that adds a PublicChange for each transaction writing to these tables."""
    return migrations.RunSQL(
        [
            f"CREATE TRIGGER public_change_noted AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE "
            f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION public_change_note()'
            for table in tables
        ],
        [f'DROP TRIGGER public_change_noted ON "{table}"' for table in tables],
    )
