"""Each stored HTML names the version of its renderer; what there is was made by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0004_index_in_order_of_lists")]
    operations = [
        migrations.AddField(
            model_name="revision",
            name="renderer_version",
            field=models.PositiveSmallIntegerField(db_index=True, db_default=1, editable=False),
        ),
        migrations.AddField(
            model_name="reviewcomment",
            name="renderer_version",
            field=models.PositiveSmallIntegerField(db_index=True, db_default=1, editable=False),
        ),
    ]
