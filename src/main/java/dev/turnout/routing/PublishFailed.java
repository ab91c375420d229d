package dev.turnout.routing;

/** A state could not be made the one that routes; the one before it still does. The message says what happened. */
public final class PublishFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PublishFailed(String message) {
        super(VisibleText.of(message, VisibleText.LONG));
    }

    public PublishFailed(String message, Throwable cause) {
        super(VisibleText.of(message, VisibleText.LONG), cause);
    }
}
