"""The seal stands over the source: the HTML of a sealed revision may be rendered again."""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION deliverables_sealed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived text[] := ARRAY['html', 'renderer_version'];
BEGIN
    IF OLD.sealed_at IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    -- Every other column is compared, so that one that is added later is refused until it is named.
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a sealed revision is refused: begin a new one.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION deliverables_sealed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% of a sealed revision is refused: begin a new one.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0005_renderer_version")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
