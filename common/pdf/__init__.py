"""PDF of documents: what they hold (`content.py`), how they look (`document.typ`), and who makes them.

A page asks for a file (`actions.request_file`); a worker makes it in a process of its own
(`typesetting.py`); the page serves it (`responses.py`) to whoever can read what it was made of.
docs/adr/0039 says why.
"""
