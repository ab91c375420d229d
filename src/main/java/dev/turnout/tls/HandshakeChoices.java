package dev.turnout.tls;

/** The choice of what a handshake is answered with, and what is asked of clients. Any thread. */
public interface HandshakeChoices {

    /** Returns the answer to a ClientHello that was read completely. */
    Choice choose(ClientHello hello);

    /**
     * Returns what is asked of clients of a host now. Makes no object.
     *
     * @param bytes have the name between {@code start} and {@code end}, without a port, in any case of letters
     */
    ClientAuthPolicy policyOf(byte[] bytes, int start, int end);

    /**
     * Returns true if there is a certificate for a host now, and the one that was presented is not for it. Makes no object.
     *
     * @param presented the names of the certificate that was presented
     * @param bytes have the name between {@code start} and {@code end}, without a port, in any case of letters
     */
    boolean haveAnother(CoveredNames presented, byte[] bytes, int start, int end);
}
