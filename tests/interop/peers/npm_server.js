// Echo servers as users of npm's older libraries write them; prints its port.
// Run with the library's name: websocket, faye-websocket or ws-0.4.
const http = require('http');

const nothingHere = (request, response) => {
  response.writeHead(404);
  response.end();
};

const SERVERS = {
  websocket: (server) => {
    const { server: WebSocketServer } = require('websocket');
    new WebSocketServer({ httpServer: server, autoAcceptConnections: true }).on('connect', (connection) => {
      connection.on('message', (message) => {
        if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
        else connection.sendBytes(message.binaryData);
      });
    });
  },
  'faye-websocket': (server) => {
    const WebSocket = require('faye-websocket');
    server.on('upgrade', (request, socket, body) => {
      if (!WebSocket.isWebSocket(request)) return;
      const connection = new WebSocket(request, socket, body);
      connection.on('message', (event) => connection.send(event.data));
    });
  },
  'ws-0.4': (server) => {
    const { Server } = require('ws-0.4');
    new Server({ server }).on('connection', (socket) => {
      socket.on('message', (data, flags) => socket.send(data, { binary: flags.binary }));
      socket.on('error', () => {});
    });
  },
};

const server = http.createServer(nothingHere);
SERVERS[process.argv[2]](server);
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
// One client's odd bytes must not end the server that the others talk to.
process.on('uncaughtException', (error) => console.error(error.message));
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
