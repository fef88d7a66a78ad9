"""Comparisons of texts that never change: made once, stored, the same at every load."""
