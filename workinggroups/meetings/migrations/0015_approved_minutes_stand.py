"""Approved minutes stand, whoever writes the SQL: what was sealed, the roll, the agenda, the approval.

Minutes approved before have a seal of the text alone, with the checksum that the record keeps.
"""

from django.db import migrations

SEALS = """
INSERT INTO meetings_sealedminutes (
    uuid, meeting_id, number, revision_id, form, content, sha256, sealed_at, approved_by_id,
    unlocked_reason
)
SELECT gen_random_uuid(), m.id, 1, n.id, 1, n.source,
       COALESCE(NULLIF(m.minutes_sha256, ''), encode(sha256(convert_to(n.source, 'UTF8')), 'hex')),
       COALESCE(m.minutes_approved_at, m.changed_at), m.minutes_approved_by_id, ''
  FROM meetings_meeting m JOIN meetings_notesrevision n ON n.id = m.minutes_revision_id
 WHERE m.minutes_state = 'approved';
"""
UNSEAL = "DELETE FROM meetings_sealedminutes"

# What was asked for before there were answers was asked for in time, as far as anyone knows.
CORRECTIONS = "UPDATE meetings_correction SET in_time = true WHERE kind = 'asked'"
CORRECTIONS_BACK = "UPDATE meetings_correction SET in_time = false"

FORWARDS = """
CREATE FUNCTION meetings_seal_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['unlocked_at', 'unlocked_by_id', 'unlocked_reason'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.unlocked_at IS NULL
       AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of sealed minutes is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER seal_stands BEFORE UPDATE OR DELETE ON meetings_sealedminutes
    FOR EACH ROW EXECUTE FUNCTION meetings_seal_stands();

CREATE FUNCTION meetings_minutes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text[] := ARRAY[
        'title', 'local_date', 'local_time', 'zone', 'starts_at', 'ends_at', 'state', 'notes_count',
        'minutes_state', 'minutes_offered_at', 'corrections_until', 'minutes_approved_at',
        'minutes_approved_by_id', 'minutes_approved_at_meeting_id', 'minutes_revision_id',
        'minutes_sha256', 'minutes_rule', 'minutes_charter_id'
    ];
    name text;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.minutes_state <> 'approved' AND NOT EXISTS (
        SELECT FROM meetings_sealedminutes s WHERE s.meeting_id = OLD.id AND s.unlocked_at IS NULL
    ) THEN
        RETURN NEW;  -- unlocked, with a reason
    END IF;
    IF TG_OP = 'UPDATE' THEN
        FOREACH name IN ARRAY stands LOOP
            IF to_jsonb(NEW) -> name IS DISTINCT FROM to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION 'Changing % of approved minutes is refused: unlock them first.', name
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a meeting with approved minutes is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER minutes_stand BEFORE UPDATE OR DELETE ON meetings_meeting
    FOR EACH ROW WHEN (OLD.minutes_state = 'approved') EXECUTE FUNCTION meetings_minutes_stand();

-- For each table with a column meeting_id whose rows are part of the minutes. HTML is derived from what
-- stands, and is made again by later renderers.
CREATE FUNCTION meetings_part_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived text[] := ARRAY['html', 'renderer_version'];
    meeting bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
        RETURN NEW;
    END IF;
    FOREACH meeting IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.meeting_id]
        WHEN 'DELETE' THEN ARRAY[OLD.meeting_id]
        ELSE ARRAY[OLD.meeting_id, NEW.meeting_id] END
    LOOP
        IF EXISTS (
            SELECT FROM meetings_meeting m WHERE m.id = meeting AND m.minutes_state = 'approved'
        ) THEN
            RAISE EXCEPTION '% in % of approved minutes is refused.', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER attendance_stands BEFORE INSERT OR UPDATE OR DELETE ON meetings_attendance
    FOR EACH ROW EXECUTE FUNCTION meetings_part_stands();
CREATE TRIGGER agenda_stands BEFORE INSERT OR UPDATE OR DELETE ON meetings_agendaitem
    FOR EACH ROW EXECUTE FUNCTION meetings_part_stands();
CREATE TRIGGER notes_added BEFORE INSERT ON meetings_notesrevision
    FOR EACH ROW EXECUTE FUNCTION meetings_part_stands();
"""

BACKWARDS = """
DROP TRIGGER notes_added ON meetings_notesrevision;
DROP TRIGGER agenda_stands ON meetings_agendaitem;
DROP TRIGGER attendance_stands ON meetings_attendance;
DROP FUNCTION meetings_part_stands();
DROP TRIGGER minutes_stand ON meetings_meeting;
DROP FUNCTION meetings_minutes_stand();
DROP TRIGGER seal_stands ON meetings_sealedminutes;
DROP FUNCTION meetings_seal_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("meetings", "0014_minutes_with_a_clock")]
    operations = [
        migrations.RunSQL(SEALS, UNSEAL),
        migrations.RunSQL(CORRECTIONS, CORRECTIONS_BACK),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
