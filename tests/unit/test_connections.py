"""What is written to a browser's connection is sent at once."""

import socket

from cifake_core.ui import connections


def test_connections_do_not_wait_for_more_to_send():
    """Also where the socket that listens does not name its protocol."""
    closed = socket.socket()
    closed.close()
    with socket.socket() as listening:
        listening.bind(("localhost", 0))
        listening.listen()

        connections.send_at_once()

        with (
            socket.create_connection(listening.getsockname()),
            listening.accept()[0] as accepted,
        ):
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
