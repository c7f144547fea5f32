# A client as a user of the gem websocket writes it: says its texts, prints each echo, closes.
# Arguments: URL, the gem's own version number (75, 76, 1 to 13), texts.
require 'socket'
require 'timeout'
require 'websocket'

$stdout.sync = true
url, version, *texts = ARGV
version = Integer(version)
# The gem strips blanks from the digest it expects and then refuses one right answer in twenty,
# whatever the server; this seed's challenge has none.
srand(5)

Timeout.timeout(20) do
  handshake = WebSocket::Handshake::Client.new(url: url, version: version, origin: 'http://example.com')
  io = TCPSocket.new(handshake.host, handshake.port)
  io.write(handshake.to_s)
  head = String.new
  head << io.readpartial(1) until head.end_with?("\r\n\r\n")
  head << io.read(16) if [76, 0, 1, 2, 3].include?(version)
  handshake << head
  abort("handshake: #{handshake.error}") unless handshake.finished? && handshake.valid?
  puts 'open'
  frames = WebSocket::Frame::Incoming::Client.new(version: version)
  say = lambda do |type, data|
    frame = WebSocket::Frame::Outgoing::Client.new(version: version, data: data, type: type).to_s
    io.write(frame) if frame
  end
  await = lambda do
    frame = frames.next
    until frame || frames.error?
      frames << io.readpartial(4096)
      frame = frames.next
    end
    abort("frame: #{frames.error}") if frames.error?
    frame
  end
  texts.each do |text|
    say.call(:text, text)
    puts await.call.to_s
  end
  if version != 75 && !texts.empty?
    say.call(:close, '')
    puts await.call.type
  end
  io.close
end
