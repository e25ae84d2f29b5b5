"""Serves: starts commands, each below a small process of its own that ends the command's whole tree.

Forks for every four descriptors that arrive on standard input (a socket): standard output and
standard error of the command, a pipe to say on how it went, and a pipe to hear from: first what to run, then its end.
The tree ends when the command has ended, when that pipe is closed, or when whoever held it is gone.
"""

import os
import signal
import socket

from .one_command import watch


def main() -> None:
    """Serve until the toolkit is gone."""
    asked = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that watch are nobody's to wait for
    while True:
        message, descriptors, _, _ = socket.recv_fds(asked, 1, 4)
        if not message:
            return
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            asked.close()
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = 1
            try:
                watch(*descriptors)
                code = 0
            finally:
                os._exit(code)
        for descriptor in descriptors:
            os.close(descriptor)
