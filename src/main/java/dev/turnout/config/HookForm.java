package dev.turnout.config;

/** The form of the messages that a webhook takes. */
public enum HookForm {
    SLACK("Slack", "/services/.+"),
    DISCORD("Discord", "/api/(v[0-9]+/)?webhooks/[0-9]+/.+"),
    KAKAOWORK("KakaoWork", "/bots/hook/.+"),
    JSON("JSON", ".*");

    private final String title;
    private final String path;

    /** @param path the regular expression of the path of each address of the provider */
    HookForm(String title, String path) {
        this.title = title;
        this.path = path;
    }

    String path() {
        return path;
    }

    @Override
    public String toString() {
        return title;
    }
}
