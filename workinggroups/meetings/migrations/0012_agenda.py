import common.identifiers
import django.db.models.constraints
import django.db.models.deletion
from django.db import migrations, models

# Descriptions were plain text in one paragraph. The task that renders older texts again reads them as
# Markdown, since their renderer's version stays at the first one.
AS_HTML = """
UPDATE meetings_agendaitem
   SET html = '<p>' || replace(replace(replace(text, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') || '</p>'
 WHERE text <> ''
"""
# An agenda with items is its own.
BEGUN = """
UPDATE meetings_meeting AS m
   SET agenda_begun_at = coalesce(agenda_posted_at, created_at)
 WHERE EXISTS (SELECT 1 FROM meetings_agendaitem i WHERE i.meeting_id = m.id)
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
        migrations.AddField(
            model_name='agendaitem',
            name='is_from_template',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='meeting',
            name='agenda_begun_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='TemplateItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('renderer_version', models.PositiveSmallIntegerField(db_default=1, db_index=True, editable=False)),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('minutes', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='minutes')),
                ('goal', models.CharField(choices=[('inform', 'To inform'), ('discuss', 'To discuss'), ('decide', 'To decide')], default='discuss', max_length=16, verbose_name='goal')),
                ('source', models.TextField(blank=True, db_column='text', max_length=20000, verbose_name='what it is about')),
                ('html', models.TextField(blank=True, db_default='', default='')),
                ('position', models.PositiveSmallIntegerField()),
                ('office', models.CharField(blank=True, choices=[('chair', 'Chair'), ('co_chair', 'Co-chair'), ('secretary', 'Secretary')], default='', max_length=16, verbose_name='presenter')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='template', to='meetings.meetingseries')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('series', 'position'), name='template_position_once')],
            },
        ),
        # Last, since a table with rows changed in this transaction cannot be altered.
        migrations.RunSQL([AS_HTML, BEGUN], migrations.RunSQL.noop),
    ]
