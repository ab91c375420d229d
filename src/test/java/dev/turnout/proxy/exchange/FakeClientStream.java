package dev.turnout.proxy.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.proxy.body.MessageBody;
import dev.turnout.proxy.body.ResponseBody;
import dev.turnout.proxy.http1.ResponseHead;
import dev.turnout.proxy.loop.PipedBytes;
import dev.turnout.proxy.loop.PlainSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The client's side of an exchange, which keeps what it is given and does what a test says. */
final class FakeClientStream implements ClientStream {

    private final ByteBufAllocator allocator;
    final StringBuilder body = new StringBuilder();
    final List<String> ends = new ArrayList<>();
    private final ClientEnds connection =
            new ClientEnds(new InetSocketAddress("192.0.2.1", 1), new InetSocketAddress("192.0.2.2", 80));
    final List<String> heads = new ArrayList<>();
    LocalReply reply;

    /** What the next reply throws. */
    @Nullable
    RuntimeException failure;

    boolean takesMore = true;
    boolean endsConnection;
    boolean outputShutDown;
    long backlog;
    int readOns;
    int held;

    FakeClientStream(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public String address() {
        return "192.0.2.1";
    }

    @Override
    public ClientEnds ends() {
        return connection;
    }

    @Override
    public String tls() {
        return null;
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public ByteBufAllocator allocator() {
        return allocator;
    }

    @Override
    public boolean takesChunks() {
        return true;
    }

    @Override
    public int keptBytes() {
        return 0;
    }

    @Override
    public boolean understands(ResponseHead response) {
        return true;
    }

    @Override
    public void interim(ResponseHead response) {
        heads.add(Integer.toString(response.status()));
    }

    @Override
    public void head(ResponseHead response, ResponseBody of, ByteBuf bytes, int headStart, byte[] extra) {
        heads.add(response.status() + new String(extra, ISO_8859_1));
        write(bytes);
    }

    @Override
    public void switchProtocols(ResponseHead response, ByteBuf in, byte[] extra) {
        heads.add(Integer.toString(response.status()));
        endsConnection = true;
    }

    @Override
    public @Nullable PlainSocket socket() {
        return null;
    }

    @Override
    public void write(PipedBytes piece) {
        throw new AssertionError("there is no socket");
    }

    @Override
    public void write(ByteBuf bytes) {
        body.append(bytes.toString(ISO_8859_1));
        bytes.release();
    }

    @Override
    public void flush() {}

    @Override
    public boolean takesMore() {
        return takesMore;
    }

    @Override
    public long backlog() {
        return backlog;
    }

    @Override
    public void shutdownOutput() {
        outputShutDown = true;
    }

    @Override
    public void readOn() {
        readOns++;
    }

    @Override
    public void holdBody() {
        held++;
    }

    @Override
    public void endConnection() {
        endsConnection = true;
    }

    @Override
    public void complete(MessageBody request) {
        ends.add("complete");
    }

    @Override
    public void reply(LocalReply given, LocalReply.Form form, boolean isHead, boolean isRequestWhole) {
        if (failure != null) {
            RuntimeException thrown = failure;
            failure = null;
            throw thrown;
        }
        ends.add("fail");
        reply = given;
    }

    @Override
    public void abort(boolean reset) {
        ends.add("abort");
    }

    @Override
    public void cancelCall() {
        ends.add("cancel");
    }
}
