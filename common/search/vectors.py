"""The stored `tsvector` of an entry, and the places of words in it.

It is an ordinary column that every write fills: a generated one would be computed again at each
restore of a backup, from a text that only Python can cut into words.
"""

from django.db.models.expressions import RawSQL

from common.search.words import indexable, words_of

# Added after the title and after `about`, so that no phrase reaches from one into the next and the
# place of each word is known. Neither a stop word nor stemmed.
BOUNDARY = "x0boundary0x"
# Raise it when texts are cut into words differently: `renew` then recomputes all entries.
INDEX_VERSION = 2

_SQL = """
setweight(to_tsvector('alliance_{config}', %s), 'A')
|| setweight(to_tsvector('alliance_{config}', %s), 'C')
|| setweight(to_tsvector('alliance_{config}', %s), 'B')
"""


def vector(*, config: str, title: str, about: str, body: str) -> RawSQL:
    """Return the expression of an entry's `tsv`. `config` is a value of Config."""
    texts = (f"{indexable(title)} {BOUNDARY}", f"{indexable(about)} {BOUNDARY}", indexable(body))
    return RawSQL(_SQL.format(config=config), texts)  # noqa: S611 - config is one of two words


def words_before_body(title: str, about: str) -> int:
    """Count the words of an entry's `tsv` that come before those of its body."""
    return sum(1 for _ in words_of(title)) + sum(1 for _ in words_of(about)) + 2
