"""What happened to an action item: read from the record, with the texts that changes replaced."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.record.models import Record
from common.text.diff import diff_html
from common.ui.date_format import day_words
from members.people.models import Person
from workinggroups.groups.choices import ActionItemAct
from workinggroups.groups.models import ActionItem

ACTION_ITEM = "action_item"
SENTENCES = {
    ActionItemAct.CREATED: gettext_lazy("%(person)s added the action item"),
    ActionItemAct.CHANGED: gettext_lazy("%(person)s changed it"),
    ActionItemAct.DONE: gettext_lazy("%(person)s marked it as done"),
    ActionItemAct.DROPPED: gettext_lazy("%(person)s dropped it"),
    ActionItemAct.REOPENED: gettext_lazy("%(person)s reopened it"),
}
# The latest acts that a page shows.
HISTORY_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One act on an action item: who did what when, and what was different afterwards.

    `lines` say what changed besides the text, of which `text` shows the words that were added and
    removed.
    """

    at: datetime
    sentence: str
    lines: tuple[str, ...] = ()
    text: SafeString | None = None


def history_of(item: ActionItem) -> list[Change]:
    """Return the acts on the item, the latest first, at most HISTORY_SHOWN. Three queries.

    Changes of the text from before texts were kept are shown without words.
    """
    records = list(
        Record.objects.about(ACTION_ITEM, item.uuid).order_by("-at", "-uuid")[: HISTORY_SHOWN + 1]
    )
    facts = [_Facts.read(each.facts) for each in records]
    uuids = {each.actor_uuid for each in records if each.actor_uuid}
    uuids |= {uuid for each in facts for uuid in each.owners}
    people = Person.objects.in_bulk(uuids, field_name="uuid")
    texts = _texts(item)
    changes = []
    for place, row in enumerate(records[:HISTORY_SHOWN]):
        before = facts[place + 1] if place + 1 < len(facts) else None
        is_change = row.verb == ActionItemAct.CHANGED and before is not None
        changes.append(
            Change(
                at=row.at,
                sentence=str(SENTENCES[ActionItemAct(row.verb)])
                % {"person": _name(row.actor_uuid, people)},
                lines=_differences(before, facts[place], people) if is_change and before else (),
                text=_text_change(texts, facts[place].version) if is_change else None,
            )
        )
    return changes


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a record says of the item after an act; records of before name no version."""

    owners: tuple[UUID, ...]
    due_on: date | None
    version: int | None

    @classmethod
    def read(cls, stored: str) -> "_Facts":
        facts = json.loads(stored)
        owners = [facts.get("owner"), *facts.get("others", [])]
        due_on = facts.get("due_on")
        return cls(
            owners=tuple(UUID(owner) for owner in owners if owner),
            due_on=date.fromisoformat(due_on) if due_on else None,
            version=facts.get("version"),
        )


def _differences(before: _Facts, after: _Facts, people: Mapping[UUID, Person]) -> tuple[str, ...]:
    lines = []
    if before.owners != after.owners:
        if after.owners:
            names = _names(after.owners, people)
            lines.append(_("Assigned to %(names)s") % {"names": names})
        else:
            lines.append(_("No longer assigned to anybody"))
    if before.due_on != after.due_on:
        if after.due_on is None:
            lines.append(_("No due date any more"))
        elif before.due_on is None:
            lines.append(_("Due %(day)s") % {"day": day_words(after.due_on)})
        else:
            days = {"day": day_words(after.due_on), "before": day_words(before.due_on)}
            lines.append(_("Due %(day)s instead of %(before)s") % days)
    return tuple(lines)


def _names(owners: Sequence[UUID], people: Mapping[UUID, Person]) -> str:
    return ", ".join(_name(owner, people) for owner in owners)


def _name(uuid: UUID | None, people: Mapping[UUID, Person]) -> str:
    return str(people[uuid]) if uuid and uuid in people else _("Someone")


def _texts(item: ActionItem) -> dict[int, tuple[str, str]]:
    """Return the texts before and after each change of the text, by the version it made."""
    edits = list(item.edits.all())
    after = [*(edit.text for edit in edits[1:]), item.text]
    return {edit.version + 1: (edit.text, text) for edit, text in zip(edits, after, strict=False)}


def _text_change(texts: Mapping[int, tuple[str, str]], version: int | None) -> SafeString | None:
    texts_of_version = texts.get(version) if version is not None else None
    return diff_html(*texts_of_version) if texts_of_version else None
