"""When a work published elsewhere last changed here. The database keeps it."""

from django.db import migrations, models
from django.db.models.functions import Now

FORWARDS = """
UPDATE catalogue_outsideentry SET changed_at = added_at;
CREATE FUNCTION outside_entry_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER outside_entry_notes_change BEFORE UPDATE ON catalogue_outsideentry
    FOR EACH ROW EXECUTE FUNCTION outside_entry_note_change();
"""

BACKWARDS = """
DROP TRIGGER outside_entry_notes_change ON catalogue_outsideentry;
DROP FUNCTION outside_entry_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_search_shows_the_day_of_publication")]
    operations = [
        migrations.AddField(
            model_name="outsideentry",
            name="changed_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
