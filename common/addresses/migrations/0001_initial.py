"""The table of all addresses, and the function by which the table of each kind fills it."""

import django.utils.timezone
from django.db import migrations, models

FORWARDS = """
CREATE FUNCTION addresses_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_kind text := TG_ARGV[0];
    holder uuid;
BEGIN
    INSERT INTO addresses_address (kind, slug, object_uuid, since)
        VALUES (of_kind, NEW.slug, NEW.uuid, statement_timestamp())
        ON CONFLICT (kind, slug) DO NOTHING;
    SELECT object_uuid INTO holder FROM addresses_address
        WHERE kind = of_kind AND slug = NEW.slug;
    IF holder IS DISTINCT FROM NEW.uuid THEN
        RAISE EXCEPTION 'The address % is or was that of another %.', NEW.slug, of_kind
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'address_once';
    END IF;
    RETURN NULL;
END $$;
"""

BACKWARDS = "DROP FUNCTION addresses_keep();"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("slug", models.CharField(max_length=80)),
                ("object_uuid", models.UUIDField()),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "object_uuid"], name="address_of_thing")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "slug"), name="address_once")
                ],
            },
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
