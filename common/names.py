"""Names that sort and compare alike on every server, whatever its locale."""

import unicodedata


def sort_key(name: str) -> str:
    """Casefolded and without accents: computed here so that no server's collation matters."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.split())
