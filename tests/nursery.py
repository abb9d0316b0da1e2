"""Where commands are born: a process that has read all our modules, and becomes a command by a fork.

A fork takes a hundredth of the second in which Python reads them; all else is as if the command had been called.
"""

import json
import os
import signal
import socket
import sys

import cli.main  # noqa: F401 - read before the first fork
from cli.__main__ import main as command

LARGEST_REQUEST = 64 * 1024


def main(control: socket.socket) -> None:
    """Take requests until there are no more: arguments, folder, environment, and four files to write to or read."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, files, _, _ = socket.recv_fds(control, LARGEST_REQUEST, 4)
        if not request:
            return
        if os.fork() == 0:
            control.close()
            _attend(json.loads(request), files)
            return
        for file in files:
            os.close(file)


def _attend(request: dict, files: list[int]) -> None:
    """Become the command, and leave somebody behind who says what its number is, and how it has ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(files[3])
        _become(request, files[:3])
        return
    for file in files[:3]:
        os.close(file)
    os.write(files[3], f"{pid}\n".encode())
    _, status = os.waitpid(pid, 0)
    os.write(files[3], f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(request: dict, files: list[int]) -> None:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["couponchat", *request["arguments"]]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # which nohup would have us ignore
    command()


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
