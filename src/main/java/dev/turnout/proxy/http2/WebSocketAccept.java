package dev.turnout.proxy.http2;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What a WebSocket's server answers to a client's key (RFC 6455, section 4.2.2). HTTP/2 has neither (RFC 8441): where
 * only one side speaks it, Turnout makes the key for a target, or the answer for a client.
 */
public final class WebSocketAccept {

    private static final byte[] SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(ISO_8859_1);

    private WebSocketAccept() {}

    /** Returns the answer to a key. */
    public static byte[] of(byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(key);
            return Base64.getEncoder().encode(digest.digest(SUFFIX));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1", e);
        }
    }
}
