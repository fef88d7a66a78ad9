"""A rejected proposal is a decision too; counts say what they count; an early approval says why.

All decisions of before were adopted and recorded by hand. Nobody said what their counts counted.
"""

from django.db import migrations, models
from django.db.models import Q

FORWARDS = """
CREATE OR REPLACE FUNCTION decisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'replaced_by_id', 'level', 'html', 'renderer_version'];
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.state = 'standing' OR (NEW.state, NEW.replaced_by_id) = (OLD.state, OLD.replaced_by_id))
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        IF NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id AND EXISTS (
            SELECT FROM decisions_decision newer
             WHERE newer.id = NEW.replaced_by_id AND newer.outcome = 'rejected') THEN
            RAISE EXCEPTION 'UPDATE of a decision is refused: a rejected proposal replaces nothing.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a decision is refused: another decision supersedes or rescinds it.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION decisions_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['state', 'replaced_by_id', 'level', 'html', 'renderer_version'];
BEGIN
    IF TG_OP = 'UPDATE'
       AND (OLD.state = 'standing' OR (NEW.state, NEW.replaced_by_id) = (OLD.state, OLD.replaced_by_id))
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a decision is refused: another decision supersedes or rescinds it.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0007_plainer_labels")]
    operations = [
        migrations.AddField(
            "decision",
            "outcome",
            models.CharField(
                "outcome",
                max_length=16,
                choices=[("adopted", "Adopted"), ("rejected", "Rejected")],
                default="adopted",
            ),
        ),
        migrations.AddField(
            "decision",
            "unit",
            models.CharField(
                "counted",
                max_length=16,
                choices=[("organizations", "Organizations"), ("people", "People")],
                blank=True,
                default="",
            ),
            preserve_default=False,
        ),
        migrations.AddField("decision", "is_by_hand", models.BooleanField(default=True)),
        migrations.AddField("decision", "early_until", models.DateField(null=True, blank=True)),
        migrations.AddField(
            "decision",
            "early_reason",
            models.TextField(blank=True, max_length=2000, default=""),
            preserve_default=False,
        ),
        migrations.AlterField(
            "decision",
            "state",
            models.CharField(
                max_length=16,
                choices=[
                    ("standing", "In force"),
                    ("superseded", "Superseded"),
                    ("rescinded", "Rescinded"),
                    ("rejected", "Rejected"),
                ],
                default="standing",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=Q(
                    outcome="rejected",
                    state="rejected",
                    charter_version__isnull=True,
                    replaced_by__isnull=True,
                )
                | (Q(outcome="adopted") & ~Q(state="rejected")),
                name="decision_rejected_is_never_in_force",
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=Q(unit="") | Q(votes_for__isnull=False), name="decision_unit_of_counts"
            ),
        ),
        migrations.AddConstraint(
            "decision",
            models.CheckConstraint(
                condition=Q(early_until__isnull=True, early_reason="")
                | (Q(early_until__isnull=False, outcome="adopted") & ~Q(early_reason="")),
                name="decision_early_with_reason",
            ),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
