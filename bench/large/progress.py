"""How far the building is: a bar on a terminal, a line a subject anywhere else."""

import time

from django.core.management.base import OutputWrapper

WIDTH = 30


class Progress:
    """Told of each subject with its share of the whole, from 0 to 1, and of steps within it."""

    def __init__(self, out: OutputWrapper | None = None) -> None:
        self.out = out
        self.is_terminal = bool(out and out.isatty())
        self.done = 0.0
        self.share = 0.0
        self.subject = ""
        self.began = self.shown = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def begin(self, subject: str, share: float) -> None:
        """The subject before is done, this one begins."""
        self.done += self.share
        self.share, self.subject = share, subject
        if self.out and not self.is_terminal:
            self.out.write(f"{self.seconds:6.0f} s  {subject} …")
            self.out.flush()
        self._draw(self.done)

    def step(self, part: float) -> None:
        """So much of the subject is done, from 0 to 1."""
        if time.monotonic() - self.shown > 0.1:
            self._draw(self.done + self.share * min(part, 1.0))

    def end(self) -> None:
        """The bar goes, so that what is said next stands on a line of its own."""
        if self.out and self.is_terminal:
            self.out.write("\r\x1b[K", ending="")
            self.out.flush()

    def _draw(self, done: float) -> None:
        self.shown = time.monotonic()
        if self.out and self.is_terminal:
            full = round(WIDTH * min(done, 1.0))
            bar = "█" * full + "░" * (WIDTH - full)
            self.out.write(f"\r{bar} {done:4.0%}  {self.subject} …\x1b[K", ending="")
            self.out.flush()
