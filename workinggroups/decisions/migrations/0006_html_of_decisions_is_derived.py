"""A decision stands by its source: its HTML may be rendered again."""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION decisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'replaced_by_id', 'level', 'html', 'renderer_version'];
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.state = 'standing' OR (NEW.state, NEW.replaced_by_id) = (OLD.state, OLD.replaced_by_id))
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a decision is refused: another decision supersedes or rescinds it.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION decisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'replaced_by_id', 'level'];
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.state = 'standing' OR (NEW.state, NEW.replaced_by_id) = (OLD.state, OLD.replaced_by_id))
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a decision is refused: another decision supersedes or rescinds it.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0005_renderer_version")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
