"""Rules beside the text of a charter; an adopted version stands, but for its end and its HTML."""

from django.db import migrations, models

# What was adopted before there were rules has none: its checksum covers the text alone.
DRAFTS = "UPDATE groups_charterversion SET form = 2 WHERE state = 'draft'"

FORWARDS = """
CREATE FUNCTION groups_charter_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['html', 'renderer_version', 'during'];
BEGIN
    IF OLD.state <> 'adopted' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change
       AND lower(NEW.during) = lower(OLD.during)
       AND (upper_inf(OLD.during) OR NEW.during = OLD.during) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of an adopted charter is refused: adopt the next version.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER charter_stands BEFORE UPDATE OR DELETE ON groups_charterversion
    FOR EACH ROW EXECUTE FUNCTION groups_charter_stands();
"""

BACKWARDS = """
DROP TRIGGER charter_stands ON groups_charterversion;
DROP FUNCTION groups_charter_stands();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('groups', '0018_plainer_labels'),
    ]

    operations = [
        migrations.AddField(
            model_name='charterversion',
            name='correction_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days for corrections'),
        ),
        migrations.AddField(
            model_name='charterversion',
            name='form',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.RunSQL(DRAFTS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='charterversion',
            name='form',
            field=models.PositiveSmallIntegerField(default=2, editable=False),
        ),
        migrations.AddField(
            model_name='charterversion',
            name='notice_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='notice period in days'),
        ),
        migrations.AddField(
            model_name='charterversion',
            name='quorum',
            field=models.CharField(choices=[('none', 'No quorum'), ('third', 'At least one third of the organizations'), ('majority', 'More than half of the organizations'), ('two_thirds', 'At least two thirds of the organizations'), ('number', 'A fixed number of organizations')], default='none', max_length=16, verbose_name='quorum'),
        ),
        migrations.AddField(
            model_name='charterversion',
            name='quorum_number',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='organizations for a quorum'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('quorum', 'number'), ('quorum_number__isnull', False), ('quorum_number__range', (1, 1000))), models.Q(models.Q(('quorum', 'number'), _negated=True), ('quorum_number__isnull', True)), _connector='OR'), name='charter_quorum_number'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.CheckConstraint(condition=models.Q(('notice_days__isnull', True), ('notice_days__range', (1, 60)), _connector='OR'), name='charter_notice_days'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.CheckConstraint(condition=models.Q(('correction_days__isnull', True), ('correction_days__lte', 60), _connector='OR'), name='charter_correction_days'),
        ),
        migrations.AddConstraint(
            model_name='charterversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('form', 1), _negated=True), models.Q(('correction_days__isnull', True), ('notice_days__isnull', True), ('quorum', 'none')), _connector='OR'), name='charter_of_text_has_no_rules'),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
