"""PDF files that were asked for."""

import common.identifiers
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='PdfFile',
            fields=[
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, primary_key=True, serialize=False)),
                ('owner_uuid', models.UUIDField()),
                ('kind', models.CharField(max_length=24)),
                ('key', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=200)),
                ('covers', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('requested', 'Waiting for its turn'), ('running', 'Being made'), ('done', 'Ready'), ('failed', 'Failed')], default='requested', max_length=12)),
                ('failure', models.CharField(blank=True, choices=[('too_large', 'Too large, or too much work'), ('unreadable', 'The typesetter refused it'), ('no_typesetter', 'This installation has no typesetter (typst)')], max_length=16)),
                ('content', models.TextField(blank=True)),
                ('pictures', models.JSONField(default=dict)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('begun_at', models.DateTimeField(null=True)),
                ('made_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('bytes', models.PositiveIntegerField(default=0)),
                ('is_accessible', models.BooleanField(default=False)),
                ('missing_characters', models.CharField(blank=True, max_length=200)),
                ('missing_words', models.JSONField(default=list)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state__in', ['requested', 'running'])), fields=['requested_at'], name='pdf_waiting'), models.Index(fields=['used_at'], name='pdf_by_use')],
                'constraints': [models.UniqueConstraint(fields=('owner_uuid', 'kind', 'key'), name='pdf_once')],
            },
        ),
    ]
