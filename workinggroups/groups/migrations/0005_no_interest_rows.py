from django.db import migrations


class Migration(migrations.Migration):
    """Which groups an applicant named stands in its application; these rows were never written."""

    dependencies = [
        ('groups', '0004_seat_by_index'),
    ]

    operations = [
        migrations.DeleteModel(name='Interest'),
    ]
