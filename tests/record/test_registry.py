"""Which models are tracked, under which stored names, and what the registry refuses."""

from collections import defaultdict
from uuid import uuid4

import pytest
from django.utils.functional import SimpleLazyObject

from common.files.models import StoredFile
from common.record import registry
from common.record.actions import record
from common.record.registry import TrackedModel
from members.people.choices import PersonAct, TokenAct
from members.people.models import Person
from tests import factories
from workinggroups.groups.choices import GroupAct
from workinggroups.meetings.models import Meeting

# What installations have stored. Add to it; never rename, never remove: the hashes depend on it.
STORED = {
    "action_item": {"changed", "created", "done", "dropped", "reopened"},
    "action_item_comment": {"hidden", "shown"},
    "admission_request": {"approved", "declined", "requested", "withdrawn"},
    "agreement": {"accepted", "drafted", "put_in_force"},
    "application": {
        "approved", "check_settled", "compared", "joined", "rejected", "sent", "taken",
        "withdrawn",
    },
    "ballot": {
        "announced", "announcement_withdrawn", "closed", "extended", "handed_on", "lapsed", "opened",
        "recalled", "recused", "returned", "stated", "voided", "voted",
    },
    "break_glass": {"closed", "opened", "read"},
    "charter": {"adopted"},
    "comment": {"answered", "not_settled", "settled"},
    "decision": {"file_added", "file_removed", "recorded", "rescinded", "superseded"},
    "deliverable": {
        "approved", "authors_named", "changes_requested", "created", "dropped", "editor_named",
        "editor_released", "not_approved", "resumed", "review_ended", "review_ended_early",
        "review_opened",
    },
    "group": {
        "added", "address_chosen", "admitted", "concluded", "created", "edited", "joined", "left",
        "level_changed", "office_ended", "office_given", "removed", "reopened",
        "voter_ended", "voter_named",
    },
    "group_invitation": {"accepted", "declined", "issued", "withdrawn"},
    "invitation": {"accepted", "issued", "resent", "revoked"},
    "mail": {"released"},
    "meeting": {
        "agenda_posted", "attendance_recorded", "cancelled", "carried_over", "claim_confirmed",
        "competition_law_shown", "correction_answered", "entered_afterwards", "file_added", "file_removed",
        "guest_added", "guest_anonymised", "guest_removed", "item_proposed", "minutes_approved",
        "minutes_corrected", "minutes_offered", "minutes_unlocked", "moved", "notes_reopened",
        "notes_restored", "planned", "proposal_accepted", "proposal_declined", "proposal_withdrawn",
        "recording_added", "recording_consent_noted", "recording_deleted", "transcript_added",
    },
    "meeting_series": {"changed", "ended", "gathered", "planned"},
    "membership": {"begun", "status_changed"},
    "milestone": {"dropped", "planned", "reached"},
    "organization": {
        "address_chosen", "created", "domains_set", "edited", "joined", "left",
        "legal_name_asked", "legal_name_confirmed", "legal_name_declined",
        "legal_name_withdrawn", "related", "relation_ended", "representative_ended",
        "representative_named",
    },
    "outside_entry": {"added", "edited", "retired"},
    "person": {
        "closed", "created", "listed", "made_staff", "password_set", "renamed", "restored",
        "second_factor_reset", "second_factor_reset_asked", "second_factor_reset_withdrawn",
        "suspended", "unlisted",
    },
    "post": {"hidden", "shown"},
    "publication": {"published", "withdrawn"},
    "revision": {"sealed"},
    "site_text": {"edited"},
    "token": {"created", "revoked"},
    "topic": {"file_added", "file_removed", "locked", "unlocked"},
}  # fmt: skip


def registered_verbs() -> dict[str, set[str]]:
    return {
        tracked.kind: {verb.value for verbs in tracked.verbs for verb in verbs}
        for tracked in registry.tracked_models()
    }


def test_no_stored_kind_or_verb_is_lost_or_renamed() -> None:
    assert registered_verbs() == STORED


def test_a_stored_verb_has_the_same_words_for_each_kind() -> None:
    words = defaultdict(set)
    for tracked in registry.tracked_models():
        for verbs in tracked.verbs:
            for verb in verbs:
                words[verb.value].add(str(verb.label))

    assert {verb: labels for verb, labels in words.items() if len(labels) > 1} == {}


def test_a_kind_and_a_model_are_registered_once() -> None:
    kind_taken = TrackedModel(kind="group", model=StoredFile, label="File", verbs=(TokenAct,))
    model_taken = TrackedModel(kind="gathering", model=Meeting, label="Meeting", verbs=(TokenAct,))

    for tracked in (kind_taken, model_taken):
        with pytest.raises(ValueError, match="registered already"):
            registry.register(tracked)

    assert "gathering" not in registered_verbs()


def test_older_codes_that_no_app_knows_are_shown_as_stored() -> None:
    assert registry.verb_label("hand_waved") == "Hand waved"
    assert registry.kind_label("round_table") == "Round table"


@pytest.mark.django_db
def test_record_takes_kind_and_uuid_from_the_registry() -> None:
    person = factories.person("Petra Public")

    # The signed-in person of a request is such a lazy object.
    row = record(person, PersonAct.RENAMED, SimpleLazyObject(lambda: person), facts={"from": 1})

    assert (row.verb, row.kind, row.object_uuid) == ("renamed", "person", person.uuid)
    assert (row.actor_uuid, row.facts) == (person.uuid, '{"from":1}')


@pytest.mark.django_db
def test_a_record_of_the_clock_has_no_actor() -> None:
    person = factories.person("Petra Public")

    assert record(None, PersonAct.MADE_STAFF, person).actor_uuid is None


def test_a_verb_of_another_model_is_refused() -> None:
    with pytest.raises(ValueError, match="not a verb of Person"):
        record(None, GroupAct.CONCLUDED, Person())


def test_an_object_that_is_not_tracked_is_refused() -> None:
    with pytest.raises(KeyError):
        record(None, PersonAct.CREATED, StoredFile(uuid=uuid4()))
