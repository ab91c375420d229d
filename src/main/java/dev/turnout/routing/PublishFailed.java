package dev.turnout.routing;

/** The failure to publish a state. The state before still routes. The message says what happened. */
public final class PublishFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PublishFailed(String message) {
        super(VisibleText.of(message, VisibleText.LONG));
    }

    public PublishFailed(String message, Throwable cause) {
        super(VisibleText.of(message, VisibleText.LONG), cause);
    }
}
