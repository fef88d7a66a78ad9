"""Attribute lists, as kramdown has them: `{: .note}` or `{:target="_blank"}`.

They say how something looks and carry no word of the text, so that they are not shown where they
stand alone in a line or directly behind what they are about. Everything else in braces is words.
"""

from __future__ import annotations

import re

_VALUE = r"""(?:"[^"\n{}]*+"|'[^'\n{}]*+'|[\w.:/#%-]++)"""
_ATTRIBUTE = rf"(?:[.#][\w-]++|[A-Za-z][\w:-]*+={_VALUE}|toc)"
LIST = re.compile(rf"\{{:[ \t]*+{_ATTRIBUTE}(?:[ \t]*+{_ATTRIBUTE})*+[ \t]*+\}}")
# What follows the last list of a line, and of the line of a heading.
LINE_END = re.compile(rb"[ \t]*+(?:\r?\n|\Z)")
HEADING_END = re.compile(rb"[ \t#]*+(?:\r?\n|\Z)")


def leading_lists(text: str) -> int:
    """How many characters of `text` are lists that stand at its very beginning."""
    end = 0
    while found := LIST.match(text, end):
        end = found.end()
    return end


def only_lists(text: str) -> bool:
    """Whether the text is lists and spaces alone."""
    text = text.strip(" \t")
    end = leading_lists(text)
    return 0 < end == len(text)


def closing_lists(text: str) -> int:
    """Where the lists begin that end the text, only spaces between them; -1 without any."""
    start, end = -1, 0
    for found in LIST.finditer(text):
        if start < 0 or text[end : found.start()].strip(" \t"):
            start = found.start()
        end = found.end()
    return start if start >= 0 and not text[end:].strip(" \t") else -1
