"""The recording and transcript of a meeting, with consent and a last day."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0015_approved_minutes_stand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consent', models.CharField(max_length=300, verbose_name='how consent was given')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('delete_on', models.DateField(verbose_name='delete after')),
                ('url', models.URLField(blank=True, max_length=500, verbose_name='link to the recording')),
                ('transcript', models.JSONField(blank=True, default=list)),
                ('added_at', models.DateTimeField(blank=True, null=True)),
                ('deleted_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('deleted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='recording', to='meetings.meeting')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['delete_on'], name='recording_to_delete')],
                'constraints': [models.CheckConstraint(condition=models.Q(('consent', ''), _negated=True), name='recording_with_consent'), models.CheckConstraint(condition=models.Q(('deleted_at__isnull', True), models.Q(('transcript', []), ('url', '')), _connector='OR'), name='recording_deleted_is_empty')],
            },
        ),
    ]
