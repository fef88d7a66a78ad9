"""A revision of the notes is what was saved once: only its HTML, which is derived, may change."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION meetings_notes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived text[] := ARRAY['html', 'renderer_version'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of saved notes is refused: save the next revision.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER notes_stand BEFORE UPDATE OR DELETE ON meetings_notesrevision
    FOR EACH ROW EXECUTE FUNCTION meetings_notes_stand();
"""

BACKWARDS = """
DROP TRIGGER notes_stand ON meetings_notesrevision;
DROP FUNCTION meetings_notes_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0004_renderer_version")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
