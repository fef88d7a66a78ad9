"""In the meeting: check-in, guests, claims, speakers, items with their hours, the notice shown."""

import common.identifiers
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Until now only officers recorded who was present.
SAY_HOW = "UPDATE meetings_attendance SET how = 'officer' WHERE state = 'present'"

FORWARDS = """
CREATE FUNCTION meetings_competition_notice_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of a notice that was shown is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER competition_notice_stands BEFORE UPDATE OR DELETE ON meetings_competitionnotice
    FOR EACH ROW EXECUTE FUNCTION meetings_competition_notice_stands();

CREATE FUNCTION meetings_guests_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased text[] := ARRAY['name', 'anonymised_at', 'anonymised_by_id'];
    guest meetings_guest;
BEGIN
    IF TG_OP = 'INSERT' THEN guest := NEW; ELSE guest := OLD; END IF;
    IF TG_OP = 'UPDATE' AND NEW.name = '' AND to_jsonb(NEW) - erased = to_jsonb(OLD) - erased THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
        SELECT FROM meetings_meeting m WHERE m.id = guest.meeting_id AND m.minutes_state = 'approved'
    ) THEN
        RAISE EXCEPTION '% of a guest of approved minutes is refused.', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guests_stand BEFORE INSERT OR UPDATE OR DELETE ON meetings_guest
    FOR EACH ROW EXECUTE FUNCTION meetings_guests_stand();
"""

BACKWARDS = """
DROP TRIGGER competition_notice_stands ON meetings_competitionnotice;
DROP FUNCTION meetings_competition_notice_stands();
DROP TRIGGER guests_stand ON meetings_guest;
DROP FUNCTION meetings_guests_stand();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0012_agenda'),
        ('organizations', '0011_plainer_labels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AttendanceClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('state', models.CharField(choices=[('open', 'Waiting for an officer'), ('confirmed', 'Confirmed'), ('declined', 'Declined')], default='open', max_length=16)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['created_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CompetitionNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('shown_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Guest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('affiliation', models.CharField(blank=True, max_length=160, verbose_name='affiliation')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('anonymised_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['added_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SpeakerRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=common.identifiers.new_uuid, editable=False, unique=True)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['raised_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='begun_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='spent_seconds',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='attendance',
            name='checked_in_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attendance',
            name='how',
            field=models.CharField(blank=True, choices=[('self', 'checked in'), ('officer', 'recorded by an officer'), ('imported', 'from the report of the video call'), ('claim', 'confirmed afterwards')], max_length=16),
        ),
        migrations.AddField(
            model_name='meeting',
            name='live_version',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(SAY_HOW, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('begun_at__isnull', False), ('ended_at__isnull', True)), fields=('meeting',), name='agenda_one_item_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('begun_at')), _connector='OR'), name='agenda_item_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'present'), models.Q(('how', ''), _negated=True)), models.Q(models.Q(('state', 'present'), _negated=True), ('how', '')), _connector='OR'), name='attendance_present_says_how'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_in_at__isnull', False), ('how', 'self')), models.Q(models.Q(('how', 'self'), _negated=True), ('checked_in_at__isnull', True)), _connector='OR'), name='attendance_checked_in_by_oneself'),
        ),
        migrations.AddField(
            model_name='attendanceclaim',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attendanceclaim',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='attendanceclaim',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='attendanceclaim',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='competitionnotice',
            name='meeting',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='competition_notice', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='competitionnotice',
            name='shown_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='anonymised_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='guest',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guests', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='speakerrequest',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='speakerrequest',
            name='meeting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='speakers', to='meetings.meeting'),
        ),
        migrations.AddField(
            model_name='speakerrequest',
            name='organization',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization'),
        ),
        migrations.AddField(
            model_name='speakerrequest',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='attendanceclaim',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='claim_once'),
        ),
        migrations.AddConstraint(
            model_name='attendanceclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='claim_open_until_answered'),
        ),
        migrations.AddConstraint(
            model_name='guest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('name', ''), _negated=True), ('anonymised_at__isnull', True)), models.Q(('anonymised_at__isnull', False), ('name', '')), _connector='OR'), name='guest_has_a_name_until_anonymised'),
        ),
        migrations.AddConstraint(
            model_name='speakerrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('meeting', 'person'), name='speaker_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='speakerrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('called_at__isnull', False), ('done_at__isnull', True)), fields=('meeting',), name='speaker_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='speakerrequest',
            constraint=models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('called_at__isnull', False), _connector='OR'), name='speaker_called_before_done'),
        ),
        migrations.AddConstraint(
            model_name='speakerrequest',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('called_at__isnull', True), _connector='OR'), name='speaker_withdrawn_while_waiting'),
        ),
        migrations.RunSQL(FORWARDS, BACKWARDS),
    ]
