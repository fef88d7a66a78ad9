"""What hangs on a meeting stays as it is once its minutes are approved, whoever writes the SQL."""

from django.db import migrations

# Who reads a file may change with its group; the file itself may not.
FORWARDS = """
CREATE FUNCTION meetings_files_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    thing attachments_attachment;
BEGIN
    IF TG_OP = 'INSERT' THEN thing := NEW; ELSE thing := OLD; END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'level' = to_jsonb(OLD) - 'level' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM meetings_meeting m
        WHERE m.minutes_state = 'approved' AND CASE thing.kind
            WHEN 'meeting' THEN m.uuid = thing.thing_uuid
            ELSE m.id = (SELECT a.meeting_id FROM meetings_agendaitem a WHERE a.uuid = thing.thing_uuid)
        END
    ) THEN
        RAISE EXCEPTION '% of a file of approved minutes is refused.', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER files_stand_insert BEFORE INSERT ON attachments_attachment FOR EACH ROW
    WHEN (NEW.kind IN ('meeting', 'agenda_item')) EXECUTE FUNCTION meetings_files_stand();
CREATE TRIGGER files_stand BEFORE UPDATE OR DELETE ON attachments_attachment FOR EACH ROW
    WHEN (OLD.kind IN ('meeting', 'agenda_item')) EXECUTE FUNCTION meetings_files_stand();
"""

BACKWARDS = """
DROP TRIGGER files_stand_insert ON attachments_attachment;
DROP TRIGGER files_stand ON attachments_attachment;
DROP FUNCTION meetings_files_stand();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0005_saved_notes_stand"), ("attachments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
