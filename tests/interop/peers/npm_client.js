// A client as a user of each old npm package writes it: says its texts, prints each echo, closes.
// Arguments: the package, URL, the value of Sec-WebSocket-Version, the field for the origin, texts.
const [name, url, version, origin, ...texts] = process.argv.slice(2);
const library = require(name);
const webSocketVersion = Number(version);
const make = {
  websocket: () =>
    new library.w3cwebsocket(url, undefined, 'http://example.com', undefined, undefined, { webSocketVersion }),
  'ws-0.4': () => new library(url, { protocolVersion: webSocketVersion, origin: 'http://example.com' }),
  ws: () => new library(url, { protocolVersion: webSocketVersion, headers: { [origin]: 'http://example.com' } }),
  'faye-websocket': () => new library.Client(url),
};
const socket = make[name]();
const next = () => (texts.length ? socket.send(texts.shift()) : socket.close(1000));
socket.onopen = () => {
  console.log('open');
  next();
};
socket.onmessage = (event) => {
  console.log(String(event.data));
  next();
};
socket.onerror = (error) => {
  console.log('error', error.message);
  process.exit(2);
};
socket.onclose = (event) => {
  console.log(event.code === 1000 ? 'close' : `close ${event.code}`);
  process.exit(0);
};
setTimeout(() => process.exit(3), 20000);
