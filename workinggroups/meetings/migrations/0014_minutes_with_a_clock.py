"""Minutes become final by the charter; corrections are answered; what was approved is sealed."""

import common.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0025_minutes_rule'),
        ('meetings', '0013_in_the_meeting'),
        ('organizations', '0011_plainer_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedMinutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('number', models.PositiveSmallIntegerField()),
                ('form', models.PositiveSmallIntegerField(default=2)),
                ('content', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('unlocked_at', models.DateTimeField(blank=True, null=True)),
                ('unlocked_reason', models.TextField(blank=True)),
            ],
            options={
                'verbose_name_plural': 'sealed minutes',
                'ordering': ['-number'],
            },
        ),
        migrations.AddField(
            model_name='correction',
            name='answer',
            field=models.CharField(choices=[('open', 'Not answered yet'), ('taken_up', 'Taken up'), ('declined', 'Declined')], default='open', max_length=8),
        ),
        migrations.AddField(
            model_name='correction',
            name='answer_note',
            field=models.TextField(blank=True, max_length=2000),
        ),
        migrations.AddField(
            model_name='correction',
            name='answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='correction',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='in_time',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='meeting',
            name='minutes_approved_at_meeting',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='minutes_approved_here', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='minutes_charter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='groups.charterversion'),
        ),
        migrations.AddField(
            model_name='meeting',
            name='minutes_reminder',
            field=models.PositiveSmallIntegerField(choices=[(0, 'None'), (1, 'To offer the minutes'), (2, 'The minutes are late')], default=0),
        ),
        migrations.AddField(
            model_name='meeting',
            name='minutes_rule',
            field=models.CharField(choices=[('none', 'A chair approves them after the time for corrections'), ('by_rule', 'They become final by themselves after the time for corrections'), ('next_meeting', 'The group approves them at its next meeting')], default='none', max_length=16),
        ),
        migrations.AddIndex(
            model_name='meeting',
            index=models.Index(condition=models.Q(('minutes_rule', 'by_rule'), ('minutes_state', 'draft')), fields=['corrections_until'], name='meeting_final_by_rule'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', 'open'), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(models.Q(('answer', 'open'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='correction_answered_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'asked'), models.Q(('answer', 'open'), ('in_time', False)), _connector='OR'), name='correction_answered_only_if_asked'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('minutes_state', 'approved'), _negated=True), ('minutes_approved_by__isnull', False), ('minutes_rule', 'by_rule'), _connector='OR'), name='meeting_minutes_approved_by_a_person_or_rule'),
        ),
        migrations.AddField(
            model_name='sealedminutes',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sealedminutes',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_minutes', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='sealedminutes',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='meetings.notesrevision'),
        ),
        migrations.AddField(
            model_name='sealedminutes',
            name='unlocked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='sealedminutes',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='sealed_minutes_once'),
        ),
        migrations.AddConstraint(
            model_name='sealedminutes',
            constraint=models.UniqueConstraint(condition=models.Q(('unlocked_at__isnull', True)), fields=('meeting',), name='sealed_minutes_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='sealedminutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unlocked_at__isnull', True), ('unlocked_by__isnull', True), ('unlocked_reason', '')), models.Q(('unlocked_at__isnull', False), ('unlocked_by__isnull', False), models.Q(('unlocked_reason', ''), _negated=True)), _connector='OR'), name='sealed_minutes_unlocked_with_a_reason'),
        ),
    ]
