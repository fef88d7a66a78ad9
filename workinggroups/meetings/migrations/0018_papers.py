"""Papers of agenda items, and what an item was carried over from. Papers of approved minutes stand."""

import common.identifiers
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The papers of an agenda are part of what was approved, although no seal covers them. The item keeps its
# meeting, so a paper is of the meeting of its item.
FORWARDS = """
CREATE FUNCTION meetings_paper_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item bigint;
BEGIN
    FOREACH item IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.item_id]
        WHEN 'DELETE' THEN ARRAY[OLD.item_id]
        ELSE ARRAY[OLD.item_id, NEW.item_id] END
    LOOP
        IF EXISTS (
            SELECT FROM meetings_agendaitem i JOIN meetings_meeting m ON m.id = i.meeting_id
             WHERE i.id = item AND m.minutes_state = 'approved'
        ) THEN
            RAISE EXCEPTION '% in % of approved minutes is refused.', TG_OP, TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER paper_stands BEFORE INSERT OR UPDATE OR DELETE ON meetings_paper
    FOR EACH ROW EXECUTE FUNCTION meetings_paper_stands();
"""
BACKWARDS = """
DROP TRIGGER paper_stands ON meetings_paper;
DROP FUNCTION meetings_paper_stands();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0017_agenda_proposals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Paper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(blank=True, max_length=32)),
                ('object_uuid', models.UUIDField(blank=True, null=True)),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='web address')),
                ('title', models.CharField(blank=True, max_length=200, verbose_name='title')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='carried_kind',
            field=models.CharField(blank=True, choices=[('item', 'Item of an earlier agenda'), ('action_items', 'Open action items'), ('comments', 'Unresolved comments')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='carried_uuid',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('carried_uuid__isnull', False)), fields=('meeting', 'carried_kind', 'carried_uuid'), name='agenda_carried_over_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('carried_kind', ''), ('carried_uuid__isnull', True)), models.Q(models.Q(('carried_kind', ''), _negated=True), ('carried_uuid__isnull', False)), _connector='OR'), name='agenda_carried_from_something'),
        ),
        migrations.AddField(
            model_name='paper',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paper',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='meetings.agendaitem'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('object_uuid__isnull', False)), fields=['object_uuid'], name='paper_of_object'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('item', 'position'), name='paper_position_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(condition=models.Q(('object_uuid__isnull', False)), fields=('item', 'kind', 'object_uuid'), name='paper_object_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.UniqueConstraint(condition=models.Q(('url', ''), _negated=True), fields=('item', 'url'), name='paper_address_once'),
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('object_uuid__isnull', False), ('title', ''), ('url', ''), models.Q(('kind', ''), _negated=True)), models.Q(('kind', ''), ('object_uuid__isnull', True), models.Q(('url', ''), _negated=True), models.Q(('title', ''), _negated=True)), _connector='OR'), name='paper_is_an_object_or_an_address'),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
