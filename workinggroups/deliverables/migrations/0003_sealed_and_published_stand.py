"""What is sealed or published cannot be changed, whoever asks the database to."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION deliverables_sealed_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sealed_at IS NULL THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    RAISE EXCEPTION '% of a sealed revision is refused: begin a new one.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER revision_sealed_stands BEFORE UPDATE OR DELETE ON deliverables_revision
    FOR EACH ROW EXECUTE FUNCTION deliverables_sealed_stands();

-- The share lock waits for a seal under way, so that no file slips in beside its checksum.
CREATE FUNCTION deliverables_files_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sealed timestamptz;
    owner bigint;
BEGIN
    FOREACH owner IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.revision_id]
        WHEN 'DELETE' THEN ARRAY[OLD.revision_id]
        ELSE ARRAY[OLD.revision_id, NEW.revision_id] END
    LOOP
        SELECT sealed_at INTO sealed FROM deliverables_revision WHERE id = owner FOR SHARE;
        IF sealed IS NOT NULL THEN
            RAISE EXCEPTION '% of a file of a sealed revision is refused: begin a new one.', TG_OP
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER revision_files_stand BEFORE INSERT OR UPDATE OR DELETE ON deliverables_revisionfile
    FOR EACH ROW EXECUTE FUNCTION deliverables_files_stand();

-- A publication may be superseded and withdrawn, each once, and nothing else.
CREATE FUNCTION deliverables_publication_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['is_latest', 'withdrawn_at', 'withdrawn_by_id', 'withdrawn_reason'];
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - free = to_jsonb(OLD) - free
       AND (OLD.is_latest OR NOT NEW.is_latest)
       AND (OLD.withdrawn_at IS NULL
            OR (NEW.withdrawn_at, NEW.withdrawn_by_id, NEW.withdrawn_reason)
             = (OLD.withdrawn_at, OLD.withdrawn_by_id, OLD.withdrawn_reason)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a publication is refused: withdraw it, or publish the next version.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER publication_stands BEFORE UPDATE OR DELETE ON deliverables_publication
    FOR EACH ROW EXECUTE FUNCTION deliverables_publication_stands();
"""

BACKWARDS = """
DROP TRIGGER publication_stands ON deliverables_publication;
DROP FUNCTION deliverables_publication_stands();
DROP TRIGGER revision_files_stand ON deliverables_revisionfile;
DROP FUNCTION deliverables_files_stand();
DROP TRIGGER revision_sealed_stands ON deliverables_revision;
DROP FUNCTION deliverables_sealed_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("deliverables", "0002_reviews_and_series")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
