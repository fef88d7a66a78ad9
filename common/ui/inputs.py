"""Form inputs and fields beyond those of Django."""

from datetime import date

from django import forms


class MarkdownTextarea(forms.Textarea):
    """A text in Markdown with a preview; `kind` says how it will be shown."""

    def __init__(self, kind: str, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind


class NeededLaterField(forms.CharField):
    """A text that only some answers or later steps need, so its label does not say optional."""

    is_needed_later = True


class NeededLaterChoiceField(forms.ChoiceField):
    """A choice that has a proposed answer, or that only some answers need."""

    is_needed_later = True


class DayInput(forms.DateInput):
    """A date, chosen in the browser's calendar.

    Such an input cannot show an invalid date, such as 31 February, so the form shows it again in a
    text input.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(
        self, name: str, value: object, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        try:
            date.fromisoformat(context["widget"]["value"] or "2000-01-01")
        except ValueError:
            context["widget"]["type"] = "text"
        return context
