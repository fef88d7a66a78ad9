"""The product's own supervisor with the bench's settings: `python -m bench.serve`.

Apart from `alliance.server up` only in the settings its children load.
"""

import sys

from alliance.server.commands import Stopped, handle_signals
from alliance.server.plan import Plan, only_one, remove_run_file
from alliance.server.processes import ServerError
from alliance.server.supervisor import Supervisor


def main() -> int:
    handle_signals()
    plan = Plan.from_environment()
    try:
        with only_one(plan.data):
            supervisor = Supervisor(plan)
            supervisor.environment["DJANGO_SETTINGS_MODULE"] = "bench.settings"
            try:
                supervisor.run()
            finally:
                supervisor.stop()
                remove_run_file(plan)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    except Stopped:
        return 0


if __name__ == "__main__":
    sys.exit(main())
