"""The inputs of forms that know more than Django's own."""

from datetime import date
from typing import Any

from django import forms


class MarkdownTextarea(forms.Textarea):
    """A text in Markdown, which can be previewed; `kind` says how it will be shown."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind


class DayInput(forms.DateInput):
    """A day, chosen in the browser's calendar.

    That one empties itself of what is no day, such as 31 February: sent back, it is a line of text
    that shows what was typed.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        try:
            date.fromisoformat(shown or "2000-01-01")
        except ValueError:
            context["widget"]["type"] = "text"
        return context
