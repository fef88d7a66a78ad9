"""A work published elsewhere is an external work; its table keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_changed_at")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("OutsideEntry", "ExternalWork"),
                migrations.AlterModelTable("ExternalWork", "catalogue_outsideentry"),
            ]
        )
    ]
