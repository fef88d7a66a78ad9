"""Files know whose names they have. Those from before do not: they are made again when asked for."""

import django.contrib.postgres.indexes
from django.db import migrations, models

BEGIN = """
DELETE FROM pdf_pdffile;
INSERT INTO pdf_erasures (id, count) VALUES (1, 0);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pdf', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('count', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name_plural': 'erasures',
            },
        ),
        migrations.RunSQL(BEGIN, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='pdffile',
            name='people',
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name='pdffile',
            index=django.contrib.postgres.indexes.GinIndex(fields=['people'], name='pdf_people', opclasses=['jsonb_path_ops']),
        ),
        migrations.AddIndex(
            model_name='pdffile',
            index=django.contrib.postgres.indexes.GinIndex(fields=['covers'], name='pdf_covers', opclasses=['jsonb_path_ops']),
        ),
    ]
