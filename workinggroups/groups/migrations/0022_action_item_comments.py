"""Comments on action items; and search finds the items of before, once `search.renew` has run."""

import common.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Version 0 is due: the words are filled in by the periodic task, as after a rise of INDEX_VERSION.
# The group is named only to those who see its profile (`workinggroups/groups/search.py`).
INDEX = """
INSERT INTO search_searchentry
       (kind, uuid, part, group_id, level, title, about, body, url, config, at, tsv, version)
SELECT 'action_item', i.uuid, 0, i.group_id, i.level, i.text,
       CASE WHEN i.level >= CASE g.listing WHEN 'public' THEN 0 WHEN 'alliance' THEN 1 ELSE 2 END
            THEN concat_ws(E'\n', 'Action item', a.name, g.name)
            ELSE 'Action item' END,
       '', '/groups/' || g.slug || '/actions/' || i.number || '/', 'english', i.created_at, '', 0
  FROM groups_actionitem i
  JOIN groups_group g ON g.id = i.group_id
  JOIN vocabulary_focusarea a ON a.id = g.focus_area_id
ON CONFLICT (kind, uuid, part) DO NOTHING
"""
FORGET = "DELETE FROM search_searchentry WHERE kind = 'action_item'"


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0021_action_item_edits'),
        ('organizations', '0011_plainer_labels'),
        ('search', '0007_plainer_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActionItemComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('html', models.TextField()),
                ('renderer_version', models.PositiveSmallIntegerField(db_default=1, db_index=True, editable=False)),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'Public'), (1, 'The alliance'), (2, 'Members of the group'), (3, 'Chairs of the group')], default=2)),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('source', models.TextField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('edited_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_at', models.DateTimeField(blank=True, null=True)),
                ('hidden_reason', models.CharField(blank=True, max_length=300)),
                ('version', models.PositiveIntegerField(default=1)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.group')),
                ('hidden_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='groups.actionitem')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ActionItemCommentEdit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('html', models.TextField()),
                ('renderer_version', models.PositiveSmallIntegerField(db_default=1, db_index=True, editable=False)),
                ('version', models.PositiveIntegerField()),
                ('source', models.TextField()),
                ('replaced_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='edits', to='groups.actionitemcomment')),
            ],
            options={
                'ordering': ['version'],
            },
        ),
        migrations.AddIndex(
            model_name='actionitemcomment',
            index=models.Index(fields=['group', 'created_at'], name='action_item_comment_group'),
        ),
        migrations.AddConstraint(
            model_name='actionitemcomment',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='action_item_comment_number_once'),
        ),
        migrations.AddConstraint(
            model_name='actionitemcommentedit',
            constraint=models.UniqueConstraint(fields=('comment', 'version'), name='action_item_comment_edit_once'),
        ),
        migrations.RunSQL(INDEX, FORGET),
    ]
