"""How minutes become final: a rule of the charter, covered by the third form of its checksum."""

from django.db import migrations, models

# Drafts are adopted with all rules; what was adopted keeps the form of its checksum.
DRAFTS = "UPDATE groups_charterversion SET form = 3 WHERE state = 'draft'"
DRAFTS_BACK = "UPDATE groups_charterversion SET form = 2 WHERE state = 'draft'"


class Migration(migrations.Migration):

    dependencies = [("groups", "0022_action_item_comments")]

    operations = [
        migrations.AddField(
            model_name="charterversion",
            name="minutes_rule",
            field=models.CharField(
                choices=[
                    ("none", "A chair approves them after the time for corrections"),
                    ("by_rule", "They become final by themselves after the time for corrections"),
                    ("next_meeting", "The group approves them at its next meeting"),
                ],
                default="none",
                max_length=16,
                verbose_name="approval of minutes",
            ),
        ),
        migrations.RunSQL(DRAFTS, DRAFTS_BACK),
        migrations.AlterField(
            model_name="charterversion",
            name="form",
            field=models.PositiveSmallIntegerField(default=3, editable=False),
        ),
        migrations.AddConstraint(
            model_name="charterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes_rule", "none"), ("form__gte", 3), _connector="OR"),
                name="charter_of_older_form_has_no_minutes_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="charterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("minutes_rule", "by_rule"), _negated=True),
                    models.Q(("correction_days__gte", 1), ("correction_days__isnull", False)),
                    _connector="OR",
                ),
                name="charter_minutes_by_rule_after_corrections",
            ),
        ),
    ]
