"""The limits for texts that people write."""

from enum import IntEnum


class Limit(IntEnum):
    """The longest source of each kind of text, in bytes of UTF-8."""

    POST = 64 * 1024
    NOTES = 512 * 1024


# A rendered text can have ten times the bytes of its source, and always this many.
OUTPUT_TIMES = 10
OUTPUT_FREE_BYTES = 256 * 1024
TABLE_MAX_COLUMNS = 40
# Each of these takes more time to show than its bytes suggest. At the limits a text takes under
# 250 ms.
TABLE_MAX_CELLS = 20_000
NESTING_MAX = 100
HEADINGS_MAX = 5_000
FOOTNOTES_MAX = 5_000
RULES_MAX = 5_000
DEFINITIONS_MAX = 3_000
# Events of the parser: beginnings, ends, runs of words. A text of 512 KB that a person wrote has at
# most some 120,000, and far fewer of each of the most expensive ones.
EVENTS_MAX = 140_000
BREAKS_MAX = 20_000
MOST_OF_A_KIND = {
    "BlockQuote": 4_000,
    "CodeBlock": 2_500,
    "Emphasis": 12_000,
    "FootnoteDefinition": 5_000,
    "Image": 2_500,
    "Link": 7_000,
    "Strikethrough": 12_000,
    "Strong": 12_000,
}
# A shorter text cannot have so many.
WEIGHED_FROM_BYTES = 32 * 1024
HTML_TAGS_MAX = 6_000
# Texts beyond these are not refused: asterisks follow CommonMark, addresses stay words, and dollar
# signs are money.
PAIRED_ASTERISKS_MAX = 10_000  # runs of them: one for *, one for **
BARE_ADDRESSES_MAX = 5_000
DOLLARS_MAX = 4_000
