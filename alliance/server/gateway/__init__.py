"""The ASGI application of a web process, in front of the pages. See docs/gateway.md."""
