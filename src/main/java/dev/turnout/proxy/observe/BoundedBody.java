package dev.turnout.proxy.observe;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Optional;
import java.util.function.Consumer;

/** The beginning of an answer's body. What comes behind is read and thrown away. One thread at a time. */
final class BoundedBody implements Consumer<Optional<byte[]>> {

    private final ByteArrayOutputStream begin = new ByteArrayOutputStream();
    private final int most;

    private BoundedBody(int most) {
        this.most = most;
    }

    /** @param most the bytes that are kept */
    static BodyHandler<byte[]> of(int most) {
        return answer -> {
            BoundedBody body = new BoundedBody(most);
            return BodySubscribers.mapping(
                    BodySubscribers.ofByteArrayConsumer(body), nothing -> body.begin.toByteArray());
        };
    }

    @Override
    public void accept(Optional<byte[]> part) {
        byte[] bytes = part.orElse(new byte[0]);
        begin.write(bytes, 0, Math.min(bytes.length, most - begin.size()));
    }
}
