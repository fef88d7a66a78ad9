"""The version of everything public."""

from django.db import connection

# A fingerprint of the set of rows that can be seen. Not the newest of them: a transaction may
# commit after others that began later.
_VERSION = """
    SELECT count(*), bit_xor(hashtextextended(mark::text, 0)) FROM public_changes_publicchange
"""


def version() -> str:
    """A text that is another one as soon as a change to anything public can be seen."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        count, fingerprint = cursor.fetchone()
    return f"{count} {fingerprint}"
