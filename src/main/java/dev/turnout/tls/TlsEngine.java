package dev.turnout.tls;

import dev.turnout.config.TlsConfig.Engine;
import dev.turnout.text.TlsFinding;
import dev.turnout.text.TlsText;
import io.netty.handler.ssl.OpenSsl;
import org.jboss.logging.Logger;

/** What encrypts. */
public enum TlsEngine {
    /** BoringSSL, by Netty's native library. */
    BORINGSSL,
    /** The engine of the Java virtual machine. */
    JDK;

    /**
     * Returns the engine for a configured value. Loads the library of BoringSSL if that may be used.
     *
     * @throws TlsRefused if BoringSSL is demanded and its library does not load
     */
    public static TlsEngine of(Engine wanted) {
        if (wanted == Engine.JDK) {
            return jdk();
        }
        if (OpenSsl.isAvailable()) {
            return BORINGSSL;
        }
        String reason = reason(OpenSsl.unavailabilityCause());
        if (wanted == Engine.BORINGSSL) {
            throw new TlsRefused(TlsText.of(TlsFinding.NO_BORINGSSL, "reason", reason));
        }
        Logger.getLogger(TlsEngine.class)
                .infof(
                        "TLS uses the engine of the Java virtual machine, since the library of BoringSSL does not load"
                                + " here (%s). A handshake costs two to ten times as much, an idle connection about"
                                + " twice the memory, there is no X25519MLKEM768, and sessions end with a restart or a"
                                + " new certificate.",
                        reason);
        return jdk();
    }

    /** The engine of Java lets clients renegotiate unless this property was set before its first handshake. */
    private static TlsEngine jdk() {
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        return JDK;
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        String text = message == null ? cause.getClass().getSimpleName() : message;
        return text.lines().findFirst().orElse("");
    }
}
