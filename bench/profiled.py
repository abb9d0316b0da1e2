"""Runs couponchat and looks, every few milliseconds that it works, at what it is doing: where its time goes.

Run it with: .venv/bin/python -m bench.intake --profile
"""

import signal
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

from cli.main import run

INTERVAL = 0.001  # seconds of its CPU time, or the system's tick: what waits costs nothing, and isn't seen
SHOWN = 25
ROOT = Path(__file__).parent.parent


class Profile:
    """How often each function was seen at work: itself, and with whatever it has called."""

    def __init__(self) -> None:
        self._own: Counter[CodeType] = Counter()
        self._total: Counter[CodeType] = Counter()

    def begin(self) -> None:
        """Look from now on."""
        signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)

    def end(self) -> None:
        """Look no more, and print who was seen most."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(f"{self._own.total()} samples; percent of them in a function itself, and with what it calls")
        self._print(self._own)
        print("the same of couponchat's own functions, by the second number")
        self._print(Counter({code: seen for code, seen in self._total.items() if _is_ours(code)}))

    def _print(self, counted: Counter[CodeType]) -> None:
        share = 100 / (self._own.total() or 1)
        for code, _ in counted.most_common(SHOWN):
            own, total = self._own[code] * share, self._total[code] * share
            print(f"{own:6.1f}{total:7.1f}  {code.co_qualname}  {_place(code)}")

    def _look(self, number: int, frame: FrameType | None) -> None:
        if frame:
            self._own[frame.f_code] += 1
        seen = set()
        while frame:
            seen.add(frame.f_code)
            frame = frame.f_back
        self._total.update(seen)


def _is_ours(code: CodeType) -> bool:
    path = Path(code.co_filename)
    return path.is_relative_to(ROOT) and not path.is_relative_to(sys.prefix)


def _place(code: CodeType) -> str:
    path = Path(code.co_filename)
    shown = path.relative_to(ROOT) if _is_ours(code) else Path(*path.parts[-3:])
    return f"{shown}:{code.co_firstlineno}"


def main() -> None:
    """Run a command of couponchat's, and print the profile when it has ended."""
    profile = Profile()
    profile.begin()
    try:
        run()
    finally:
        profile.end()


if __name__ == "__main__":
    main()
