// Opens an event stream and a WebSocket on one HTTP/2 connection, says when both are there, and how each ends.
// Arguments: port, path of the event stream.
const http2 = require('http2');

const client = http2.connect('https://localhost:' + process.argv[2], { rejectUnauthorized: false, servername: 'shop.example' });
let left = 2;
let begun = 0;

function began() {
  if (++begun === 2) {
    console.log('both begun');
  }
}

function ended(words) {
  console.log(words);
  if (--left === 0) {
    client.close();
  }
}

client.on('goaway', code => console.log('goaway ' + code));
client.on('error', error => console.log('connection error ' + error.message));
client.on('remoteSettings', settings => {
  if (!settings.enableConnectProtocol) {
    console.log('no extended CONNECT');
    process.exit(1);
  }
  const events = client.request({ ':path': process.argv[3], ':authority': 'shop.example' });
  let text = '';
  events.on('data', piece => {
    if (text === '') {
      began();
    }
    text += piece;
  });
  events.on('error', error => console.log('events: ' + error.message));
  events.on('close', () => ended('events ' + events.rstCode + ' ' + text.replace(/\d+/g, 'N').endsWith('retry: N\n\n')));

  const socket = client.request({
    ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/socket', ':authority': 'shop.example',
    'sec-websocket-version': '13',
  });
  const frames = [];
  socket.on('response', began);
  socket.on('data', piece => {
    frames.push(piece.toString('hex'));
    if (piece[0] === 0x88) {
      // The answer to a Close frame, masked by zeros.
      socket.end(Buffer.concat([Buffer.from([0x88, 0x82, 0, 0, 0, 0]), piece.subarray(2, 4)]));
    }
  });
  socket.on('error', error => console.log('socket: ' + error.message));
  socket.on('close', () => ended('socket ' + socket.rstCode + ' ' + frames.join('')));
});
