"""The rules of a charter: checked, adopted with it, fixed from then on, and covered by its checksum."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from common.errors import Invalid
from common.record.models import Record
from members.people.models import Person
from tests import factories
from workinggroups.decisions.actions import record_decision
from workinggroups.groups import actions
from workinggroups.groups.choices import FORM_TEXT, FORM_TEXT_AND_RULES, MinutesRule, Quorum
from workinggroups.groups.models import CharterVersion, Group
from workinggroups.groups.queries import rules_at
from workinggroups.groups.rules import DEFAULT, Rules, changed_rules, charter_checksum, check_rules

STRICT = Rules(quorum=Quorum.NUMBER, quorum_number=3, notice_days=7, correction_days=14)


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
        '{"form":3,"rules":{"correction_days":14,"minutes_rule":"none","notice_days":7,"quorum":"number",'
        '"quorum_number":3},"source":"## Scope\\n\\nTests."}'
    )
    assert facts["sha256"] == hashlib.sha256(text.encode()).hexdigest() == charter.checksum
    assert facts["form"] == 3
    assert facts["rules"] == {
        "quorum": "number",
        "quorum_number": 3,
        "notice_days": 7,
        "correction_days": 14,
        "minutes_rule": "none",
    }


def test_each_rule_is_covered_by_the_checksum() -> None:
    sums = {charter_checksum("A", STRICT, 3), charter_checksum("B", STRICT, 3)}
    for change in (
        {"quorum_number": 4},
        {"notice_days": 8},
        {"correction_days": None},
        {"minutes_rule": MinutesRule.BY_RULE},
    ):
        sums.add(charter_checksum("A", replace(STRICT, **change), 3))

    assert len(sums) == 6


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
        "form = 4",
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
    typed = {**form.initial, "quorum": "majority", "quorum_number": "", "source": "More."}
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
    }
    assert (answer["number"], answer["form"], answer["sha256"]) == (1, 3, charter.checksum)


def test_the_agenda_page_says_by_when_it_is_due(
    client_of: Callable[..., Client], group: Group, chair: Person
) -> None:
    adopted(group, chair)
    meeting = factories.meeting(group, starts_at=timezone.now() + timedelta(days=20))

    page = client_of(chair).get(f"/groups/{group.slug}/meetings/{meeting.number}/agenda/")

    assert page.context["agenda_due_at"] == meeting.starts_at - timedelta(days=7)
    assert "The charter asks to post the agenda by" in page.text
