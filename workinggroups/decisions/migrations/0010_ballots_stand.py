"""What an open ballot fixes, the database keeps: question and rules, roll, votes and steps."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION decisions_ballot_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    derived text[] := ARRAY['html', 'renderer_version', 'level'];
    moving text[] := derived || ARRAY['state', 'closes_at', 'extended_at', 'closed_at', 'result',
        'stated_at', 'stated_by_id', 'statement', 'decision_id'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state IN ('draft', 'announced') THEN
            RETURN NEW;
        END IF;
        IF OLD.state = 'open' AND NEW.state = 'draft'
           AND NOT EXISTS (SELECT FROM decisions_vote WHERE ballot_id = OLD.id) THEN
            RETURN NEW;
        END IF;
        IF OLD.state IN ('open', 'closed') AND NEW.state <> 'draft' AND NEW.state <> 'announced'
           AND NOT (OLD.state = 'closed' AND NEW.state = 'open')
           AND to_jsonb(NEW) - moving = to_jsonb(OLD) - moving THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(NEW) - derived = to_jsonb(OLD) - derived THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of a ballot that is %: its question, rules and result stand.',
        TG_OP, OLD.state USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ballot_stands BEFORE UPDATE OR DELETE ON decisions_ballot
    FOR EACH ROW EXECUTE FUNCTION decisions_ballot_stands();

CREATE FUNCTION decisions_roll_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot_state text;
    may_change text[] := ARRAY['recused_at', 'recused_by_id', 'recusal_reason', 'lapsed_at'];
BEGIN
    SELECT state INTO ballot_state FROM decisions_ballot
     WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.ballot_id ELSE NEW.ballot_id END FOR SHARE;
    IF TG_OP <> 'UPDATE' AND ballot_state IN ('draft', 'announced') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND ballot_state = 'open'
       AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of the roll of a ballot that is %: the roll stands.', TG_OP, ballot_state
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER roll_stands BEFORE INSERT OR UPDATE OR DELETE ON decisions_rollentry
    FOR EACH ROW EXECUTE FUNCTION decisions_roll_stands();

CREATE FUNCTION decisions_roll_people_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot_state text;
BEGIN
    SELECT b.state INTO ballot_state FROM decisions_ballot b
      JOIN decisions_rollentry e ON e.ballot_id = b.id
     WHERE e.id = CASE TG_OP WHEN 'DELETE' THEN OLD.entry_id ELSE NEW.entry_id END;
    IF (TG_OP = 'INSERT' AND ballot_state IN ('draft', 'announced', 'open'))
       OR (TG_OP = 'DELETE' AND ballot_state IN ('draft', 'announced')) THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION '% of a person on the roll of a ballot that is %: the roll stands.',
        TG_OP, ballot_state USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER roll_people_stand BEFORE INSERT OR UPDATE OR DELETE ON decisions_rollperson
    FOR EACH ROW EXECUTE FUNCTION decisions_roll_people_stand();

CREATE FUNCTION decisions_votes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ballot decisions_ballot;
    entry decisions_rollentry;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'DELETE of a vote is refused.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT * INTO ballot FROM decisions_ballot WHERE id = NEW.ballot_id FOR SHARE;
    SELECT * INTO entry FROM decisions_rollentry WHERE id = NEW.entry_id;
    IF ballot.state <> 'open' OR ballot.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'No vote counts in this ballot now.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_while_open';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        IF OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
           AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'UPDATE of a vote is refused: a later vote replaces it.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF entry.ballot_id <> ballot.id OR entry.recused_at IS NOT NULL OR entry.lapsed_at IS NOT NULL THEN
        RAISE EXCEPTION 'This entry of the roll has no vote in the ballot now.'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'vote_of_the_roll';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER votes_stand BEFORE INSERT OR UPDATE OR DELETE ON decisions_vote
    FOR EACH ROW EXECUTE FUNCTION decisions_votes_stand();

CREATE FUNCTION decisions_steps_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of what happened to a ballot is refused.', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER ballot_steps_stand BEFORE UPDATE OR DELETE ON decisions_ballotstep
    FOR EACH ROW EXECUTE FUNCTION decisions_steps_stand();
"""

BACKWARDS = """
DROP TRIGGER ballot_steps_stand ON decisions_ballotstep;
DROP FUNCTION decisions_steps_stand();
DROP TRIGGER votes_stand ON decisions_vote;
DROP FUNCTION decisions_votes_stand();
DROP TRIGGER roll_people_stand ON decisions_rollperson;
DROP FUNCTION decisions_roll_people_stand();
DROP TRIGGER roll_stands ON decisions_rollentry;
DROP FUNCTION decisions_roll_stands();
DROP TRIGGER ballot_stands ON decisions_ballot;
DROP FUNCTION decisions_ballot_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("decisions", "0009_ballots")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
