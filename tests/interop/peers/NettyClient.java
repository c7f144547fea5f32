// A client as a user of Netty writes it: says its texts, prints each echo, closes.
// Arguments: URL, Netty's own name of a version (V00, V07, V08, V13), texts.
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.*;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.*;
import io.netty.handler.codec.http.websocketx.*;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;

public class NettyClient {
    public static void main(String[] arguments) throws Exception {
        URI url = new URI(arguments[0]);
        WebSocketVersion version = WebSocketVersion.valueOf(arguments[1]);
        ArrayDeque<String> texts = new ArrayDeque<>(Arrays.asList(arguments).subList(2, arguments.length));
        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
            url, version, null, false, new DefaultHttpHeaders(), 1 << 20);
        NioEventLoopGroup group = new NioEventLoopGroup(1);
        try {
            Channel channel = new Bootstrap().group(group).channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<SocketChannel>() {
                    protected void initChannel(SocketChannel made) {
                        made.pipeline().addLast(
                            new HttpClientCodec(), new HttpObjectAggregator(8192), new Talk(handshaker, texts));
                    }
                })
                .connect(url.getHost(), url.getPort()).sync().channel();
            if (!channel.closeFuture().await(20000)) throw new IllegalStateException("never closed");
        } finally {
            group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
        }
    }

    private static class Talk extends SimpleChannelInboundHandler<Object> {
        private final WebSocketClientHandshaker handshaker;
        private final ArrayDeque<String> texts;

        Talk(WebSocketClientHandshaker handshaker, ArrayDeque<String> texts) {
            this.handshaker = handshaker;
            this.texts = texts;
        }

        public void channelActive(ChannelHandlerContext context) {
            handshaker.handshake(context.channel());
        }

        protected void channelRead0(ChannelHandlerContext context, Object message) {
            if (!handshaker.isHandshakeComplete()) {
                handshaker.finishHandshake(context.channel(), (FullHttpResponse) message);
                say("open");
                next(context);
            } else if (message instanceof TextWebSocketFrame) {
                say(((TextWebSocketFrame) message).text());
                next(context);
            } else if (message instanceof CloseWebSocketFrame) {
                say("close");
                context.close();
            }
        }

        private void next(ChannelHandlerContext context) {
            if (texts.isEmpty()) {
                context.writeAndFlush(new CloseWebSocketFrame());
            } else {
                context.writeAndFlush(new TextWebSocketFrame(texts.remove()));
            }
        }

        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            say("failed: " + cause.getMessage());
            context.close();
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
