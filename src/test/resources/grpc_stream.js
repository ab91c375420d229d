// A server of gRPC that sends a message of 20 octets to each call again and again, and has no end of its own.
const http2 = require('http2');
const [port, version] = process.argv.slice(2);
const message = Buffer.alloc(25);
message.writeUInt32BE(20, 1);
const server = http2.createServer({ settings: { maxConcurrentStreams: 1000 } });
server.on('stream', (stream, head) => {
  stream.on('error', () => {});
  if (head[':method'] === 'GET') {
    // A probe.
    stream.respond({ ':status': 204 }, { endStream: true });
    return;
  }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'x-version': version });
  stream.write(message);
  const timer = setInterval(() => stream.write(message), 200);
  stream.on('close', () => clearInterval(timer));
});
server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
