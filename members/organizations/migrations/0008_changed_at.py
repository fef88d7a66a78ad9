"""When an organization last changed. The database keeps it: no way of changing can forget it."""

from django.db import migrations, models
from django.db.models.functions import Now

FORWARDS = """
UPDATE organizations_organization SET changed_at = created_at;
CREATE FUNCTION organization_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW IS DISTINCT FROM OLD THEN
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER organization_notes_change BEFORE UPDATE ON organizations_organization
    FOR EACH ROW EXECUTE FUNCTION organization_note_change();
"""

BACKWARDS = """
DROP TRIGGER organization_notes_change ON organizations_organization;
DROP FUNCTION organization_note_change();
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0007_readable_addresses")]
    operations = [
        migrations.AddField(
            model_name="organization",
            name="changed_at",
            field=models.DateTimeField(db_default=Now(), editable=False),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
