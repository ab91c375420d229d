"""A client of Python's ssl: a request, its end, and a second connection that resumes the session of the first."""
import socket
import ssl
import sys

port, authority, version = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=authority)
context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)


def fetch(session):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    # Without ragged ends, a connection that ends without a close_notify is an error.
    tls = context.wrap_socket(
        connection, server_hostname="shop.example", session=session, suppress_ragged_eofs=False)
    tls.sendall(b"GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n")
    answer = b""
    while piece := tls.recv(4096):
        answer += piece
    reused, kept = tls.session_reused, tls.session
    tls.close()
    return answer.split()[1].decode(), reused, kept


first = fetch(None)
second = fetch(first[2])
print(first[0], first[1])
print(second[0], second[1])
