#!/usr/bin/env python3
"""What strangers can use up, and what a normal client notices of it: Turnout beside nginx and HAProxy.

    bench/attacks.py [--only NAME,...] [--proxies turnout,nginx,haproxy] [--seconds N]

Each attack runs for some seconds against each proxy, on loopback only. Two normal clients run before, during and after it:
one on a connection of its own that it keeps, one that connects anew for each request. The memory (RSS) and the descriptors of
the proxy are sampled. One table is printed at the end. It needs nginx and haproxy, and a packaged Turnout (TURNOUT names its
start script). Everything that it starts is ended by it.

Attacks: descriptors (more idle clients than the limit of open files carries), heads (15.9 KB of a head and no more),
readers (5.5 MB from a target that closes, and nobody reads), uploads (5.5 MB and a FIN to a target that does not read),
pause (uploads that wait for a paused service; Turnout only).
"""
import argparse, asyncio, json, multiprocessing, os, re, resource, shutil, signal, socket, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
TURNOUT = os.path.abspath(os.environ.get('TURNOUT', os.path.join(HERE, '..', 'target', 'turnout', 'turnout')))
PATIENCE = 2.0          # of a normal client, in seconds
BODY = 5_500_000


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


# --- The application ----------------------------------------------------------------------------------------------------

async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b'\r\n\r\n')).decode('latin1')
            method, path = head.split(' ')[:2]
            length = re.search(r'(?im)^content-length: *(\d+)', head)
            if path == '/unread':
                writer.transport.pause_reading()
                await asyncio.sleep(60)
                return
            if length:
                await reader.readexactly(int(length.group(1)))
            if path == '/big':
                writer.write(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n' % BODY + b'x' * BODY)
                await writer.drain()
                return
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
        pass
    finally:
        writer.close()


def application(port):
    async def run():
        server = await asyncio.start_server(serve, '127.0.0.1', port, limit=1 << 17, backlog=4096)
        await server.serve_forever()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(run())


# --- The proxies --------------------------------------------------------------------------------------------------------

class Proxy:
    """One that runs. What stands behind its address in the configuration, and the client that it is asked by, may be given."""

    def __init__(self, kind, backend, files, work, client=None, listen=''):
        self.client, self.listen = client or Client, listen
        self.kind, self.port, self.admin = kind, free_port(), free_port()
        self.dir = tempfile.mkdtemp(prefix=kind, dir=work)
        os.mkdir(os.path.join(self.dir, 'tmp'))
        command = getattr(self, kind)(backend, files)
        self.process = subprocess.Popen(
            command, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=open(self.dir + '/log', 'wb'), stderr=subprocess.STDOUT,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)))
        self.await_ready()

    def turnout(self, backend, files):
        return [TURNOUT] + ['-Dturnout.' + s for s in (
            'listen.host=127.0.0.1', f'listen.port={self.port}', f'admin.port={self.admin}', f'blue=127.0.0.1:{backend}',
            f'green=127.0.0.1:{free_port()}', f'state.directory={self.dir}/state', 'pause.bytes=4M', 'health.path=/-/probe')]

    def config(self, name, **values):
        text = open(os.path.join(HERE, 'conf', name)).read()
        for key, value in {'TLS': self.listen, **values}.items():
            text = text.replace('@' + key + '@', str(value))
        path = os.path.join(self.dir, name)
        open(path, 'w').write(text)
        return path

    def nginx(self, backend, files):
        path = self.config('nginx-tuned.conf', PORT=self.port, BACKEND=backend, NAME='nginx', LOG='off', BUFFERS='')
        # Its worker runs as the user of the script.
        text = open(path).read()
        open(path, 'w').write(('user root;\n' if os.geteuid() == 0 else '') + text)
        return ['nginx', '-p', self.dir, '-c', path]

    def haproxy(self, backend, files):
        path = self.config('haproxy.cfg', PORT=self.port, BACKEND=backend, LOG='', HTTPLOG='')
        # Two descriptors for a client; it refuses to start with more than it has.
        text = re.sub(r'maxconn \d+', f'maxconn {(files - 64) // 2}', open(path).read())
        open(path, 'w').write(text)
        return ['haproxy', '-f', path]

    def await_ready(self):
        for _ in range(600):
            try:
                if self.client(self.port).ask() == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        sys.exit(self.kind + ' did not start:\n' + open(self.dir + '/log', errors='replace').read()[-2000:])

    def call(self, method, path):
        with socket.create_connection(('127.0.0.1', self.admin), 10) as s:
            s.sendall(f'{method} {path} HTTP/1.1\r\nHost: localhost:{self.admin}\r\nConnection: close\r\n\r\n'.encode())
            data = b''
            while piece := s.recv(65536):
                data += piece
        return data.partition(b'\r\n\r\n')[2].decode()

    def pids(self):
        pid = self.process.pid
        children = open(f'/proc/{pid}/task/{pid}/children').read().split()
        return [pid] + [int(child) for child in children]

    def cpu(self):
        """Seconds of user and system time so far."""
        ticks = 0
        for pid in self.pids():
            try:
                ticks += sum(map(int, open(f'/proc/{pid}/stat').read().rpartition(')')[2].split()[11:13]))
            except OSError:
                pass
        return ticks / os.sysconf('SC_CLK_TCK')

    def usage(self):
        rss = files = 0
        for pid in self.pids():
            try:
                rss += int(re.search(r'VmRSS:\s*(\d+)', open(f'/proc/{pid}/status').read()).group(1)) / 1024
                files += len(os.listdir(f'/proc/{pid}/fd'))
            except (OSError, AttributeError):
                pass
        return rss, files

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


