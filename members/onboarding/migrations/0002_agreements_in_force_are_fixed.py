"""What somebody signed can be read again, word for word: the database keeps a version in force."""

from django.db import migrations

CREATE = """
CREATE FUNCTION onboarding_agreement_in_force_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Agreement version % is in force and stays as it is.', OLD.uuid
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER agreement_in_force_is_fixed
    BEFORE UPDATE OR DELETE ON onboarding_agreementversion
    FOR EACH ROW WHEN (OLD.in_force_at IS NOT NULL)
    EXECUTE FUNCTION onboarding_agreement_in_force_is_fixed();
"""

DROP = """
DROP TRIGGER agreement_in_force_is_fixed ON onboarding_agreementversion;
DROP FUNCTION onboarding_agreement_in_force_is_fixed();
"""


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
