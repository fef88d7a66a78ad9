"""Sessions know whose they are. Everybody signs in again once.

The sessions of before are dropped and not copied: among them may be some that their owners, or
staff, meant to end. Backwards nothing is to be done: `migrate` makes the tables of before again, empty.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORMER = """
DROP TABLE IF EXISTS usersessions_usersession;
DROP TABLE IF EXISTS django_session;
DELETE FROM django_migrations WHERE app IN ('sessions', 'usersessions');
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0005_second_factor_reset")]
    operations = [
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.CharField(
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                        verbose_name="session key",
                    ),
                ),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.RunSQL(FORMER, migrations.RunSQL.noop),
    ]
