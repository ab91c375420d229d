const http2 = require('http2');
const server = http2.createServer({ settings: { enableConnectProtocol: true, maxConcurrentStreams: +(process.env.MOST || 1000) } });
server.on('sessionError', e => console.error('session', e.message));
server.on('connect', () => console.error('connected'));
server.on('stream', (s, h) => {
  s.on('error', e => console.error('stream', e.message));
  const p = h[':path'];
  if (h[':method'] === 'CONNECT') { s.respond({ ':status': 200 }); s.pipe(s); return; }
  if (p === '/echo') { s.respond({ ':status': 200, 'content-type': 'text/plain', 'x-te': h['te'] || '-', 'x-len': h['content-length'] || '-', 'x-authority': h[':authority'] }); s.pipe(s); return; }
  if (p === '/trailers') { let t = {}; s.on('trailers', x => t = x); s.on('data', () => {}); s.on('end', () => { s.respond({ ':status': 200 }, { waitForTrailers: true }); s.on('wantTrailers', () => s.sendTrailers({ 'x-sum': '42', 'x-got': t['x-client'] || '-' })); s.end('body'); }); return; }
  if (p.startsWith('/large')) { const n = +p.split('?')[1]; s.respond({ ':status': 200, 'content-length': n }); const b = Buffer.alloc(65536, 'x'); let left = n; const go = () => { while (left > 0) { const c = Math.min(left, b.length); left -= c; if (!s.write(c === b.length ? b : b.subarray(0, c)) && left > 0) { s.once('drain', go); return; } } s.end(); }; go(); return; }
  if (p === '/hints') { s.additionalHeaders({ ':status': 103, link: '</a>' }); s.respond({ ':status': 200 }); s.end('hinted'); return; }
  if (p === '/only') { s.respond({ ':status': 200, 'grpc-status': '0' }, { endStream: true }); return; }
  if (p === '/reset') { s.close(2); return; }
  if (p === '/refuse') { s.close(7); return; }
  if (p === '/cut') { s.respond({ ':status': 200, 'content-length': 100 }); s.write('half'); setTimeout(() => s.close(2), 50); return; }
  if (p === '/slow') { setTimeout(() => { s.respond({ ':status': 200 }); s.end('slow'); }, 300); return; }
  s.respond({ ':status': 200, 'content-type': 'text/plain' }); s.end('hello\n');
});
server.listen(+process.argv[2], '127.0.0.1', () => console.error('listening'));
