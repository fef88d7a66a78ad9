"""All records of a transaction are linked at once, so that a large one holds the chain for a moment.

What a link is made of stays the same: number, hash before, and the words of the record. The words
are put together before the lock is taken, and one INSERT makes all links.
"""

from django.db import migrations

FORWARDS = """
ALTER TABLE record_unchained
    ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN said text NOT NULL DEFAULT '';

CREATE FUNCTION record_said(act record_record) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT concat_ws(E'\\n', act.uuid::text, record_instant(act.at), coalesce(act.actor_uuid::text, ''),
        act.verb, act.kind, act.object_uuid::text, act.facts)
$$;

CREATE OR REPLACE FUNCTION record_await() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_unchained (record_uuid, said) VALUES (NEW.uuid, record_said(NEW));
    RETURN NULL;
END $$;

-- The first record of a transaction that comes here links all of them; the others find it done.
CREATE OR REPLACE FUNCTION record_link() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    place bigint;
    before text;
    waiting record;
    uuids uuid[];
    befores text[];
    hashes text[];
BEGIN
    PERFORM FROM record_unchained WHERE record_uuid = NEW.record_uuid;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('record_chain', 0));
    SELECT position, hash INTO place, before FROM record_chain ORDER BY position DESC LIMIT 1;
    place := coalesce(place, 0);
    before := coalesce(before, repeat('0', 64));
    FOR waiting IN SELECT record_uuid, said FROM record_unchained ORDER BY number LOOP
        uuids := uuids || waiting.record_uuid;
        befores := befores || before;
        before := encode(sha256(convert_to(concat_ws(
            E'\\n', (place + cardinality(uuids))::text, before, waiting.said), 'UTF8')), 'hex');
        hashes := hashes || before;
    END LOOP;
    INSERT INTO record_chain (position, record_uuid, prev, hash)
        SELECT place + link.number, link.uuid, link.prev, link.hash
          FROM unnest(uuids, befores, hashes) WITH ORDINALITY AS link (uuid, prev, hash, number);
    DELETE FROM record_unchained;
    RETURN NULL;
END $$;
"""

BACKWARDS = """
CREATE OR REPLACE FUNCTION record_await() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_unchained (record_uuid) VALUES (NEW.uuid);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION record_link() RETURNS trigger LANGUAGE plpgsql AS $$
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

DROP FUNCTION record_said(record_record);
ALTER TABLE record_unchained DROP COLUMN said, DROP COLUMN number;
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0002_record_chained_at_commit")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
