"""The template loader of the project, which removes indentation."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# What must keep its white space: it is shown verbatim, or it is part of the key of a translation.
_VERBATIM = re.compile(
    r"<(pre|textarea)\b.*?</\1>"
    r"|{%\s*(blocktrans(?:late)?)\b(?:(?!trimmed\b)[^%]|%(?!}))*%}.*?{%\s*end\2\s*%}"
    r"|{%\s*verbatim\b.*?{%\s*endverbatim\b",
    re.DOTALL,
)
_INDENTATION = re.compile(r"\n[ \t]+")


class Loader(filesystem.Loader):
    """Load HTML templates without the indentation of their lines, which browsers do not need."""

    def get_contents(self, origin: Origin) -> str:
        contents = str(super().get_contents(origin))
        return without_indentation(contents) if str(origin.name).endswith(".html") else contents


def without_indentation(template: str) -> str:
    """Return the template without the indentation of its lines.

    Line breaks stay, so that an error names the right line. `<pre>`, `<textarea>`, `{% verbatim %}`
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
