from django.db import migrations, models

# Descriptions were plain text in one paragraph. The task that renders older texts again reads them as
# Markdown, since their renderer's version stays at the first one.
AS_HTML = """
UPDATE meetings_agendaitem
   SET html = '<p>' || replace(replace(replace(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>'
 WHERE text <> ''
"""


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0011_find_a_time'),
    ]

    operations = [
        # The column keeps its name, which code of before the upgrade uses.
        migrations.AlterField(
            model_name='agendaitem',
            name='text',
            field=models.TextField(blank=True, db_column='text', max_length=20000, verbose_name='what it is about'),
        ),
        migrations.RenameField(model_name='agendaitem', old_name='text', new_name='source'),
        migrations.AddField(
            model_name='agendaitem',
            name='html',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='renderer_version',
            field=models.PositiveSmallIntegerField(db_default=1, db_index=True, editable=False),
        ),
        migrations.RunSQL(AS_HTML, migrations.RunSQL.noop),
    ]
