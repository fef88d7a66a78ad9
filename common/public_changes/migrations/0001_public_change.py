"""The rows, and what appends them: one to a transaction, however many of its statements change
something. The setting is the transaction's own and goes back with a savepoint, like the row."""

import django.contrib.postgres.functions
import django.db.models.functions.datetime
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION public_change_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('alliance.public_change', true) IS DISTINCT FROM 'noted' THEN
        INSERT INTO public_changes_publicchange DEFAULT VALUES;
        PERFORM set_config('alliance.public_change', 'noted', true);
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARDS = "DROP FUNCTION public_change_note();"


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="PublicChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "mark",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(), editable=False
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
