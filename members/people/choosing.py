"""Choosing one person out of few or many, and a time zone out of all: both without scripts."""

from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from common.names import name_contains, name_words, same_name
from members.people.models import Person
from members.people.zones import zone_choices

# Up to here one reads the list; past it one types a name, and the page stays small.
LISTED_MAX = 60
MATCHES_MAX = 20


class PersonSelect(forms.Select):
    """A list of the people; where they are too many for a list, a box for a part of the name."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        if not isinstance(self.choices, forms.models.ModelChoiceIterator):
            return super().render(name, value, attrs, renderer)
        people = list(self.choices.queryset[: LISTED_MAX + 1])
        if len(people) > LISTED_MAX:
            return self._box(name, value, attrs, renderer)
        field: Any = self.choices.field
        empty = [("", field.empty_label)] if field.empty_label is not None else []
        listed = forms.Select(self.attrs, [*empty, *((str(one.uuid), str(one)) for one in people)])
        listed.is_required = self.is_required
        return listed.render(name, value, attrs, renderer)

    def _box(
        self, name: str, value: Any, attrs: dict[str, Any] | None, renderer: BaseRenderer | None
    ) -> SafeString:
        iterator: Any = self.choices
        if value and is_uuid(str(value)):
            value = iterator.queryset.filter(uuid=value).first() or ""
        hint = f"{name}-how"
        described = " ".join(filter(None, [(attrs or {}).get("aria-describedby"), hint]))
        box = forms.TextInput({**self.attrs, "maxlength": 120, "autocomplete": "off"})
        return format_html(
            '<div class="hint" id="{}">{}</div>{}',
            hint,
            _("Type part of the name. If several people match, you can choose one."),
            box.render(name, value, {**(attrs or {}), "aria-describedby": described}, renderer),
        )


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Somebody of a roster, by public id from the list or by a part of the name typed.

    A name that several people have turns the box into a list of them, and the form asks again.
    """

    widget: type[forms.Widget] | forms.Widget = PersonSelect

    def __init__(self, people: "QuerySet[Person] | None" = None, **options: Any) -> None:
        queryset = Person.objects.none() if people is None else people
        super().__init__(queryset, to_field_name="uuid", **options)

    def to_python(self, value: Any) -> Person | None:
        words = "" if value is None else " ".join(str(value).split())
        if not words or is_uuid(words):
            found: Person | None = super().to_python(words)
            return found
        roster: Any = self.queryset
        matching = roster.filter(name_contains(words[:120]))
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
        narrowed: Any = forms.Select(
            getattr(self.widget, "attrs", None),
            [("", _("Choose one of these")), *((str(one.uuid), str(one)) for one in people)],
        )
        self.widget = narrowed
        raise ValidationError(_("Several people match. Choose one of them."), code="several")


def _only_match(people: list[Person], words: str) -> list[Person]:
    """The one person of exactly this name, or else of exactly these words; none if several are."""
    exact = [one for one in people if same_name(one.name, words)]
    if not exact:
        exact = [one for one in people if name_words(one.name) == name_words(words)]
    return exact if len(exact) == 1 else []


def is_uuid(words: str) -> bool:
    try:
        UUID(words)
    except ValueError:
        return False
    return True


class ZoneSelect(forms.Select):
    """All time zones by area, in a third of the bytes and the time of a list made by templates."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
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
