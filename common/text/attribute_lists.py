"""Attribute lists, as kramdown has them: `{: .note}` or `{:target="_blank"}`.

They describe how something looks and have no word of the text, so they are not shown alone in a
line or directly behind what they apply to. Everything else in braces is words.
"""

import re

_VALUE = r"""(?:"[^"\n{}]*+"|'[^'\n{}]*+'|[\w.:/#%-]++)"""
_ATTRIBUTE = rf"(?:[.#][\w-]++|[A-Za-z][\w:-]*+={_VALUE}|toc)"
LIST = re.compile(rf"\{{:[ \t]*+{_ATTRIBUTE}(?>(?:[ \t]*+{_ATTRIBUTE})*)[ \t]*+\}}")
# What follows the last list of a line, and of the line of a heading.
LINE_END = re.compile(rb"[ \t]*+(?:\r?\n|\Z)")
HEADING_END = re.compile(rb"[ \t#]*+(?:\r?\n|\Z)")


def leading_lists(text: str) -> int:
    """Count the characters of the lists at the very beginning of `text`."""
    end = 0
    while match := LIST.match(text, end):
        end = match.end()
    return end


def only_lists(text: str) -> bool:
    """Whether the text has only lists and spaces."""
    text = text.strip(" \t")
    end = leading_lists(text)
    return 0 < end == len(text)


def closing_lists(text: str) -> int:
    """Return where the lists at the end of the text begin, only spaces between them; or -1."""
    start, end = -1, 0
    for match in LIST.finditer(text):
        if start < 0 or text[end : match.start()].strip(" \t"):
            start = match.start()
        end = match.end()
    return start if start >= 0 and not text[end:].strip(" \t") else -1
