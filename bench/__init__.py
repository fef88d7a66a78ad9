"""Measures the main pages against two bare views on the same server: `make bench`.

It starts a platform of its own in a folder of its own and leaves nothing behind. The data that it
measures on is made by `bench/large`.
"""
