"""The record is chained at COMMIT and neither it nor its chain can be changed (ADR 0009)."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what stands in the record stands.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER record_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON record_record
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse();
CREATE TRIGGER chain_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON record_chain
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse();

-- Links are made by the trigger below and by nobody else.
CREATE FUNCTION record_refuse_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'INSERT into % is refused: the database chains the record itself.', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER chain_is_made_here AFTER INSERT ON record_chain
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_by_hand();
CREATE TRIGGER unchained_is_made_here AFTER INSERT ON record_unchained
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_by_hand();

CREATE FUNCTION record_instant(at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION record_hash(place bigint, prev text, act record_record) RETURNS text
    LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws(E'\\n',
        place::text, prev, act.uuid::text, record_instant(act.at), coalesce(act.actor_uuid::text, ''),
        act.verb, act.kind, act.object_uuid::text, act.facts), 'UTF8')), 'hex')
$$;

-- First step, among the transaction's deferred checks: remember the record.
CREATE FUNCTION record_await() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_unchained (record_uuid) VALUES (NEW.uuid);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER record_awaits_chain AFTER INSERT ON record_record
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_await();

-- Second step, after all of them (their events were queued before this one): take the lock that is
-- held until the commit is visible, and link. Each statement here sees what others have committed.
CREATE FUNCTION record_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act record_record;
    place bigint;
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('record_chain', 0));
    SELECT position, hash INTO place, before FROM record_chain ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0) + 1;
    before := coalesce(before, repeat('0', 64));
    SELECT * INTO STRICT act FROM record_record WHERE uuid = NEW.record_uuid;
    INSERT INTO record_chain (position, record_uuid, prev, hash)
        VALUES (place, act.uuid, before, record_hash(place, before, act));
    DELETE FROM record_unchained WHERE record_uuid = NEW.record_uuid;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER unchained_links AFTER INSERT ON record_unchained
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION record_link();
"""

BACKWARDS = """
DROP TRIGGER unchained_links ON record_unchained;
DROP TRIGGER record_awaits_chain ON record_record;
DROP TRIGGER unchained_is_made_here ON record_unchained;
DROP TRIGGER chain_is_made_here ON record_chain;
DROP TRIGGER chain_stands ON record_chain;
DROP TRIGGER record_stands ON record_record;
DROP FUNCTION record_link();
DROP FUNCTION record_await();
DROP FUNCTION record_hash(bigint, text, record_record);
DROP FUNCTION record_instant(timestamptz);
DROP FUNCTION record_refuse_by_hand();
DROP FUNCTION record_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
