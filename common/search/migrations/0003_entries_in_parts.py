import django.contrib.postgres.search
from django.db import migrations, models

# The column keeps what it holds, so that search goes on finding while the next migration fills it.
KEPT = "ALTER TABLE search_searchentry ALTER COLUMN tsv DROP EXPRESSION"
GENERATED = """
DELETE FROM search_searchentry WHERE part > 0;
ALTER TABLE search_searchentry DROP COLUMN tsv;
ALTER TABLE search_searchentry ADD COLUMN tsv tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector(CASE WHEN config = 'english' THEN 'alliance_english'::regconfig
        ELSE 'alliance_simple'::regconfig END, title), 'A')
    || setweight(to_tsvector(CASE WHEN config = 'english' THEN 'alliance_english'::regconfig
        ELSE 'alliance_simple'::regconfig END, left(body, 12000)), 'B')) STORED;
CREATE INDEX search_words ON search_searchentry USING gin (tsv);
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0002_entry_has_a_day")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEPT, GENERATED)],
            state_operations=[
                migrations.AlterField(
                    "searchentry", "tsv", django.contrib.postgres.search.SearchVectorField()
                )
            ],
        ),
        migrations.AddField("searchentry", "part", models.SmallIntegerField(default=0)),
        migrations.AddField("searchentry", "about", models.TextField(blank=True, default="")),
        # What is there was made by the expression: version 0.
        migrations.AddField("searchentry", "version", models.SmallIntegerField(default=0)),
        migrations.AlterField("searchentry", "version", models.SmallIntegerField(default=1)),
        migrations.AlterField("searchentry", "about", models.TextField(blank=True)),
        migrations.RemoveConstraint("searchentry", "search_once"),
        migrations.AddConstraint(
            "searchentry",
            models.UniqueConstraint(fields=["kind", "uuid", "part"], name="search_part_once"),
        ),
        migrations.AddIndex(
            "searchentry", models.Index(fields=["version", "id"], name="search_version")
        ),
    ]
