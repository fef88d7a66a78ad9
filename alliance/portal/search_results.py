"""What a search shows: hits in the index of all apps, and things with such a name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alliance.portal.people import people_seen_by
from common.access import Viewer
from common.names import name_contains, name_words
from common.search import files, queries
from common.search.hits import Hit
from common.vocabulary.models import FocusArea
from members.organizations.models import Organization
from members.people.models import Person
from workinggroups.deliverables.choices import DeliverableKind
from workinggroups.groups.choices import GroupKind
from workinggroups.groups.models import Group

NAMES_SHOWN = 5
NAMES_MAX_CHARACTERS = 80
# How many focus areas, authors and organizations that match a result shows.
OTHER_LABELS_SHOWN = 3

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Section:
    """A kind of result: `label` for a tab, `one` for a single result, `kinds` in the index."""

    key: str
    label: str | Promise
    one: str | Promise
    kinds: tuple[str, ...]
    glyph: str


SECTIONS: Sequence[Section] = (
    Section(
        "publications",
        _("Publications"),
        _("Publication"),
        ("publication", "outside_entry"),
        "journal-text",
    ),
    Section("decisions", _("Decisions"), _("Decision"), ("decision",), "check2-square"),
    Section(
        "deliverables", _("Deliverables"), _("Deliverable"), ("deliverable",), "file-earmark-text"
    ),
    Section("meetings", _("Meetings"), _("Meeting"), ("meeting",), "calendar-event"),
    Section(
        "action_items", _("Action items"), _("Action item"), ("action_item",), "arrow-right-circle"
    ),
    Section("discussion", _("Discussion"), _("Discussion"), ("topic", "post"), "chat-left-text"),
    Section("groups", _("Groups"), _("Group"), ("group",), "people"),
    Section("organizations", _("Organizations"), _("Organization"), ("organization",), "building"),
    Section("people", _("People"), _("Person"), ("person",), "person"),
)


@cache
def sections() -> dict[str, Section]:
    """Return the sections by key, with one for all kinds of attached files that apps registered."""
    attached = Section("files", _("Files"), _("File"), files.kinds(), "file-earmark-text")
    return {section.key: section for section in (*SECTIONS, attached)}


@cache
def sections_by_kind() -> dict[str, Section]:
    return {kind: section for section in sections().values() for kind in section.kinds}


@dataclass(frozen=True)
class Tab:
    section: Section
    count: int
    is_current: bool


@dataclass(frozen=True)
class ResultRow:
    """One hit with its section, and the name of its group if the reader can see that."""

    hit: Hit
    section: Section
    group_name: str

    @property
    def labels(self) -> list[str]:
        """The words below the hit: its kind, its group, and what else about it matches."""
        always = [str(self.section.one), *filter(None, [self.group_name])]
        about = self.hit.about
        others = [html for line, html in about.items() if line not in always]
        return [*(about.get(name, name) for name in always), *others[:OTHER_LABELS_SHOWN]]


@dataclass(frozen=True)
class SearchResults:
    lines: list[ResultRow]
    tabs: list[Tab]
    total: int
    more_than: bool
    guessed: bool
    has_next: bool
    did_you_mean: str
    ignored: Sequence[str]
    is_any_of: bool
    names: list[Group | Organization | Person]
    words: str

    @property
    def counts_by_key(self) -> dict[str, int]:
        return {tab.section.key: tab.count for tab in self.tabs}

    @property
    def empty_title(self) -> str:
        return _("No results for “%(words)s”") % {"words": self.words}

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.names)


def find(viewer: Viewer, words: str, section: Section | None, page: int) -> SearchResults:
    """Return what the viewer can see with these words, in all sections or in one.

    The first page of all sections also has names of which the words are only a part.
    """
    kinds = section.kinds if section else tuple(sections_by_kind())
    results = queries.query(viewer, words, kinds, page, labels)
    wants_names = section is None and page == 1
    return SearchResults(
        lines=_lines(viewer, results.hits),
        tabs=_tabs(results.counts, section),
        total=results.total,
        more_than=results.more_than,
        guessed=results.guessed,
        has_next=results.has_next,
        did_you_mean=results.did_you_mean,
        ignored=results.ignored,
        is_any_of=results.is_any_of,
        words=words,
        names=_named(viewer, words) if wants_names else [],
    )


def labels() -> list[str]:
    """Return the words for kinds and focus areas, by which things are found too; one query."""
    return [
        *(str(label) for each in sections().values() for label in (each.one, each.label)),
        *(str(label) for kinds in (GroupKind, DeliverableKind) for label in kinds.labels),
        *FocusArea.objects.values_list("name", flat=True),
    ]


def _tabs(counts: Mapping[str, int], current: Section | None) -> list[Tab]:
    """Return the current tab and those with results."""
    tabs = [
        Tab(section, sum(counts.get(kind, 0) for kind in section.kinds), section is current)
        for section in sections().values()
    ]
    return [tab for tab in tabs if tab.is_current or tab.count]


def _lines(viewer: Viewer, hits: list[Hit]) -> list[ResultRow]:
    """Return the hits of known kinds; name a group only if the viewer can see it."""
    ids = {hit.group_id for hit in hits if hit.group_id and hit.kind != "group"}
    visible = Group.objects.visible_to(viewer).filter(pk__in=ids)
    names = dict(visible.values_list("pk", "name"))
    by_kind = sections_by_kind()
    return [
        ResultRow(
            hit,
            by_kind[hit.kind],
            "" if hit.kind == "group" else names.get(hit.group_id or 0, ""),
        )
        for hit in hits
        if hit.kind in by_kind
    ]


def _named(viewer: Viewer, words: str) -> list[Group | Organization | Person]:
    """Return groups, organizations and people with these letters in their name."""
    words = words[:NAMES_MAX_CHARACTERS]
    if not any(_is_selective(word) for word in name_words(words)):
        return []
    named: list[Group | Organization | Person] = [
        *_first_named(Group.objects.visible_to(viewer), words),
        *_first_named(Organization.objects.visible_to(viewer), words),
    ]
    # `people_seen_by` is a costly query, and most words are in nobody's name.
    if Person.objects.filter(name_contains(words)).exists():
        named += _first_named(people_seen_by(viewer), words)
    return named


def _first_named(rows: QuerySet[Row], words: str) -> QuerySet[Row]:
    return rows.filter(name_contains(words)).order_by("sort_name", "pk")[:NAMES_SHOWN]


def _is_selective(word: str) -> bool:
    """One Latin letter is in nearly every name; one Han character can be a name."""
    return len(word) > 1 or not word.isascii()
