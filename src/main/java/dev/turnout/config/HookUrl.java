package dev.turnout.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of an incoming webhook. It is a secret: who knows it can write there. No text of this class shows it.
 */
public final class HookUrl {

    private final URI uri;

    private HookUrl(URI uri) {
        this.uri = uri;
    }

    /**
     * Reads an address.
     *
     * @throws IllegalArgumentException if it is no URL of HTTP; the message does not show it
     */
    public static HookUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no URL");
        }
        boolean isHttp = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
        boolean isWhole = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        if (!isHttp || !isWhole || uri.getPort() > 65_535) {
            throw new IllegalArgumentException("no URL of HTTP");
        }
        return new HookUrl(uri);
    }

    /** Returns the address for a request. It belongs in no message. */
    public URI uri() {
        return uri;
    }

    /** Returns the form of messages that this address takes. */
    public HookForm form() {
        return switch (provider()) {
            case "slack.com" -> HookForm.SLACK;
            case "discord.com", "discordapp.com" -> HookForm.DISCORD;
            case "kakaowork.com" -> HookForm.KAKAOWORK;
            default -> HookForm.JSON;
        };
    }

    private String provider() {
        String[] labels = uri.getHost().toLowerCase(Locale.ROOT).split("\\.");
        return labels.length < 2 ? "" : labels[labels.length - 2] + "." + labels[labels.length - 1];
    }

    /** Returns what makes the address doubtful, in words that end the sentence "It ..."; empty if nothing does. */
    public Optional<String> doubt() {
        if ("http".equals(uri.getScheme()) && !Hosts.isLoopback(host())) {
            return Optional.of("crosses the network in clear, and whoever reads it can write there: use https://");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return path.matches(form().path())
                ? Optional.empty()
                : Optional.of("is no incoming webhook of " + form() + ": copy the address again");
    }

    private String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Compares the whole address, so that a reload sees a new one. */
    @Override
    public boolean equals(Object other) {
        return other instanceof HookUrl url && uri.equals(url.uri);
    }

    @Override
    public int hashCode() {
        return uri.hashCode();
    }

    @Override
    public String toString() {
        return "(not shown)";
    }
}
