/*
 * A client on Node's http2, until its input ends: GETs, uploads, server-sent events and a WebSocket (RFC 8441), all on one
 * connection, and on the next one after a GOAWAY. Prints one line of counts, and one line for each error.
 *
 *   node http2_busy_client.js URL AUTHORITY_FILE UPLOAD_BYTES
 */
const http2 = require('http2');
const fs = require('fs');
const zlib = require('zlib');

const [url, authority, uploadBytes] = process.argv.slice(2);
const counts = {gets: 0, uploads: 0, events: 0, echoes: 0, reconnects: 0};
const errors = [];
let stopping = false;
/** It stops once it has done everything at least once: a busy machine takes its time to start it. */
process.stdin.on('end', () => setInterval(() => {
  stopping = Boolean(counts.gets && counts.uploads && counts.events && counts.echoes);
}, 20)).resume();
const pause = millis => new Promise(done => setTimeout(done, millis));

function note(what, why) {
  if (errors.length < 20) errors.push(`error ${what} ${why}`.replace(/\s+/g, ' '));
}

let session;
async function connected() {
  if (session && !session.closed && !session.destroyed && !session.leaving) return session;
  if (session) counts.reconnects++;
  session = http2.connect(url, url.startsWith('https') ? {ca: fs.readFileSync(authority), servername: 'app.example'} : {});
  const own = session;
  own.on('goaway', code => { own.leaving = true; if (code) note('goaway', code); });
  own.on('error', error => { own.leaving = true; note('connection', error); });
  await new Promise(done => own.once('remoteSettings', done).once('close', done));
  return own;
}
// All that begin at the same time share one connection.
let connecting;
function connection() {
  connecting = connecting || connected().finally(() => { connecting = null; });
  return connecting;
}

/** The answer of one request, or null after a stream that was refused before it was begun. */
async function exchange(what, headers, body) {
  const stream = (await connection()).request(headers, {endStream: body === undefined});
  if (body !== undefined) stream.end(body);
  return new Promise(done => {
    let status = 0, text = '', failure = null;
    stream.setEncoding('utf8');
    stream.on('response', head => { status = head[':status']; });
    stream.on('data', piece => { text += piece; });
    stream.on('error', error => { failure = error; });
    stream.on('close', () => {
      if (stream.rstCode === http2.constants.NGHTTP2_REFUSED_STREAM) return done(null);
      if (failure || stream.rstCode || status !== 200) note(what, `${status} ${stream.rstCode} ${failure} ${text.slice(0, 80)}`);
      done(text);
    });
  });
}

async function gets() {
  while (!stopping) {
    const names = await Promise.all(Array.from({length: 20}, (_, i) => exchange('get', {':path': '/asset/' + i})));
    names.forEach(name => { if (name !== null && name !== 'blue' && name !== 'green') note('get', 'of nobody: ' + name); });
    counts.gets += names.length;
  }
}

async function uploads() {
  const content = Buffer.alloc(Number(uploadBytes), 'turnout');
  const wanted = `${content.length} ${crc(content)}`;
  do {
    const said = await exchange('upload', {':path': '/upload', ':method': 'POST'}, content);
    if (said !== null && said !== wanted) note('upload', `${said} instead of ${wanted}`);
    counts.uploads++;
  } while (!stopping);
}

function crc(bytes) {
  // What a gzip file has at its end.
  const file = zlib.gzipSync(bytes, {level: 0});
  return file.readUInt32LE(file.length - 8);
}

/** A stream without an end: it may end or be refused, and is begun again; what comes is counted by take. */
async function endless(what, headers, opened, take) {
  while (!stopping) {
    const stream = (await connection()).request(headers, {endStream: what === 'events'});
    await new Promise(done => {
      let status = 0;
      stream.on('response', head => { status = head[':status']; opened(stream); });
      stream.on('data', piece => { take(stream, piece); if (stopping) stream.close(http2.constants.NGHTTP2_CANCEL); });
      stream.on('error', error => { if (!stopping && stream.rstCode !== http2.constants.NGHTTP2_REFUSED_STREAM) note(what, error); });
      stream.on('end', () => stream.end());
      stream.on('close', () => {
        if (status !== 200 && !stopping && stream.rstCode !== http2.constants.NGHTTP2_REFUSED_STREAM) note(what, status);
        done();
      });
    });
    await pause(20);
  }
}

const events = () => endless('events', {':path': '/events'}, () => {}, (stream, piece) => {
  counts.events += piece.toString().split('data: ').length - 1;
});

/** A text of one octet, masked by nothing. */
const ASK = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]);

async function socket() {
  if (!(await connection()).remoteSettings.enableConnectProtocol) return note('socket', 'extended CONNECT is not offered');
  await endless('socket',
    {':method': 'CONNECT', ':protocol': 'websocket', ':path': '/socket', 'sec-websocket-version': '13'},
    stream => stream.write(ASK),
    (stream, piece) => {
      if (piece[0] === 0x81) {
        counts.echoes++;
        setTimeout(() => { if (!stream.destroyed && !stream.writableEnded) stream.write(ASK); }, 20);
      } else if (piece[0] === 0x88) {
        // A close frame is answered by one.
        stream.end(Buffer.from([0x88, 0x82, 0, 0, 0, 0, piece[2], piece[3]]));
      } else {
        note('socket', 'octet ' + piece[0]);
      }
    });
}

(async () => {
  await Promise.all([gets(), uploads(), events(), socket()]);
  console.log(Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(' '));
  errors.forEach(line => console.log(line));
  process.exit(0);
})();
