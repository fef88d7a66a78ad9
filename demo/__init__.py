"""The demo alliance: invented organizations and people, and what they have done in fourteen months.

`story.py` plays acts in the order of time, each at its own moment (`clock.py`), through the same
actions that pages call: so the record, search and notices are real. One file a subject plans acts;
what they say stands in `tables/`. `loading.py` decides whether it may be loaded.
"""
