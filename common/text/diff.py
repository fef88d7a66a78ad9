"""What changed between two texts, word by word."""

import re
import time
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

# Past this the comparison stops refining and shows larger changed pieces.
DIFF_TIMEOUT_SECONDS = 0.5
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SURROGATES = range(0xD800, 0xE000)

# Rendered text: a tag with the line break before it, an entity, a word, a space, any other sign.
_MARKUP = re.compile(r"(?:\s*\n\s*)?<[^>]*>|&#?\w+;|\w+|\s+|[^\w\s]")
# Of these, the ones after which spoken or printed text begins anew.
_BREAK = re.compile(r"\s*</(?:h[2-6]|p|li|tr|td|th|pre|blockquote)>|\s*<(?:br|hr)\b")
_BLOCK = re.compile(r"<(h[2-6]|p|ul|ol|table|pre|blockquote|section|hr)\b")
_TAG = re.compile(r"<[^>]*>")
_ANCHOR = re.compile(r' id="[^"]*"')
_ATTRIBUTES = re.compile(r"<(\w+)\s[^>]*>")
_END = "\x00"  # No text has it: `markdown.check` refuses it.
# Blocks that share less than this part of their words are not one block that changed.
_ALIKE = 0.4
# How many old blocks are looked at for the one that a new block came from.
_LOOK_AHEAD = 8


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


def rendered_diff_html(old: str, new: str) -> SafeString:
    """The same for two texts that `markdown.render` made: the new one as its readers see it, with
    the words taken out and put in marked where they stand.

    The tags are those of the new text alone; what was taken out stands in it as words, or as whole
    paragraphs, so that the page is as well formed as the new text. A change of markup alone (a word
    that became bold) is shown as it is now, without a mark. Anchors are left out, since the text
    itself may stand on the same page.
    """
    before, after = _blocks(_without_anchors(old)), _blocks(_without_anchors(new))
    deadline = time.monotonic() + DIFF_TIMEOUT_SECONDS
    pieces: list[str] = []
    for operation, start, end, first, last in SequenceMatcher(None, before, after).get_opcodes():
        if operation == "equal":
            pieces += after[first:last]
        else:
            pieces += _changed_blocks(before[start:end], after[first:last], deadline)
    return mark_safe("\n".join(pieces))  # noqa: S308  (words and tags of rendered, clean texts)


def _without_anchors(html: str) -> str:
    return _TAG.sub(lambda tag: _ANCHOR.sub("", tag[0]), html)


def _blocks(html: str) -> list[str]:
    """The outermost elements of a rendered text, each with all that is in it."""
    blocks: list[str] = []
    begin = position = 0
    while opened := _BLOCK.search(html, position):
        position = _end_of(html, opened)
        blocks.append(html[begin:position].strip())
        begin = position
    rest = html[begin:].strip()
    return [*blocks, rest] if rest else blocks


def _end_of(html: str, opened: re.Match[str]) -> int:
    """Where the element ends that begins at `opened`, whatever of its kind stands inside."""
    if opened[1] == "hr":
        return html.index(">", opened.end()) + 1
    depth = 0
    for tag in re.finditer(rf"<(/?){opened[1]}\b[^>]*>", html[opened.start() :]):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return opened.start() + tag.end()
    return len(html)


def _changed_blocks(before: list[str], after: list[str], deadline: float) -> Iterator[str]:
    """Each new block beside the old one it came from; old ones that nothing came from, whole."""
    position = 0
    for block in after:
        for index in range(position, min(position + _LOOK_AHEAD, len(before))):
            if _alike(before[index], block):
                yield from (_all_out(gone) for gone in before[position:index])
                yield _changed_words(before[index], block, deadline)
                position = index + 1
                break
        else:
            yield _each_word_run(block, _put_in)
    yield from (_all_out(gone) for gone in before[position:])


