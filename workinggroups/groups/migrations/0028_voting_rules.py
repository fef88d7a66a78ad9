"""How a group votes: rules of the charter, covered by the fourth form of its checksum."""

from django.db import migrations, models

import workinggroups.groups.voting_rules

# Drafts are adopted with all rules; what was adopted keeps the form of its checksum, and no rules of
# voting. The values are the defaults of this day.
DRAFTS = """
UPDATE groups_charterversion SET form = 4, voting = '{
    "unit": "organizations", "approval": "more_than_half", "base": "cast", "silence_is_consent": false,
    "quorum": "none", "attending_meetings": null, "attending_needed": null,
    "abstain_limit_percent": null, "category_limit_percent": null, "cap_percent": null,
    "seats_per_employer": null, "one_vote_per_related_group": false, "notice_days": 0, "open_days": 7,
    "extension_days": null, "discuss_days": null, "discuss_overruled_by": null, "shows": "who_voted",
    "lapsed_votes": "count", "reminder_days": [3, 1]
}' WHERE state = 'draft'
"""
DRAFTS_BACK = "UPDATE groups_charterversion SET form = 3, voting = '{}' WHERE state = 'draft'"


class Migration(migrations.Migration):

    dependencies = [("groups", "0027_voters")]

    operations = [
        migrations.AddField(
            model_name="charterversion",
            name="voting",
            field=models.JSONField(blank=True, default=dict, verbose_name="rules of voting"),
        ),
        migrations.RunSQL(DRAFTS, DRAFTS_BACK),
        migrations.AlterField(
            model_name="charterversion",
            name="voting",
            field=models.JSONField(
                blank=True,
                default=workinggroups.groups.voting_rules.default_voting,
                verbose_name="rules of voting",
            ),
        ),
        migrations.AlterField(
            model_name="charterversion",
            name="form",
            field=models.PositiveSmallIntegerField(default=4, editable=False),
        ),
        migrations.AddConstraint(
            model_name="charterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__lt", 4), ("voting", {}))
                | models.Q(models.Q(("voting", {}), _negated=True), ("form__gte", 4)),
                name="charter_of_older_form_has_no_voting_rules",
            ),
        ),
    ]