# --- The normal clients -------------------------------------------------------------------------------------------------

class Client:
    def __init__(self, port):
        self.socket = socket.create_connection(('127.0.0.1', port), PATIENCE)

    def ask(self):
        self.socket.sendall(b'GET / HTTP/1.1\r\nHost: normal\r\n\r\n')
        data, end = b'', time.monotonic() + PATIENCE
        while b'\r\n\r\n' not in data or not data.endswith(b'ok'):
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            piece = self.socket.recv(4096)
            if not piece:
                break
            data += piece
            if b' 200 ' not in data[:20]:
                break
        return int(data.split(b' ')[1]) if data.startswith(b'HTTP/') else 0

    def close(self):
        self.socket.close()


def most(usage, at, until, column):
    return max((u[column] for u in usage if at <= u[0] < until), default=0)


class Normal(threading.Thread):
    """Asks every 10 ms and notes when, how long it took and whether the answer was 200."""

    def __init__(self, port, keeps, client=Client):
        super().__init__(daemon=True)
        self.client = client
        self.port, self.keeps, self.notes, self.going = port, keeps, [], True

    def run(self):
        client = None
        while self.going:
            start, status = time.monotonic(), 0
            try:
                client = client or self.client(self.port)
                status = client.ask()
            except OSError:
                pass
            self.notes.append((start, time.monotonic() - start, status == 200))
            if client and (status != 200 or not self.keeps):
                client.close()
                client = None
            time.sleep(0.01)

    def between(self, start, end):
        notes = [note for note in self.notes if start <= note[0] < end]
        times = sorted(took * 1000 for _, took, good in notes if good)
        failed = sum(1 for note in notes if not note[2])
        p99 = f'{times[int(len(times) * 0.99)]:.0f}' if times else '-'
        return p99, f'{failed}/{len(notes)}'

    def good_again(self, since):
        return next((at + took - since for at, took, good in self.notes if at >= since and good), None)


# --- The attacks --------------------------------------------------------------------------------------------------------

def connections(port, count, receive=0):
    for i in range(count):
        s = socket.socket()
        if receive:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        s.settimeout(1)
        try:
            s.bind((f'127.0.0.{2 + i % 5}', 0))
            s.connect(('127.0.0.1', port))
        except OSError:
            s.close()
            continue
        s.setblocking(False)
        yield s


def push(sockets, data, end, fin):
    """Sends to all as fast as they take it."""
    rest = {s: memoryview(data) for s in sockets}
    while rest and time.monotonic() < end:
        moved = False
        for s in list(rest):
            try:
                sent = s.send(rest[s][:262144])
                rest[s] = rest[s][sent:]
                moved = True
                if not rest[s]:
                    del rest[s]
                    if fin:
                        s.shutdown(socket.SHUT_WR)
            except BlockingIOError:
                pass
            except OSError:
                del rest[s]
        if not moved:
            time.sleep(0.02)


