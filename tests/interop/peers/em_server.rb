# An echo server as a user of em-websocket writes it; prints its port.
require 'em-websocket'
require 'socket'
probe = TCPServer.new('127.0.0.1', 0)
port = probe.addr[1]
probe.close
# One client's odd bytes must not end the server that the others talk to.
EM.error_handler { |error| warn error.message }
EM.run do
  EM::WebSocket.run(host: '127.0.0.1', port: port) do |ws|
    ws.onmessage { |message| ws.send(message) }
    ws.onbinary { |message| ws.send_binary(message) }
  end
  puts port
  $stdout.flush
  EM.attach(IO.for_fd(0), Module.new { def unbind; EM.stop; end })
end
