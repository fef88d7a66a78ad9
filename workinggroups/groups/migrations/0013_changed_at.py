"""When anything about a group last changed. The database keeps it: no way of changing can forget it."""

from django.db import migrations, models
from django.db.models.functions import Now

FORWARDS = """
UPDATE groups_group SET changed_at = created_at;
CREATE FUNCTION group_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER group_notes_change BEFORE UPDATE ON groups_group
    FOR EACH ROW EXECUTE FUNCTION group_note_change();
"""

BACKWARDS = """
DROP TRIGGER group_notes_change ON groups_group;
DROP FUNCTION group_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("groups", "0012_readable_addresses")]
    operations = [
        migrations.AddField(
            model_name="group",
            name="changed_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
