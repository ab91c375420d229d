package dev.turnout.health;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/** The messages of {@code grpc.health.v1.Health/Check}: a request with one string, and a response with one enum. */
final class GrpcHealth {

    static final String PATH = "/grpc.health.v1.Health/Check";
    static final String CONTENT_TYPE = "application/grpc";

    /** A message's length, behind the octet that says whether it is compressed. */
    private static final int PREFIX = 5;

    /** The keys of protobuf: field 1, a string in the request and a number in the response. */
    private static final byte SERVICE = 0x0a;

    private static final byte STATUS = 0x08;

    private static final String OK = "0";
    private static final String SERVING = "SERVING";

    private GrpcHealth() {}

    /**
     * What a target says of itself.
     *
     * @param isServing whether it serves
     * @param cause the words of its answer
     */
    record Answer(boolean isServing, String cause) {}

    /** Returns the request for the state of a service; of the whole server for an empty name. */
    static Buffer question(String service) {
        Buffer message = Buffer.buffer();
        byte[] name = service.getBytes(UTF_8);
        if (name.length > 0) {
            message.appendByte(SERVICE);
            varint(name.length, message);
            message.appendBytes(name);
        }
        return Buffer.buffer().appendByte((byte) 0).appendInt(message.length()).appendBuffer(message);
    }

    private static void varint(int number, Buffer out) {
        int rest = number;
        while (rest > 0x7f) {
            out.appendByte((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.appendByte((byte) rest);
    }

    /**
     * Reads a response.
     *
     * @param httpStatus of the response
     * @param grpcStatus the field {@code grpc-status}; null if there was none
     * @param grpcMessage the field {@code grpc-message}; null if there was none
     */
    static Answer answer(int httpStatus, @Nullable String grpcStatus, @Nullable String grpcMessage, Buffer body) {
        if (httpStatus != 200) {
            return new Answer(false, "HTTP status " + httpStatus);
        }
        if (grpcStatus == null) {
            return new Answer(false, "no grpc-status: the target speaks no gRPC");
        }
        if (!grpcStatus.equals(OK)) {
            return new Answer(false, "grpc-status " + grpcStatus + (grpcMessage == null ? "" : ": " + grpcMessage));
        }
        String serving = serving(body);
        return new Answer(serving.equals(SERVING), serving);
    }

    /** A message without the field has its default: UNKNOWN. */
    private static String serving(Buffer body) {
        if (body.length() < PREFIX || body.length() - PREFIX < body.getInt(1)) {
            return "a broken message";
        }
        if (body.length() == PREFIX) {
            return "UNKNOWN";
        }
        if (body.length() < PREFIX + 2 || body.getByte(PREFIX) != STATUS) {
            return "a broken message";
        }
        return switch (body.getByte(PREFIX + 1)) {
            case 0 -> "UNKNOWN";
            case 1 -> SERVING;
            case 2 -> "NOT_SERVING";
            case 3 -> "SERVICE_UNKNOWN";
            default -> "a broken message";
        };
    }
}
