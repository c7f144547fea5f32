// A client as a user of npm's ws writes it: says hello, prints the echo, closes; exit 0 on a clean end.
const WebSocket = require('ws');
const socket = new WebSocket(process.argv[2], { protocolVersion: Number(process.argv[3] || 13) });
socket.on('open', () => socket.send('Hello'));
socket.on('message', (data) => {
  console.log(data.toString());
  socket.close(1000, 'done');
});
socket.on('close', (code) => process.exit(code === 1000 ? 0 : 1));
socket.on('error', (error) => {
  console.log(error.message);
  process.exit(2);
});
