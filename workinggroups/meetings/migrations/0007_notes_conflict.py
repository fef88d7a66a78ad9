"""A text that met another's save is a conflict of notes; its table keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_files_of_approved_minutes_stand")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("KeptText", "NotesConflict"),
                migrations.AlterModelTable("NotesConflict", "meetings_kepttext"),
            ]
        )
    ]
