"""Listening sockets: a port asked for by name is taken or refused, otherwise the next free one."""

from __future__ import annotations

import errno
import socket

from wealthnexus.kit.embedded.errors import EmbeddedServerError

FIRST_PORT = 8000
PORTS_TRIED = 100


class PortTakenError(EmbeddedServerError):
    """Something else already listens on the port that was asked for."""


def listen(host: str, port: int | None, *, first: int = FIRST_PORT) -> socket.socket:
    """A bound, listening TCP socket.

    ``port`` None: ``first`` or the next free one of 100. A given port that is taken raises
    PortTakenError; so does a host this machine does not have.
    """
    if port is not None:
        try:
            return _bind(host, port)
        except OSError as error:
            raise _explain(host, port, error) from error
    for candidate in range(first, min(first + PORTS_TRIED, 65536)):
        try:
            return _bind(host, candidate)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise _explain(host, candidate, error) from error
    raise PortTakenError(
        f"None of the ports {first} to {first + PORTS_TRIED - 1} is free on {host}; "
        "stop something, or name a free port with WEALTHNEXUS_PORT."
    )


def _bind(host: str, port: int) -> socket.socket:
    if host in ("127.0.0.1", "localhost", "0.0.0.0"):  # noqa: S104
        _refuse_if_other_loopback_is_taken(port)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        # Connections of an earlier run that are still winding down do not make a port taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except BaseException:
        listener.close()
        raise
    return listener


def _refuse_if_other_loopback_is_taken(port: int) -> None:
    """A browser tries ::1 first for ``*.localhost``: a stranger there would answer in our place."""
    if not socket.has_ipv6:
        return
    try:
        probe = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    except OSError:
        return
    with probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        try:
            probe.bind(("::1", port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise


def _explain(host: str, port: int, error: OSError) -> PortTakenError:
    if error.errno == errno.EADDRINUSE:
        return PortTakenError(
            f"Port {port} on {host} is taken by another programme; stop it, name another port with "
            "WEALTHNEXUS_PORT, or leave it unset to get the next free one."
        )
    if error.errno == errno.EACCES:
        return PortTakenError(
            f"Port {port} on {host} is reserved for privileged programmes; "
            "name one above 1023 with WEALTHNEXUS_PORT."
        )
    return PortTakenError(
        f"Could not listen on {host} port {port}: {error.strerror or error}; "
        "set WEALTHNEXUS_HOST to an address of this machine."
    )
