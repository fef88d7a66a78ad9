"""Limits of the files that hang on one thing."""

ATTACHMENTS_MAX = 50
# With one form; the rest can be added later, where the thing takes more.
ATTACHMENTS_AT_ONCE = 8
