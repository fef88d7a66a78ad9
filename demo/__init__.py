"""The demo alliance: invented organizations and people, and what they have done in fourteen months.

`scenario.py` runs acts in the order of time, each at its own moment (`clock.py`), through the same
actions that pages call: so the record, search and notifications are real. One file a subject plans
acts; their texts are in `tables/`. `loading.py` decides whether the demo may be loaded. `cast.py`
names the five people that one can sign in as with one click, on the page in `views.py`.

No other package imports this one; an installation may leave it out.
"""