def _alike(old: str, new: str) -> bool:
    if old[:3] != new[:3]:
        return False
    return SequenceMatcher(None, _words(old), _words(new)).quick_ratio() >= _ALIKE


def _words(html: str) -> list[str]:
    return [token for token in _MARKUP.findall(html) if not (_is_tag(token) or token.isspace())]


def _is_tag(token: str) -> bool:
    return token[-1] == ">"


def _all_out(block: str) -> str:
    """A block that is gone: its words are marked, and its anchors and links are gone with it."""
    bare = _ATTRIBUTES.sub(r"<\1>", block)
    return _each_word_run(bare, _taken_out)


def _each_word_run(block: str, mark: Callable[[str], str]) -> str:
    """The block with each run of words between two tags marked."""
    return re.sub(r">([^<]*[^<\s][^<]*)<", lambda run: f">{mark(run[1])}<", block)


def _changed_words(old: str, new: str, deadline: float) -> str:
    """The new block, with what was taken out written beside the word it stood beside.

    Beside a word, and never between two tags: there a list or a table takes no words.
    """
    pieces: list[str] = []
    run: list[str] = []
    out = ""
    has_begun = begins_line = waits = False
    tokens = iter(_MARKUP.findall(new))
    seconds = max(deadline - time.monotonic(), 0.01)

    def put_in() -> None:
        pieces.append(_put_in("".join(run)))
        run.clear()

    for operation, words in _compare(_spoken(old), _spoken(new), seconds):
        if operation == -1:
            is_line = begins_line and words[-1] == _END
            waits = begins_line and not is_line
            gone = _taken_out(re.sub(f"{_END}+", "<br>", "".join(words).strip(_END)))
            out += f"<br>{gone}" if has_begun and (is_line or words[0] == _END) else gone
            continue
        for word in words:
            begins_line = word == _END
            if begins_line:
                continue
            if has_begun and out and not waits:
                pieces.append(out)
                out = ""
            for token in tokens:
                if not _is_tag(token):
                    break
                put_in()
                pieces.append(token)
            pieces.append(out)
            out = ""
            has_begun, waits = True, False
            (run if operation == 1 else pieces).append(word)
        put_in()
    rest = "".join(tokens)
    return "".join([*pieces, out, rest]) if has_begun else "".join([*pieces, rest, out])


def _spoken(block: str) -> list[str]:
    """The words of a block in their order, with a sign where a line of its own ends."""
    return [
        _END if _is_tag(token) else token
        for token in _MARKUP.findall(block)
        if not _is_tag(token) or _BREAK.match(token)
    ]


def _put_in(words: str) -> str:
    return f"<ins>{_for_ears(_('added:'))}{words}</ins>" if words.strip() else words


def _taken_out(words: str) -> str:
    return f"<del>{_for_ears(_('removed:'))}{words}</del>" if words.strip() else words


def _for_ears(word: str) -> str:
    return format_html('<span class="visually-hidden">{} </span>', word)


def _diff(old: str, new: str) -> list[tuple[int, str]]:
    """Pairs of -1 (out), 0 (kept) or 1 (in) and the words, whole words only."""
    compared = _compare(_TOKEN.findall(old), _TOKEN.findall(new), DIFF_TIMEOUT_SECONDS)
    return [(operation, "".join(tokens)) for operation, tokens in compared]


def _compare(old: list[str], new: list[str], seconds: float) -> list[tuple[int, list[str]]]:
    """The same for words that are cut already, in about as many seconds."""
    words: list[str] = []
    known: dict[str, str] = {}

    def encode(tokens: list[str]) -> str:
        """One character a word, so that the comparison never cuts inside one."""
        encoded = []
        for token in tokens:
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
    engine.Diff_Timeout = seconds
    first, second = encode(old), encode(new)
    decoded = {code: word for word, code in known.items()}
    diffs = engine.diff_main(first, second, checklines=False)
    engine.diff_cleanupSemantic(diffs)
    return [(operation, [decoded[code] for code in text]) for operation, text in diffs]
