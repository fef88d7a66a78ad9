"""Each stored HTML names the version of its renderer; what there is was made by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0003_demo_mark")]
    operations = [
        migrations.AddField(
            model_name="sitetext",
            name="renderer_version",
            field=models.PositiveSmallIntegerField(db_index=True, db_default=1, editable=False),
        ),
    ]
