"""A language in which every message is its own words between brackets.

What a page shows outside brackets was never given to the translators, or was put into the page
beside their words instead of into their sentence.
"""

import gettext as gettext_module
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from django.test import override_settings
from django.utils import dates, translation

LANGUAGE = "eo"
OPEN, CLOSE = "⟦", "⟧"
# Django puts these into dates, which are translated as a whole by their format.
_OF_DATES = frozenset(
    str(word)
    for words in (
        dates.MONTHS,
        dates.MONTHS_3,
        dates.MONTHS_AP,
        dates.MONTHS_ALT,
        dates.WEEKDAYS,
        dates.WEEKDAYS_ABBR,
    )
    for word in words.values()
)
_OF_TIMES = frozenset({"a.m.", "p.m.", "AM", "PM", "midnight", "noon"})


class _PseudoTranslations(gettext_module.NullTranslations):
    """Answers every message in brackets. A message of white space alone stays."""

    def to_language(self) -> str:
        return LANGUAGE

    def gettext(self, message: str) -> str:
        if not message.strip() or message in _OF_DATES or message in _OF_TIMES:
            return message
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        return self.ngettext(singular, plural, number)


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """Let this process read the pseudo-locale alone, in pages and mails alike."""
    only = override_settings(USE_I18N=True, LANGUAGE_CODE=LANGUAGE, LANGUAGES=[(LANGUAGE, "Test")])
    # Django looks only once whether anything is translated, and keeps each language it has read.
    fresh = mock.patch.object(translation, "_trans", type(translation._trans)())
    pseudo = mock.patch.dict(
        "django.utils.translation.trans_real._translations", {LANGUAGE: _PseudoTranslations()}
    )
    with only, fresh, pseudo, translation.override(LANGUAGE):
        yield
