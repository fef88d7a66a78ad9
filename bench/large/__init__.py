"""A large alliance, written in bulk: what `make bench` measures and `make demo SIZE=large` adds.

Rows go straight into the tables, since ten thousand people acting one after the other would take
an hour. So this package keeps by hand what actions keep otherwise, and `tests/bench/test_large.py`
holds it to that: access keys, counters, seals, search entries and decisions are as the rooms' own
code would have made them. The same seed and sizes give the same alliance, but for the day it is
told from. `building.py` is the way in; one file a subject makes its rows.

**The record.** Every formal act that the rows imply stands in it, with the verb, kind and facts
its action writes, at its own moment: the chain is verified like any other. As with an import, the
acts come into the chain together, after whatever was there, in the order of their time.

**What it leaves out.** Nobody was mailed, and only the latest news of each group is in the
inboxes. There are no applications, files or marked lines: the small demo shows those.
"""
