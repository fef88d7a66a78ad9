"""The template loader of the project: indentation is for people who read a template."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# What must keep its white space: it is shown as it stands, or it is part of a message's key.
_VERBATIM = re.compile(
    r"<(pre|textarea)\b.*?</\1>"
    r"|{%\s*(blocktrans(?:late)?)\b(?:(?!trimmed\b)[^%]|%(?!}))*%}.*?{%\s*end\2\s*%}"
    r"|{%\s*verbatim\b.*?{%\s*endverbatim\b",
    re.DOTALL,
)
_INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Load HTML templates without the indentation of their lines, which no browser needs."""

    def get_contents(self, origin: Origin) -> str:
        contents = str(super().get_contents(origin))
        return without_indentation(contents) if str(origin.name).endswith(".html") else contents


def without_indentation(template: str) -> str:
    """Return the template with each line beginning at its first character.

    The lines stay, so that an error names the right one. `<pre>`, `<textarea>`, `{% verbatim %}`
    and `{% blocktranslate %}` without `trimmed` are left alone.
    """
    pieces = []
    end = 0
    for verbatim in _VERBATIM.finditer(template):
        pieces.append(_INDENTATION.sub("\n", template[end : verbatim.start()]))
        pieces.append(verbatim.group())
        end = verbatim.end()
    pieces.append(_INDENTATION.sub("\n", template[end:]))
    return "".join(pieces).lstrip(" \t")
