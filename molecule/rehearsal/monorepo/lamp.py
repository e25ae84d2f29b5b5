"""Says that it is lit, with nothing but what a minimal Python has."""

import socket

server = socket.create_server(("", 8080))
while True:
    client, _ = server.accept()
    with client:
        client.recv(65536)
        client.sendall(b'HTTP/1.0 200 OK\r\n\r\n{"status": "lit"}')
