"""Form fields to choose a person, several people or a time zone, all without scripts."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.names import name_contains, name_words, same_name
from members.people.models import Person
from members.people.zones import zone_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# With more people than this the field asks for a name, and the page stays small.
LISTED_MAX = 60
MATCHES_MAX = 20


class _HintedText(forms.TextInput):
    """A text box below a sentence that describes it."""

    hint = ""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        hint_id = f"{name}-how"
        described = f"{(attrs or {}).get('aria-describedby', '')} {hint_id}".strip()
        attrs = {**(attrs or {}), "autocomplete": "off", "aria-describedby": described}
        text_box = super().render(name, value, attrs, renderer)
        return format_html('<div class="hint" id="{}">{}</div>{}', hint_id, self.hint, text_box)


class PersonSelect(forms.Select):
    """A list of the people, or a text box for part of the name if they are too many to list."""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        if not isinstance(self.choices, forms.models.ModelChoiceIterator):
            return super().render(name, value, attrs, renderer)
        roster = self.choices.queryset
        people = list(roster[: LISTED_MAX + 1])
        if len(people) > LISTED_MAX:
            if value and is_uuid(str(value)):
                value = roster.filter(uuid=value).first() or ""
            box = _HintedText({**self.attrs, "maxlength": 120})
            box.hint = _("Type part of the name. If several people match, you can choose one.")
            return box.render(name, value, attrs, renderer)
        empty_label = self.choices.field.empty_label
        empty = [("", empty_label)] if empty_label is not None else []
        listed = forms.Select(self.attrs, [*empty, *_options(people)])
        listed.is_required = self.is_required
        return listed.render(name, value, attrs, renderer)


class PersonFieldOptions(TypedDict, total=False):
    """What a field for a person passes on to Django's."""

    label: "StrOrPromise"
    help_text: "StrOrPromise"
    required: bool
    initial: object
    empty_label: "StrOrPromise | None"


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the people, by public id from the list or by part of the name.

    Where several people match the name, the field becomes a list of them and the form asks again.
    """

    widget: type[forms.Widget] | forms.Widget = PersonSelect

    def __init__(
        self, people: QuerySet[Person] | None = None, **options: Unpack[PersonFieldOptions]
    ) -> None:
        queryset = Person.objects.none() if people is None else people
        super().__init__(queryset, to_field_name="uuid", **options)

    def to_python(self, value: object) -> Person | None:
        words = "" if value is None else " ".join(str(value).split())
        if not words or is_uuid(words):
            person: Person | None = super().to_python(words)
            return person
        assert self.queryset is not None
        matching = self.queryset.filter(name_contains(words[:120]))
        people: list[Person] = list(matching[: MATCHES_MAX + 1])
        chosen = people if len(people) == 1 else _only_match(people, words)
        if chosen:
            return chosen[0]
        if not people:
            raise ValidationError(
                _("No one has “%(words)s” in their name. Try another part of the name."),
                code="nobody",
                params={"words": words},
            )
        if len(people) > MATCHES_MAX:
            raise ValidationError(
                _("More than %(count)d people match “%(words)s”. Type more of the name."),
                code="many",
                params={"count": MATCHES_MAX, "words": words},
            )
        self.widget = forms.Select(
            getattr(self.widget, "attrs", None),
            [("", _("Choose one of these")), *_options(people)],
        )
        raise ValidationError(_("Several people match. Choose one of them."), code="several")


class PeopleSelect(forms.Widget):
    """The people with a box to tick each, or a text box for names if they are too many to list."""

    people: QuerySet[Person] = Person.objects.none()

    @property
    def is_listed(self) -> bool:
        return len(self._listed()) <= LISTED_MAX

    @property
    def use_fieldset(self) -> bool:  # type: ignore[override]
        return self.is_listed

    def _listed(self) -> list[Person]:
        """Return the people, or so many that they are too many to list. One query a form."""
        listed: list[Person] | None = self.__dict__.get("listed")
        if listed is None:
            listed = self.__dict__["listed"] = list(self.people[: LISTED_MAX + 1])
        return listed

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return "" if self.is_listed else id_

    def value_from_datadict(
        self, data: Mapping[str, object], files: Mapping[str, object], name: str
    ) -> list[str]:
        if isinstance(data, MultiValueDict):
            return data.getlist(name)
        value = data.get(name) or []
        return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]

    def value_omitted_from_data(
        self, data: Mapping[str, object], files: Mapping[str, object], name: str
    ) -> bool:
        return False  # a browser sends nothing of boxes that are not ticked

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        values = [str(getattr(each, "uuid", each)) for each in _as_list(value)]
        if self.is_listed:
            return self._boxes(name, set(values), str((attrs or {}).get("id", name)))
        box = _HintedText({**self.attrs, "maxlength": 1000})
        box.hint = _("Type part of each name, with a comma between two people.")
        return box.render(name, self._names(values), attrs, renderer)

    def _boxes(self, name: str, chosen: set[str], group_id: str) -> SafeString:
        """Render the boxes, folded away unless one of them is ticked."""
        boxes = format_html_join(
            "",
            '<div><label for="{0}_{1}"><input type="checkbox" name="{2}" value="{3}" id="{0}_{1}"{4}>'
            "{5}</label></div>",
            (
                (group_id, number, name, person.uuid, _checked(str(person.uuid) in chosen), person)
                for number, person in enumerate(self._listed())
            ),
        )
        return format_html(
            '<details class="more people-choice"{}><summary>{}</summary><div>{}</div></details>',
            mark_safe(" open") if chosen else "",
            _("Choose people"),
            boxes,
        )

    def _names(self, values: list[str]) -> str:
        """Return what was typed, with names in place of public ids."""
        uuids = [value for value in values if is_uuid(value)]
        names = {str(person.uuid): person.name for person in self.people.filter(uuid__in=uuids)}
        typed = [names.get(value, "" if is_uuid(value) else value) for value in values]
        return ", ".join(filter(None, typed))


def _checked(is_chosen: bool) -> SafeString:
    return mark_safe(" checked" if is_chosen else "")  # noqa: S308  (our own constant)


def _as_list(value: object) -> list[object]:
    if not value:
        return []
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else [value]


class PeopleField(forms.Field):
    """Several of the people, in the order in which they come, by public id or by part of the name."""

    widget: type[forms.Widget] | forms.Widget = PeopleSelect
    people: QuerySet[Person] = Person.objects.none()

    def offer(self, people: QuerySet[Person]) -> None:
        """Let the field choose among these people."""
        assert isinstance(self.widget, PeopleSelect)
        self.people = self.widget.people = people

    def clean(self, value: object) -> list[Person]:
        """Return the people, each once. Raises ValidationError for a name of nobody or of several."""
        typed = [str(each) for each in _as_list(value)]
        uuids = [words for words in typed if is_uuid(words)]
        by_uuid = {str(person.uuid): person for person in self.people.filter(uuid__in=uuids)}
        people: dict[int, Person] = {}
        for words in typed:
            for part in [words] if words in uuids else re.split("[,;、，；]", words):
                if part.strip():
                    person = by_uuid.get(str(UUID(part))) if is_uuid(part) else self._named(part)
                    if person is None:
                        raise ValidationError(
                            _("Choose people from the list. Reload the page if it has changed."),
                            code="invalid_choice",
                        )
                    people[person.pk] = person
        if self.required and not people:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(people.values())

    def _named(self, words: str) -> Person | None:
        try:
            return PersonField(self.people).to_python(words)
        except ValidationError as error:
            if error.code != "several":
                raise
            raise ValidationError(
                _("Several people match “%(words)s”. Type more of the name."),
                code="several",
                params={"words": " ".join(words.split())},
            ) from None


def _options(people: list[Person]) -> list[tuple[str, str]]:
    return [(str(person.uuid), str(person)) for person in people]


def _only_match(people: list[Person], words: str) -> list[Person]:
    """Return the only person of exactly this name, or else with exactly these words as a name."""
    exact = [person for person in people if same_name(person.name, words)]
    if not exact:
        exact = [person for person in people if name_words(person.name) == name_words(words)]
    return exact if len(exact) == 1 else []


def is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


class ZoneSelect(forms.Select):
    """All time zones by area; a third of the size and time of Django's own list."""

    def render(
        self,
        name: str,
        value: object,
        attrs: dict[str, object] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        chosen = str(value or "")
        options = _zone_options()
        if f'value="{chosen}"' in options:
            options = options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1)
        elif chosen and any(chosen == choice for choice, _label in self.choices):
            options = format_html("<option selected>{}", chosen) + options
        context = self.build_attrs({**self.attrs, "name": name}, attrs)
        return format_html(
            "<select{}>{}</select>",
            forms.utils.flatatt(context),
            mark_safe(options),  # noqa: S308  (names of zones, and one choice, escaped)
        )


@cache
def _zone_options() -> str:
    """End tags of options may be left out (HTML, 4.10.10), which is a third of their bytes."""
    return "".join(
        format_html('<optgroup label="{}">', area)
        + "".join(format_html('<option value="{}">{}', zone, place) for zone, place in places)
        + "</optgroup>"
        for area, places in zone_choices()
    )
