"""Each stored HTML names the version of its renderer; what there is was made by the first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_agreements_in_force_are_fixed")]
    operations = [
        migrations.AddField(
            model_name="agreementversion",
            name="renderer_version",
            field=models.PositiveSmallIntegerField(db_index=True, db_default=1, editable=False),
        ),
    ]
