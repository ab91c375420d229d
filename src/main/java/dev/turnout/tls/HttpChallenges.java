package dev.turnout.tls;

/**
 * The answers to challenges of type HTTP-01 (RFC 8555, section 8.3) that the front gives before everything else. Any
 * thread.
 */
public interface HttpChallenges {

    /** What the path of every challenge begins with, without the slash before the token. */
    String PATH = "/.well-known/acme-challenge";

    /**
     * Answers requests for a token from now on, on every port of the front and for any Host.
     *
     * @param token the last segment of the path
     * @param keyAuthorization the content of the answer
     */
    void offer(String token, String keyAuthorization);

    /** Gives requests for a token back to the application. */
    void withdraw(String token);
}
