from django.db import migrations, models


class Migration(migrations.Migration):
    """No act ever led to “dormant”; the column stays as it is."""

    dependencies = [
        ('groups', '0005_no_interest_rows'),
    ]

    operations = [
        migrations.AlterField(
            model_name='group',
            name='state',
            field=models.CharField(choices=[('forming', 'Forming'), ('active', 'Active'), ('concluded', 'Concluded')], default='forming', max_length=16, verbose_name='state'),
        ),
    ]
