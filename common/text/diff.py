"""What changed between two texts, word by word."""

import re

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Past this the comparison stops refining and shows larger changed pieces.
DIFF_TIMEOUT_SECONDS = 0.5
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SURROGATES = range(0xD800, 0xE000)


def diff_html(old: str, new: str) -> SafeString:
    """The new text with what was taken out in <del> and what came in in <ins>, escaped.

    Each change begins with a word for those who hear the page; line breaks stay for the style
    sheet to keep.
    """
    marks = {-1: ("del", _("removed:")), 1: ("ins", _("added:"))}
    pieces = []
    for operation, text in _diff(old, new):
        if operation == 0:
            pieces.append(format_html("{}", text))
            continue
        tag, word = marks[operation]
        pieces.append(
            format_html(
                '<{0}><span class="visually-hidden">{1} </span>{2}</{0}>',
                mark_safe(tag),  # noqa: S308
                word,
                text,
            )
        )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _diff(old: str, new: str) -> list[tuple[int, str]]:
    """Pairs of -1 (out), 0 (kept) or 1 (in) and the words, whole words only."""
    words: list[str] = []
    known: dict[str, str] = {}

    def encode(text: str) -> str:
        """One character a word, so that the comparison never cuts inside one."""
        encoded = []
        for token in _TOKEN.findall(text):
            if token not in known:
                number = len(words)
                code = (
                    number + 1 if number + 1 < _SURROGATES.start else number + 1 + len(_SURROGATES)
                )
                known[token] = chr(code)
                words.append(token)
            encoded.append(known[token])
        return "".join(encoded)

    engine = diff_match_patch()
    engine.Diff_Timeout = DIFF_TIMEOUT_SECONDS
    first, second = encode(old), encode(new)
    decoded = {code: word for word, code in known.items()}
    diffs = engine.diff_main(first, second, checklines=False)
    engine.diff_cleanupSemantic(diffs)
    return [(operation, "".join(decoded[code] for code in text)) for operation, text in diffs]
