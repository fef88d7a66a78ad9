"""The product's settings, with the two yardsticks before its own middleware."""

from alliance.settings import *  # noqa: F403
from alliance.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

# What is measured is how fast pages come, so nobody is told to slow down.
PAGES_A_MINUTE = 0

MIDDLEWARE = ["bench.yardsticks.Yardsticks", *PRODUCT_MIDDLEWARE]
