"""`python -m alliance.server [up | stop | with COMMAND…]`, without loading Django first."""

import sys

from alliance.server import commands

if __name__ == "__main__":
    command, *arguments = sys.argv[1:] or ["up"]
    if command == "up":
        sys.exit(commands.up())
    if command == "stop":
        sys.exit(commands.stop_running())
    if command == "with":
        sys.exit(commands.run_with_servers(arguments))
    sys.exit(__doc__)
