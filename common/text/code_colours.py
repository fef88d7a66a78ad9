"""Coloured code: words of a program in <span> with the short class names of Pygments."""

from functools import cache
from io import StringIO

from django.utils.html import escape
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name

# Longer pieces, and all pieces after so many characters of one text, are shown without colours.
CODE_MAX_CHARACTERS = 20_000
CODES_MAX_CHARACTERS = 30_000
# Lexers take quadratic time within a line for what never ends, such as a quote.
LINE_MAX_CHARACTERS = 400

# Languages that groups use, each tested with hostile input. CSS, Java, Julia, make and Scala are
# left out: they are slow for some input. HTML is read as XML, without its styles and scripts.
LANGUAGES = {
    **{name: name for name in ("abnf", "bash", "c", "cpp", "diff", "go", "graphql")},
    **{name: name for name in ("haskell", "http", "ini", "javascript", "json")},
    **{name: name for name in ("kotlin", "lua", "php", "powershell", "protobuf")},
    **{name: name for name in ("python", "r", "ruby", "rust", "sparql", "sql", "swift")},
    **{name: name for name in ("tex", "toml", "turtle", "typescript", "xml", "yaml")},
    "c++": "cpp",
    "c#": "csharp",
    "csharp": "csharp",
    "console": "console",
    "cs": "csharp",
    "docker": "docker",
    "dockerfile": "docker",
    "golang": "go",
    "hs": "haskell",
    "html": "xml",
    "js": "javascript",
    "json5": "json",
    "jsonc": "json",
    "jsonl": "json",
    "jsx": "javascript",
    "kt": "kotlin",
    "latex": "tex",
    "patch": "diff",
    "proto": "protobuf",
    "ps1": "powershell",
    "py": "python",
    "py3": "python",
    "python3": "python",
    "rb": "ruby",
    "rs": "rust",
    "sh": "bash",
    "shell": "bash",
    "ts": "typescript",
    "tsx": "typescript",
    "ttl": "turtle",
    "yml": "yaml",
    "zsh": "bash",
}
_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


class CodeColours:
    """Colours the code of one text, within its limits."""

    def __init__(self) -> None:
        self._characters = 0

    def html(self, code: str, language: str) -> str:
        """Return the code as HTML, its characters unchanged, coloured where the language is known."""
        lexer = LANGUAGES.get(language.lower())
        self._characters += len(code) if lexer else 0
        if (
            lexer is None
            or len(code) > CODE_MAX_CHARACTERS
            or self._characters > CODES_MAX_CHARACTERS
            or max(map(len, code.split("\n"))) > LINE_MAX_CHARACTERS
        ):
            return escape(code)
        coloured = StringIO()
        _FORMATTER.format(_lexer(lexer).get_tokens(code), coloured)
        return coloured.getvalue()


@cache
def _lexer(name: str) -> Lexer:
    return get_lexer_by_name(name, stripnl=False, ensurenl=False)
