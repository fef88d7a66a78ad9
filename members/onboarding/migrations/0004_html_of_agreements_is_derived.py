"""What was signed is the source of an agreement: its HTML may be rendered again."""

from django.db import migrations

FORWARDS = """
CREATE OR REPLACE FUNCTION onboarding_agreement_in_force_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived text[] := ARRAY['html', 'renderer_version'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Agreement version % is in force and stays as it is.', OLD.uuid
        USING ERRCODE = 'restrict_violation';
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION onboarding_agreement_in_force_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Agreement version % is in force and stays as it is.', OLD.uuid
        USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0003_renderer_version")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
