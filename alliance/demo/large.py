"""The bulk that measuring needs."""
