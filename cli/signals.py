"""What tells a process of ours to end."""

import signal


def ending_signals() -> list[signal.Signals]:
    """Name what tells us to end: Ctrl-C, SIGTERM, the terminal's end; not what nohup keeps away."""
    named = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    return [number for number in named if signal.getsignal(number) is not signal.SIG_IGN]
