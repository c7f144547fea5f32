// Echo servers as users of Go's libraries write them; prints its port, ends with its standard input.
// Run with the library's name: gorilla, x-net, or x-net-handler, which demands an Origin.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/gorilla/websocket"
	xnet "golang.org/x/net/websocket"
)

func withGorilla(writer http.ResponseWriter, request *http.Request) {
	upgrader := websocket.Upgrader{}
	connection, err := upgrader.Upgrade(writer, request, nil)
	if err != nil {
		return
	}
	defer connection.Close()
	for {
		kind, message, err := connection.ReadMessage()
		if err != nil {
			return
		}
		if err := connection.WriteMessage(kind, message); err != nil {
			return
		}
	}
}

func main() {
	echo := xnet.Handler(func(connection *xnet.Conn) { io.Copy(connection, connection) })
	handlers := map[string]http.Handler{
		"gorilla":       http.HandlerFunc(withGorilla),
		"x-net":         xnet.Server{Handler: echo},
		"x-net-handler": echo,
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	http.Handle("/", handlers[os.Args[1]])
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	go http.Serve(listener, nil)
	io.Copy(io.Discard, os.Stdin)
}
