"""The product's settings, with the two yardsticks before its own middleware."""

from alliance.settings import *  # noqa: F403
from alliance.settings import MIDDLEWARE as PRODUCT_MIDDLEWARE

MIDDLEWARE = ["bench.yardsticks.Yardsticks", *PRODUCT_MIDDLEWARE]
