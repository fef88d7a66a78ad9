"""The inputs of forms that know more than Django's own."""

from typing import Any

from django import forms


class MarkdownTextarea(forms.Textarea):
    """A text in Markdown, which can be previewed; `kind` says how it will be shown."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.kind = kind
