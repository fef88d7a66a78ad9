"""Comparisons of texts that never change: made once and stored."""
