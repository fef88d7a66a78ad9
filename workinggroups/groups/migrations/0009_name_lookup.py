"""A column by which names are looked up, and its trigram index."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0008_renderer_version"),
        ("search", "0001_initial"),  # pg_trgm
    ]
    operations = [
        migrations.AddField(
            model_name="group",
            name="search_name",
            field=models.TextField(db_collation="C", default="", editable=False),
        ),
        migrations.AddIndex(
            model_name="group",
            index=GinIndex(
                fields=["search_name"], name="group_names", opclasses=["gin_trgm_ops"], fastupdate=False
            ),
        ),
    ]
