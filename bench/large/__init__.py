"""A large alliance, written in bulk: what `make bench` measures and `make demo SIZE=large` adds.

Rows go straight into the tables, since ten thousand people acting one after the other would take
an hour. Search entries, publications and checksums are built by the functions that the actions
call. Access keys, counters, decisions and facts of the record are kept by hand here, and
`tests/bench/test_large.py` compares all of it with what the apps would have written. The same seed
and sizes give the same alliance, but for the day it is seen from. Start reading with `building.py`;
one file a subject makes its rows.

**The record.** Every formal act that the rows imply is on record, with the verb, kind and facts
that its action writes, at its own moment: the chain is verified like any other. As with an import,
the acts come into the chain together, after whatever was there, in the order of their time.

**What it leaves out.** Nobody was mailed, and only the latest news of each group is in the
inboxes. There are no applications, files or marked lines: the small demo shows those.
"""
