"""No text takes long or leaves memory behind, whatever it is made of."""

import subprocess
import sys

import pytest

from bench.reading import benign, pace, seconds
from common.errors import Invalid
from common.text.code_colours import LANGUAGES, CodeColours
from common.text.limits import Limit
from common.text.markdown import TextKind, read
from tests.text.hostile import pathological
from tests.text.timing import assert_quick

# A quarter of a second on an idle machine, which `make fuzz` prints; tests share theirs.
SECONDS = 0.4
# 512 KB that a person wrote may take a second there.
PROSE_SECONDS = 1.5
_POSTS, _NOTES = pathological(Limit.POST), pathological(Limit.NOTES)
# A run of the suite reads a share of the families; `make fuzz` reads and times them all.
_SHARE = slice(None, None, 3)


@pytest.mark.parametrize("family", list(_POSTS)[_SHARE])
def test_no_post_takes_long(family: str) -> None:
    """Shown or refused."""
    took = seconds(_POSTS[family], TextKind.POST, tries=3, enough=SECONDS)

    assert took < SECONDS or took < SECONDS * pace()


@pytest.mark.parametrize("family", list(_NOTES)[::8])
def test_no_long_text_takes_longer_than_a_post(family: str) -> None:
    """Its families are shown, or refused before a tree is built of them."""
    took = seconds(_NOTES[family], TextKind.NOTES, tries=3, enough=SECONDS)

    assert took < SECONDS or took < SECONDS * pace()


@pytest.mark.parametrize("name", benign(Limit.POST))
def test_prose_of_the_greatest_size_is_shown_in_a_moment(name: str) -> None:
    source = benign(Limit.NOTES)[name]
    assert len(source.encode()) > 0.8 * Limit.NOTES

    took = seconds(source, TextKind.NOTES, tries=2, enough=PROSE_SECONDS)

    assert took < PROSE_SECONDS or took < PROSE_SECONDS * pace()
    assert len(read(source, TextKind.NOTES).words) > 0.3 * Limit.NOTES  # and not refused


def test_output_is_not_much_larger_than_its_source() -> None:
    for source in list(_POSTS.values())[::8]:
        try:
            html = read(source, TextKind.POST).html
        except Invalid:
            continue
        assert len(html.encode()) <= 11 * Limit.POST


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_no_language_is_slow_to_colour(language: str) -> None:
    """Quotes, brackets, backslashes and comments that begin and never end, shown as typed."""
    from html import unescape
    from re import sub

    lines, allowed = 12, SECONDS
    for part in ("'", '"""', "(", "{[", "\\", "/*", "<!--", "${", "a ", "#{", "\\\n", "'\\"):
        code = ((part * 250)[:250] + "\n") * lines

        html = assert_quick(lambda code=code: CodeColours().html(code, language), allowed)

        assert unescape(sub(r"<[^>]*>", "", html)) == code, part


_MEMORY = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
django.setup()
from bench import reading
text = reading.benign(64 * 1024)["minutes"]
kept, read = [], reading.read
def leaking(source, kind):
    kept.append(os.urandom(2 * len(source)))
    return read(source, kind)
if LEAKS:
    reading.read = leaking
print(reading.growth(40, text, say=lambda words: None))
"""


@pytest.mark.parametrize("leaks", [False, True])
def test_reading_leaves_no_memory_behind_and_a_leak_would_be_seen(leaks: bool) -> None:
    """A leak of twice the text is 5 MB in forty readings; nothing leaked is about nothing."""
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY.replace("LEAKS", str(leaks))],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-500:]
    assert (float(done.stdout) > 2.5) == leaks, done.stdout
