"""The words of a text as the index holds them: cut, folded, and in pairs for scripts without spaces.

PostgreSQL gets only such words with a space between, each at most 64 characters long. Its own parser
takes time quadratic in the length of an unbroken run ("_a_a_a…", addresses, chains of hyphens), and
reads a whole sentence without spaces as one word.

A run of Han, kana, Hangul, Thai, Lao, Khmer or Burmese becomes one word for each of its characters:
the character with the one after it, and the last one by itself. 安全性 is 安全, 全性, 性. A search
for a part of the run is a search for its pairs one after another, and since every run ends with a
single character, pairs of two runs are never next to each other.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

# The longest word of the index, in characters. A longer one is cut into several words in a row.
WORD_MAX_CHARACTERS = 64
# The length of a part of a text. The database counts at most 16,383 words of a row, and a part has at
# most one word for each character. The overlap lets search find a phrase where two parts meet.
PART_CHARACTERS = 12_000
OVERLAP_CHARACTERS = 300

# Han, Bopomofo and kana; Hangul; Thai; Lao; Khmer; Burmese: with their digits and marks, without
# their punctuation.
_RUN = (
    "\u3005-\u3007\u3021-\u302d\u3031-\u3035\u3038-\u303c\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U000323af\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\uff66-\uff9f\U0001b000-\U0001b16f"
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e50-\u0e59"
    "\u0e81-\u0ebd\u0ec0-\u0ed9\u0edc-\u0edf"
    "\u1780-\u17b3\u17b6-\u17d3\u17d7\u17dc\u17dd\u17e0-\u17e9"
    "\u1000-\u1049\u1050-\u109d\ua9e0-\ua9fe\uaa60-\uaa76\uaa7a-\uaa7f"
)
# Drawn as nothing: joiners, word breaks of Thai and Khmer, soft hyphens, variants of a character.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Marks that belong to the letter before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a"
    "\u07a6-\u07b0\u0816-\u082d\u08d3-\u08ff\u0900-\u0963\u0971-\u09fb\u0a01-\u0aef\u0af9-\u0df3"
    "\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u0f86-\u0fbc\u135d-\u135f\u1ab0-\u1aff\u1b00-\u1b4b"
    "\u1dc0-\u1dff\u20d0-\u20f0\ua8e0-\ua8ff\ufe20-\ufe2f"
)
_TOKEN = re.compile(
    f"(?P<run>[{_RUN}][{_RUN}{_UNSEEN}]*)"
    f"|[^\\W_{_RUN}](?:[^\\W_{_RUN}]|[{_MARKS}{_UNSEEN}]){{0,{WORD_MAX_CHARACTERS - 1}}}"
)
_ASCII = re.compile(f"[A-Za-z0-9]{{1,{WORD_MAX_CHARACTERS}}}")
# Marks of a run that can stand in several orders after their letter.
_ORDERED = (
    "\u0e38-\u0e3a\u0e48-\u0e4b\u0eb8-\u0eba\u0ec8-\u0ecb\u1037\u1039\u103a\u108d\u17d2\u17dd"
    "\u302a-\u302d\u3099\u309a"
)
# Characters of a run with more than one spelling: narrow kana and Hangul, voice marks, jamo, ligatures, old
# code points, several marks. NFKC changes nothing else in a run.
_SPELLED = re.compile(
    "[\uff66-\uffdc\u3099\u309a\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\ud7b0-\ud7fb\u3038-\u303a\u309f"
    f"\u30ff\u0e33\u0eb3\u0edc\u0edd\uf900-\ufaff\U0002f800-\U0002fa1f]|[{_ORDERED}][{_UNSEEN}]*[{_ORDERED}]"
)
# What can combine with the character before it: marks, and vowels and finals of Hangul.
_JOINS = re.compile(f"[{_ORDERED}\uff9e\uff9f\u1160-\u11ff\ud7b0-\ud7fb\u314f-\u318e\uffa0-\uffdc]")
# Ordering marks takes time quadratic in their number.
_TOGETHER_MAX = 64
_UNSEEN_CHARACTERS = re.compile(f"[{_UNSEEN}]")
_NOTHING = re.compile(f"[^\\w{_MARKS}]|_")
_CHUNK = re.compile(r'(-*)(?:"([^"]*)(?:"|$)|([^\s"]+))')


class Word(NamedTuple):
    """A word as the index holds it, and its place in the text.

    `first` is where its first character ends: a pair reaches one character further.
    `closes` is true for the single character at the end of a run of several.
    """

    text: str
    start: int
    end: int
    first: int
    closes: bool = False


@dataclass(frozen=True)
class Term:
    """Words that must follow one another, as typed between two spaces or two quotes.

    `is_open` is true where the last word is a single character of a run: the beginning of a pair.
    """

    typed: str
    words: tuple[str, ...]
    is_open: bool


@dataclass(frozen=True)
class Terms:
    """What a person searches for: any of the words, all of the quoted, none of the excluded."""

    any: tuple[Term, ...]
    quoted: tuple[Term, ...]
    excluded: tuple[Term, ...]

    def __bool__(self) -> bool:
        return bool(self.any or self.quoted or self.excluded)


def words_of(text: str) -> Iterator[Word]:
    """Yield the words of a text in order, in linear time."""
    for match in (_ASCII if text.isascii() else _TOKEN).finditer(text):
        start, end = match.span()
        if match.lastgroup:
            yield from _pairs(match[0], start)
        elif word := _folded(match[0]):
            yield Word(word, start, end, end)


def indexable(text: str) -> str:
    """Return the words of a text joined by spaces, for `to_tsvector`."""
    return " ".join(word.text for word in words_of(text))


def parts_of(text: str) -> list[str]:
    """Cut a long text into parts that overlap a little; a short one is its only part."""
    parts, start = [], 0
    while len(text) - start > PART_CHARACTERS:
        end = start + PART_CHARACTERS
        space = max(text.rfind(" ", end - 1000, end), text.rfind("\n", end - 1000, end))
        end = space if space > 0 else end
        parts.append(text[start:end])
        start = end - OVERLAP_CHARACTERS
    return [*parts, text[start:]]


def terms_of(typed: str, at_most: int) -> Terms:
    """Read what a person typed: words, "phrases" and -exclusions; `or` divides, as spaces do.

    Only the first `at_most` terms count.
    """
    terms: dict[str, list[Term]] = {"any": [], "quoted": [], "excluded": []}
    for number, (minus, quoted, plain) in enumerate(_CHUNK.findall(typed)):
        if number >= at_most:
            break
        term = _term(quoted or plain)
        if not term.words or (plain.lower() == "or" and not minus):
            continue
        kind = "excluded" if minus else "quoted" if quoted else "any"
        if term not in terms[kind]:
            terms[kind].append(term)
    return Terms(**{kind: tuple(of_kind) for kind, of_kind in terms.items()})


def _term(typed: str) -> Term:
    read = list(words_of(typed))
    words = tuple(word.text for word in read)
    if len(words) > 1 and read[-1].closes:
        return Term(typed, words[:-1], False)  # the run can continue in the text
    is_open = bool(words) and bool(re.fullmatch(f"[{_RUN}]", words[-1]))
    return Term(typed, words, is_open)


def _pairs(run: str, start: int) -> Iterator[Word]:
    chars, places = _spelled(run, start)
    last = len(chars) - 1
    for at in range(len(chars)):
        begin, first = places[at]
        end = places[min(at + 1, last)][1]
        yield Word(chars[at : at + 2], begin, end, first, closes=at == last > 0)


def _spelled(run: str, start: int) -> tuple[str, list[tuple[int, int]]]:
    """Return the characters of a run in the spelling of the index, and the place of each in the text.

    Characters that are combined into one, or of which one becomes several, share one place.
    """
    seen = [(char, start + at) for at, char in enumerate(run) if not _UNSEEN_CHARACTERS.match(char)]
    if not _SPELLED.search(run):
        return "".join(char for char, _ in seen), [(place, place + 1) for _, place in seen]
    chars: list[str] = []
    places: list[tuple[int, int]] = []
    first = 0
    while first < len(seen):
        end = first + 1
        while end < len(seen) and end - first < _TOGETHER_MAX and _JOINS.match(seen[end][0]):
            end += 1
        together = "".join(char for char, _ in seen[first:end])
        folded = unicodedata.normalize("NFKC", together) if _SPELLED.search(together) else together
        chars += folded
        places += [(seen[first][1], seen[end - 1][1] + 1)] * len(folded)
        first = end
    return "".join(chars), places


def _folded(word: str) -> str:
    """Return a word in the spelling of the index, at most 64 characters long."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKC", _UNSEEN_CHARACTERS.sub("", word)).casefold()
    return _NOTHING.sub("", unicodedata.normalize("NFC", folded))[:WORD_MAX_CHARACTERS]
