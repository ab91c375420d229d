"""A client on Python's h2, until its input ends: GETs, 20 at once, and uploads of 300,000 bytes, all on one connection.

Prints one line of counts, and before it one line for each error:

    python3 http2_client.py PORT AUTHORITY_FILE|-
"""
import select
import socket
import ssl
import sys
import zlib

import h2.config
import h2.connection
import h2.events

port, authority = int(sys.argv[1]), sys.argv[2]
content = b'turnout' * 43000
wanted = f'{len(content)} {zlib.crc32(content)}'
scheme = 'http' if authority == '-' else 'https'
wire = socket.create_connection(('127.0.0.1', port))
if authority != '-':
    context = ssl.create_default_context(cafile=authority)
    context.set_alpn_protocols(['h2'])
    wire = context.wrap_socket(wire, server_hostname='app.example')
connection = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding='utf-8'))
connection.initiate_connection()
counts = {'gets': 0, 'uploads': 0, 'errors': 0}


class Exchange:
    def __init__(self, method, path, body=b''):
        self.stream, self.rest, self.status, self.text, self.ended = connection.get_next_available_stream_id(), body, '', b'', False
        connection.send_headers(self.stream, [(':method', method), (':scheme', scheme), (':authority', 'app.example'),
                                              (':path', path)], end_stream=not body)

    def send(self):
        """Sends what the windows allow."""
        while self.rest and not self.ended:
            size = min(len(self.rest), connection.local_flow_control_window(self.stream), connection.max_outbound_frame_size)
            if size <= 0:
                return
            piece, self.rest = self.rest[:size], self.rest[size:]
            connection.send_data(self.stream, piece, end_stream=not self.rest)


def error(what):
    counts['errors'] += 1
    print('error', what)


def run(exchanges):
    """Returns when all have ended, or the connection has."""
    streams = {exchange.stream: exchange for exchange in exchanges}
    while not all(exchange.ended for exchange in exchanges):
        for exchange in exchanges:
            exchange.send()
        wire.sendall(connection.data_to_send())
        received = wire.recv(65536)
        if not received:
            error('end of the connection')
            return False
        for event in connection.receive_data(received):
            exchange = streams.get(getattr(event, 'stream_id', None))
            if isinstance(event, h2.events.ResponseReceived):
                exchange.status = dict(event.headers)[':status']
            elif isinstance(event, h2.events.DataReceived):
                exchange.text += event.data
                connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                exchange.ended = True
            elif isinstance(event, h2.events.StreamReset):
                exchange.ended = True
                error(f'reset by {event.error_code}')
            elif isinstance(event, h2.events.ConnectionTerminated):
                error(f'GOAWAY {event.error_code}')
                return False
    wire.sendall(connection.data_to_send())
    return True


def stopping():
    return bool(select.select([sys.stdin], [], [], 0)[0])


going = True
while going and (counts['uploads'] == 0 or not stopping()):
    gets = [Exchange('GET', '/asset') for _ in range(20)]
    upload = Exchange('POST', '/upload', content)
    going = run([*gets, upload])
    for get in gets:
        if (get.status, get.text) not in (('200', b'blue'), ('200', b'green')):
            error(f'get {get.status} {get.text[:80]}')
    if (upload.status, upload.text.decode()) != ('200', wanted):
        error(f'upload {upload.status} {upload.text[:80]}')
    counts['gets'] += len(gets)
    counts['uploads'] += 1
print(*(f'{name} {count}' for name, count in counts.items()))
