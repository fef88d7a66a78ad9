"""A process that dies again and again is started again soon, each time."""

import subprocess
import time

from alliance.server.children import Child, Children


def test_nobody_waits_long_for_the_next_start() -> None:
    children = Children()
    child = children.add(Child("web", lambda output: subprocess.Popen(["true"], stdout=output)))
    waits = []
    for _ in range(7):
        assert child.process is not None
        child.process.wait()
        children.watch()
        assert child.again_at is not None
        waits.append(child.again_at - time.monotonic())
        children.forget_pipe(child)
        child.again_at = 0.0
        children.watch()
    children.stop()

    assert waits[0] <= 1
    assert max(waits) <= 5
    assert child.deaths == 7
