"""A decision says what it said: the database lets only its standing change, and only once."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION decisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.state = 'standing' OR (NEW.state, NEW.replaced_by_id) = (OLD.state, OLD.replaced_by_id))
       AND to_jsonb(NEW) - ARRAY['state', 'replaced_by_id', 'level']
         = to_jsonb(OLD) - ARRAY['state', 'replaced_by_id', 'level'] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a decision is refused: another decision supersedes or rescinds it.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decision_stands BEFORE UPDATE OR DELETE ON decisions_decision
    FOR EACH ROW EXECUTE FUNCTION decisions_stand();
"""

BACKWARDS = """
DROP TRIGGER decision_stands ON decisions_decision;
DROP FUNCTION decisions_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
