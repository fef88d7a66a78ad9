"""The rules of a charter: checked, adopted with it, fixed from then on, and covered by its checksum."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.forms import BaseForm
from django.test import Client
from django.utils import timezone

from common.errors import Invalid
from common.record.models import Record
from members.people.models import Person
from tests import factories
from workinggroups.decisions.actions import record_decision
from workinggroups.groups import actions
from workinggroups.groups.choices import (
    FORM_TEXT,
    FORM_TEXT_AND_RULES,
    FORM_WITH_MINUTES_RULE,
    MinutesRule,
    Quorum,
)
from workinggroups.groups.forms.charter import CharterForm, charter_initial
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.queries import rules_at
from workinggroups.groups.rules import DEFAULT, Rules, changed_rules, charter_checksum, check_rules
from workinggroups.groups.voting_presets import PRESETS, VotingPreset, preset_named
from workinggroups.groups.voting_rules import RULE_NAMES, VOTING_DEFAULT, VotingRules

VOTING = VotingRules(approval="two_thirds", cap_percent=25, open_days=14)
VOTING_CHANGES: list[dict[str, Any]] = [
    {"unit": "persons"},
    {"approval": "unanimity"},
    {"base": "eligible"},
    {"silence_is_consent": True},
    {"quorum": "third"},
    {"attending_meetings": 3},
    {"attending_needed": 1},
    {"abstain_limit_percent": 30},
    {"category_limit_percent": 33},
    {"cap_percent": None},
    {"seats_per_employer": 2},
    {"one_vote_per_related_group": True},
    {"notice_days": 3},
    {"open_days": 15},
    {"extension_days": 7},
    {"discuss_days": 7},
    {"discuss_overruled_by": "two_thirds"},
    {"shows": "as_cast"},
    {"lapsed_votes": "drop"},
    {"reminder_days": (3,)},
]
STRICT = Rules(
    quorum=Quorum.NUMBER, quorum_number=3, notice_days=7, correction_days=14, voting=VOTING
)


def typed_in(form: BaseForm) -> dict[str, str]:
    """What a browser posts of the form as the page shows it."""
    return {
        name: "on" if value is True else str(value)
        for name, field in form.fields.items()
        if (value := field.prepare_value(form[name].value())) not in (None, False)
    }


def adopted(group: Group, chair: Person, rules: Rules = STRICT) -> CharterVersion:
    draft = actions.draft_charter(
        actor=chair, group=group, source="## Scope\n\nTests.", rules=rules
    )
    record_decision(
        actor=chair,
        group=group,
        title="Adopt the charter",
        method="consensus",
        charter_version=draft,
    )
    draft.refresh_from_db()
    return draft


@pytest.mark.parametrize(
    ("quorum", "needed"),
    [
        (Quorum.NONE, [0, 0, 0, 0, 0, 0, 0]),
        (Quorum.THIRD, [0, 1, 1, 1, 2, 2, 2]),
        (Quorum.MAJORITY, [1, 1, 2, 2, 3, 3, 4]),
        (Quorum.TWO_THIRDS, [0, 1, 2, 2, 3, 4, 4]),
    ],
)
def test_a_quorum_is_a_share_of_the_organizations(quorum: Quorum, needed: list[int]) -> None:
    rules = Rules(quorum=quorum)

    assert [rules.organizations_needed(count) for count in range(7)] == needed


def test_a_fixed_quorum_is_that_number() -> None:
    assert STRICT.organizations_needed(2) == STRICT.organizations_needed(50) == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quorum": "most"}, "quorum"),
        ({"quorum_number": None}, "quorum_number"),
        ({"quorum_number": 0}, "quorum_number"),
        ({"quorum_number": 1001}, "quorum_number"),
        ({"quorum": Quorum.MAJORITY}, "quorum_number"),
        ({"notice_days": 0}, "notice_days"),
        ({"notice_days": 61}, "notice_days"),
        ({"correction_days": -1}, "correction_days"),
        ({"correction_days": 61}, "correction_days"),
        ({"minutes_rule": "never"}, "minutes_rule"),
        ({"minutes_rule": MinutesRule.BY_RULE, "correction_days": None}, "correction_days"),
        ({"minutes_rule": MinutesRule.BY_RULE, "correction_days": 0}, "correction_days"),
        ({"voting": replace(VOTING, open_days=0)}, "voting_open_days"),
    ],
)
def test_rules_that_no_group_can_have_are_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_rules(replace(STRICT, **change))

    assert refused.value.field == field


@pytest.mark.django_db
@pytest.mark.parametrize(
    "columns",
    [
        {"quorum": "number"},
        {"quorum_number": 3},
        {"quorum": "number", "quorum_number": 0},
        {"notice_days": 0},
        {"notice_days": 61},
        {"correction_days": 61},
        {"form": FORM_TEXT, "notice_days": 3},
        {"form": FORM_TEXT_AND_RULES, "minutes_rule": "next_meeting"},
        {"minutes_rule": "by_rule"},
        {"minutes_rule": "by_rule", "correction_days": 0},
        {"form": FORM_WITH_MINUTES_RULE, "voting": {"open_days": 7}},
        {"voting": {}},
    ],
)
def test_the_database_refuses_them_too(group: Group, columns: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.charter(group, **columns)


def test_a_draft_keeps_its_rules(group: Group, chair: Person) -> None:
    draft = actions.draft_charter(actor=chair, group=group, source="One.", rules=STRICT)
    relaxed = replace(STRICT, notice_days=None)

    actions.edit_charter(
        actor=chair,
        charter=draft,
        source="One.",
        rules=relaxed,
        expires_on=None,
        read_at=draft.edited_at.isoformat(),
    )

    draft.refresh_from_db()
    assert draft.rules == relaxed
    assert rules_at(group.pk, timezone.now()) == DEFAULT


def test_rules_hold_from_the_adoption_until_the_next_one(group: Group, chair: Person) -> None:
    before = timezone.now()
    factories.charter(group, during=None, state="draft").delete()
    first = adopted(group, chair)
    between = timezone.now()
    adopted(group, chair, replace(STRICT, notice_days=10))

    assert rules_at(group.pk, before) == DEFAULT
    assert rules_at(group.pk, between) == first.rules == STRICT
    assert rules_at(group.pk, timezone.now()).notice_days == 10


def test_the_record_keeps_rules_and_a_checksum_anyone_can_compute(
    group: Group, chair: Person
) -> None:
    charter = adopted(group, chair)

    facts = json.loads(Record.objects.get(kind="charter", verb="adopted").facts)
    text = (
        '{"form":4,"rules":{"correction_days":14,"minutes_rule":"none","notice_days":7,"quorum":"number",'
        '"quorum_number":3,"voting":{"abstain_limit_percent":null,"approval":"two_thirds",'
        '"attending_meetings":null,"attending_needed":null,"base":"cast","cap_percent":25,'
        '"category_limit_percent":null,"discuss_days":null,"discuss_overruled_by":null,'
        '"extension_days":null,"lapsed_votes":"count","notice_days":0,'
        '"one_vote_per_related_group":false,"open_days":14,"quorum":"none","reminder_days":[3,1],'
        '"seats_per_employer":null,"shows":"who_voted","silence_is_consent":false,'
        '"unit":"organizations"}},"source":"## Scope\\n\\nTests."}'
    )
    assert facts["sha256"] == hashlib.sha256(text.encode()).hexdigest() == charter.checksum
    assert facts["form"] == 4
    assert facts["rules"] == {
        "quorum": "number",
        "quorum_number": 3,
        "notice_days": 7,
        "correction_days": 14,
        "minutes_rule": "none",
        "voting": VOTING.as_json(),
    }


def test_each_rule_is_covered_by_the_checksum() -> None:
    sums = {charter_checksum("A", STRICT, 4), charter_checksum("B", STRICT, 4)}
    for change in (
        {"quorum_number": 4},
        {"notice_days": 8},
        {"correction_days": None},
        {"minutes_rule": MinutesRule.BY_RULE},
        *({"voting": replace(VOTING, **change)} for change in VOTING_CHANGES),
    ):
        sums.add(charter_checksum("A", replace(STRICT, **change), 4))

    assert len(sums) == 6 + len(VOTING_CHANGES)
    assert {name for change in VOTING_CHANGES for name in change} == set(RULE_NAMES)


def test_a_charter_of_the_third_form_keeps_its_checksum(group: Group) -> None:
    text = (
        '{"form":3,"rules":{"correction_days":14,"minutes_rule":"by_rule","notice_days":null,'
        '"quorum":"none","quorum_number":null},"source":"One."}'
    )
    old = factories.charter(
        group,
        form=FORM_WITH_MINUTES_RULE,
        source="One.",
        correction_days=14,
        minutes_rule=MinutesRule.BY_RULE,
    )

    # As the record kept it on the day of the adoption.
    stored = "1a6d23250d6529f1fc75b62513b907bc73a5d335db4159f5a2d2310404d91f2f"
    assert old.checksum == stored == hashlib.sha256(text.encode()).hexdigest()
    assert old.rules.voting == VOTING_DEFAULT


def test_a_charter_of_the_second_form_keeps_its_checksum(group: Group) -> None:
    text = (
        '{"form":2,"rules":{"correction_days":14,"notice_days":null,"quorum":"none",'
        '"quorum_number":null},"source":"One."}'
    )
    old = factories.charter(group, form=FORM_TEXT_AND_RULES, source="One.", correction_days=14)

    assert old.checksum == hashlib.sha256(text.encode()).hexdigest()
    assert old.rules.minutes_rule == MinutesRule.NONE


def test_a_charter_from_before_keeps_its_checksum_and_has_no_rules(group: Group) -> None:
    old = factories.charter(group, form=FORM_TEXT, source="Grüße.")

    assert old.checksum == hashlib.sha256("Grüße.".encode()).hexdigest()
    assert old.rules == DEFAULT


@pytest.mark.parametrize(
    "change",
    [
        "source = 'x'",
        "quorum = 'none', quorum_number = NULL",
        "notice_days = 1",
        "correction_days = 1",
        "form = 5",
        "voting = jsonb_set(voting, '{open_days}', '1')",
        "minutes_rule = 'next_meeting'",
        "state = 'draft', during = NULL",
        "expires_on = now()",
        "during = tstzrange(now() - interval '9 years', NULL)",
    ],
)
def test_an_adopted_version_stands(group: Group, chair: Person, change: str) -> None:
    charter = adopted(group, chair)

    for statement in (
        f"UPDATE groups_charterversion SET {change}",
        "DELETE FROM groups_charterversion",
    ):
        with (
            connection.cursor() as cursor,
            pytest.raises(IntegrityError, match="refused"),
            transaction.atomic(),
        ):
            cursor.execute(f"{statement} WHERE id = %s", [charter.pk])


def test_an_end_once_set_stands(group: Group, chair: Person) -> None:
    first = adopted(group, chair)
    adopted(group, chair)

    with (
        connection.cursor() as cursor,
        pytest.raises(IntegrityError, match="refused"),
        transaction.atomic(),
    ):
        cursor.execute(
            "UPDATE groups_charterversion SET during = tstzrange(lower(during), NULL) "
            "WHERE id = %s",
            [first.pk],
        )


def test_pages_say_the_rules_and_what_changes(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    adopted(group, chair)
    client = client_of(chair)
    page = client.get(f"/groups/{group.slug}/charter/")
    assert "3 organizations" in page.text
    assert "The agenda is posted at least 7 days before the meeting" in page.text

    form = client.get(f"/groups/{group.slug}/charter/draft/edit/").context["form"]
    assert form.initial["notice_days"] == 7
    typed = {**typed_in(form), "quorum": "majority", "quorum_number": "", "source": "More."}
    saved = client.post(f"/groups/{group.slug}/charter/draft/edit/", typed, follow=True)

    assert "<del>3 organizations</del> <ins>More than half of the organizations</ins>" in saved.text
    refused = client.post(
        f"/groups/{group.slug}/charter/draft/edit/", {**typed, "quorum": "number"}
    )
    assert refused.status_code == 422
    assert "Enter how many organizations are needed." in refused.text


def test_changed_rules_are_named_with_both_words() -> None:
    assert changed_rules(STRICT, STRICT) == []
    by_rule = Rules(correction_days=1, minutes_rule=MinutesRule.BY_RULE)
    assert changed_rules(DEFAULT, by_rule) == [
        ("Corrections to draft minutes", "For as long as the chairs say", "For at least 1 day"),
        (
            "Approval of minutes",
            "A chair approves them after the time for corrections",
            "They become final by themselves after the time for corrections",
        ),
    ]


def test_api_answers_the_charter_in_force(client: Client, group: Group, chair: Person) -> None:
    assert client.get(f"/api/v1/groups/{group.slug}/charter/").status_code == 404

    charter = adopted(group, chair)
    answer = client.get(f"/api/v1/groups/{group.slug}/charter/").json()

    assert answer["rules"] == {
        "quorum": "number",
        "quorum_number": 3,
        "notice_days": 7,
        "correction_days": 14,
        "minutes_rule": "none",
        "voting": VOTING.as_json(),
    }
    assert (answer["number"], answer["form"], answer["sha256"]) == (1, 4, charter.checksum)


def test_the_agenda_page_says_by_when_it_is_due(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    adopted(group, chair)
    meeting = factories.meeting(group, starts_at=timezone.now() + timedelta(days=20))

    page = client_of(chair).get(f"/groups/{group.slug}/meetings/{meeting.number}/agenda/")

    assert page.context["agenda_due_at"] == meeting.starts_at - timedelta(days=7)
    assert "The charter asks to post the agenda by" in page.text


def test_a_preset_fills_the_fields_and_loses_nothing_typed(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    client, path = client_of(chair), f"/groups/{group.slug}/charter/draft/edit/"
    typed = typed_in(client.get(path).context["form"])
    typed |= {"source": "Half a sent", "notice_days": "soon", "voting_open_days": "9"}

    page = client.post(path, {**typed, "use_preset": "1", "preset": "ieee"})

    assert page.status_code == 200
    assert not group.charters.exists()
    shown = typed_in(page.context["form"])
    preset = preset_named("ieee")
    assert preset
    assert (shown["source"], shown["notice_days"]) == ("Half a sent", "soon")
    assert "Half a sent" in page.text
    assert "75/75/30" in page.text

    client.post(path, {**shown, "notice_days": ""})

    assert group.charters.get().rules.voting == preset.rules


def test_a_preset_has_to_be_chosen_first(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    client, path = client_of(chair), f"/groups/{group.slug}/charter/draft/edit/"

    page = client.post(path, {"source": "Kept", "use_preset": "1"})

    assert page.status_code == 422
    assert "Choose one of these first." in page.text
    assert page.context["form"]["source"].value() == "Kept"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)
def test_rules_typed_in_a_form_come_back_as_they_were(preset: VotingPreset) -> None:
    shown = CharterForm(initial={"source": "One.", **charter_initial(Rules(voting=preset.rules))})

    form = CharterForm(typed_in(shown))

    assert form.is_valid(), form.errors
    assert form.rules() == Rules(voting=preset.rules)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"voting_quorum": "attending"}, "voting_attending_meetings"),
        ({"voting_reminder_days": "3, soon"}, "voting_reminder_days"),
        ({"voting_reminder_days": "1, 3"}, "voting_reminder_days"),
        ({"voting_seats_per_employer": "2"}, "voting_seats_per_employer"),
        ({"voting_open_days": ""}, "voting_open_days"),
        ({"voting_cap_percent": "101"}, "voting_cap_percent"),
    ],
)
def test_a_wrong_rule_of_voting_is_said_beside_its_field(
    change: dict[str, str], field: str
) -> None:
    typed = typed_in(CharterForm(initial={"source": "One."}))

    assert list(CharterForm({**typed, **change}).errors) == [field]


def test_a_form_without_rules_of_voting_keeps_those_it_began_with(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    adopted(group, chair)

    client_of(chair).post(
        f"/groups/{group.slug}/charter/draft/edit/",
        {"source": "New.", "quorum": "none", "minutes_rule": "none"},
    )

    assert group.charters.get(state="draft").rules == Rules(voting=VOTING)


def test_pages_say_how_the_group_votes(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    adopted(group, chair)

    page = client_of(chair).get(f"/groups/{group.slug}/charter/")

    assert "At least two thirds of the votes for and against" in page.text
    assert "These default rules" not in page.text


def test_a_charter_from_before_says_that_default_rules_apply(client: Client, group: Group) -> None:
    factories.charter(group, form=FORM_WITH_MINUTES_RULE)

    page = client.get(f"/groups/{group.slug}/charter/")

    assert "so these default rules apply" in page.text
    assert "More than half of the votes for and against" in page.text


def test_changed_rules_of_voting_are_named() -> None:
    after = Rules(voting=replace(VOTING_DEFAULT, open_days=14, notice_days=1))

    assert changed_rules(DEFAULT, after) == [
        ("Time to vote", "At least 7 days", "At least 14 days; announced at least 1 day before")
    ]