def attack(name, port, seconds):
    end = time.monotonic() + seconds
    receive = 4096 if name == 'readers' else 0
    count = {'descriptors': 1500, 'heads': 9500, 'readers': 200, 'uploads': 200, 'pause': 200}[name]
    data, fin = {
        'descriptors': (b'GET / HTTP/1.1\r\nHost: a\r\n\r\n', False),
        'heads': (b'GET /' + b'a' * 15900, False),
        'readers': (b'GET /big HTTP/1.1\r\nHost: a\r\n\r\n', False),
        'uploads': (b'POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n' % BODY + b'x' * BODY, True),
        'pause': (b'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n' + b'x' * 17000, False),
    }[name]
    sockets = []
    for s in connections(port, count, receive):
        sockets.append(s)
        if name != 'uploads':
            push([s], data, min(end, time.monotonic() + 0.05), fin)
        if time.monotonic() > end:
            break
    if name == 'uploads':
        push(sockets, data, end, fin)
    time.sleep(max(0, end - time.monotonic()))
    for s in sockets:
        s.close()


def run(name, kind, backend, seconds, work):
    proxy = Proxy(kind, backend, 1024 if name == 'descriptors' else 20000, work)
    try:
        kept, new = Normal(proxy.port, True), Normal(proxy.port, False)
        usage, sampling = [], True

        def sample():
            while sampling:
                usage.append((time.monotonic(), *proxy.usage()))
                time.sleep(0.2)
        sampler = threading.Thread(target=sample, daemon=True)
        for thread in (kept, new, sampler):
            thread.start()
        time.sleep(1)
        began = time.monotonic()
        time.sleep(3)
        if name == 'pause':
            proxy.call('POST', '/admin/pause')
        start = time.monotonic()
        attacker = multiprocessing.Process(target=attack, args=(name, proxy.port, seconds), daemon=True)
        attacker.start()
        attacker.join(seconds + 30)
        if attacker.is_alive():
            attacker.kill()
        if name == 'pause':
            proxy.call('POST', '/admin/resume')
        stop = time.monotonic()
        time.sleep(5)
        kept.going = new.going = sampling = False
        kept.join(5), new.join(5), sampler.join(5)

        recovered = new.good_again(stop)
        last = usage[-1]
        return [name, kind,
                *(f'{most(usage, began, start, c):.0f} / {most(usage, start, stop, c):.0f} / {last[c]:.0f}' for c in (1, 2)),
                f'{kept.between(began, start)[0]} / {kept.between(start, stop)[0]}', kept.between(start, stop)[1],
                f'{new.between(began, start)[0]} / {new.between(start, stop)[0]}', new.between(start, stop)[1],
                'never' if recovered is None else f'{recovered * 1000:.0f}']
    finally:
        proxy.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--only', default='descriptors,heads,readers,uploads,pause')
    parser.add_argument('--proxies', default='turnout,nginx,haproxy')
    parser.add_argument('--seconds', type=int, default=15)
    options = parser.parse_args()
    os.environ['PATH'] += ':/usr/sbin'
    for program in options.proxies.split(','):
        if not shutil.which(TURNOUT if program == 'turnout' else program):
            sys.exit(f'attacks.py: {program} is missing')
    work = tempfile.mkdtemp(prefix='attacks')
    os.chmod(work, 0o755)
    backend = free_port()
    app = multiprocessing.Process(target=application, args=(backend,), daemon=True)
    app.start()
    rows = [['attack', 'proxy', 'RSS, MiB', 'descriptors', 'p99 kept, ms', 'failed', 'p99 new, ms', 'failed', 'good again, ms'],
            ['---'] * 9]
    try:
        for name in options.only.split(','):
            for kind in options.proxies.split(','):
                if name != 'pause' or kind == 'turnout':
                    rows.append(run(name, kind, backend, options.seconds, work))
                    print('done:', ' | '.join(rows[-1]), file=sys.stderr)
    finally:
        app.kill()
        shutil.rmtree(work, ignore_errors=True)
    print('RSS and descriptors: before / most during / 5 s after. p99: before / during.')
    for row in rows:
        print('| ' + ' | '.join(row) + ' |')


if __name__ == '__main__':
    main()
