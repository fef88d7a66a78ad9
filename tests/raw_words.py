"""Identifiers and names of the code that a page shows to people."""

import re
from html.parser import HTMLParser

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# In addresses, paths and names of files underscores are usual.
SNAKE_CASE = re.compile(r"(?<![\w./@:#?=&-])[a-z]+(?:_[a-z]+)+(?![\w/@-]|\.\w)")
# Code is shown as code, and what somebody types is theirs.
LEFT_OUT = frozenset({"code", "pre", "kbd", "samp", "script", "style", "template", "textarea"})


class _VisibleText(HTMLParser):
    """Collects the text of a page outside the elements that are left out."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in LEFT_OUT:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            self.inside.remove(tag)

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.texts.append(data)


def raw_words(page: str) -> list[str]:
    """Each UUID and each word such as `sign_in_code` in the visible text of a page."""
    reader = _VisibleText()
    reader.feed(page)
    reader.close()
    text = " ".join(reader.texts)
    found = [*UUID.findall(text), *SNAKE_CASE.findall(text)]
    return [f"shows {word}" for word in dict.fromkeys(found)]
