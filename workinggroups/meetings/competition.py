"""The competition-law notice on every page of a meeting and its agenda.

Members are competitors. The text has a version, so that the record of a meeting can say which one
its readers saw. Raise the version when you change the text.
"""

from django.utils.translation import gettext_lazy as _

VERSION = 1

NOTICE = _(
    "This is a meeting of competitors. Nobody speaks here of prices, terms of sale, costs, "
    "customers, markets to share, bids, wages or plans that are not public. Keep to the agenda. "
    "If talk strays, say so, have it noted, and leave if it goes on."
)
