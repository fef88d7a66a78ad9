"""Front matter: the lines of YAML between two rows of dashes with which some files begin."""

import re
from dataclasses import dataclass

import yaml

FRONT_MATTER_MAX_CHARACTERS = 16 * 1024
_BLOCK = re.compile(
    r"\ufeff?---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_KEY = re.compile(r"[A-Za-z_][\w .-]*:(?:\s|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The metadata of a text. `length` counts its characters, with both rows of dashes."""

    length: int
    title: str = ""
    authors: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def front_matter(source: str) -> FrontMatter | None:
    """Return the front matter at the beginning of a text; None without a valid one."""
    block = _BLOCK.match(source[: FRONT_MATTER_MAX_CHARACTERS + 1])
    if block is None or not _KEY.search(block["yaml"]):
        return None
    # An alias can expand to a thousand times its size.
    if re.search(r"[:\-\[,{]\s*[&*]\w", block["yaml"]):
        return None
    try:
        loaded = yaml.load(block["yaml"], Loader=yaml.CBaseLoader)  # noqa: S506  (strings only)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(loaded, dict):
        return None
    title = loaded.get("title")
    authors = loaded.get("authors", loaded.get("author"))
    return FrontMatter(
        block.end(),
        title if isinstance(title, str) else "",
        tuple(_names(authors)),
        tuple(
            key
            for key in loaded
            if isinstance(key, str) and key not in {"title", "authors", "author"}
        ),
    )


def _names(authors: object) -> list[str]:
    if isinstance(authors, str):
        return [authors]
    if not isinstance(authors, list):
        return []
    names = [author.get("name") if isinstance(author, dict) else author for author in authors]
    return [name for name in names if isinstance(name, str)]
