"""Each stored HTML names the version of its renderer; what there is was made by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_meeting_entered_afterwards")]
    operations = [
        migrations.AddField(
            model_name="notesrevision",
            name="renderer_version",
            field=models.PositiveSmallIntegerField(db_index=True, db_default=1, editable=False),
        ),
    ]
