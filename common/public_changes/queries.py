"""The version of everything public."""

from django.db import connection

# A fingerprint of the set of visible rows. The newest row would not do: a transaction can commit
# after others that began later.
_VERSION = """
    SELECT count(*), bit_xor(hashtextextended(mark::text, 0)) FROM public_changes_publicchange
"""


def version() -> str:
    """Return a token that differs as soon as a change to anything public is visible."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        count, fingerprint = cursor.fetchone()
    return f"{count} {fingerprint}"
