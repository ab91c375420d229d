package dev.turnout.notify;

import dev.turnout.config.HookForm;
import dev.turnout.text.Language;
import dev.turnout.text.NotificationText;
import dev.turnout.text.NotificationText.Tone;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A message in the form that a receiver takes. Text of others is never markup there, and mentions nobody.
 *
 * @param sender the name of this machine
 */
record HookMessage(Notification notification, NotificationText text, String sender) {

    /** Limits of Discord: 256 and 4,096 characters. Escapes at most double the text. */
    private static final int DISCORD_TITLE = 128;

    private static final int DISCORD_TEXT = 2_048;

    private static final int SLACK_TEXT = 3_000;

    /** Limits of KakaoWork: 20 characters in a header, 500 in a text. */
    private static final int KAKAOWORK_HEADER = 20;

    private static final int KAKAOWORK_TEXT = 500;

    static HookMessage of(Notification notification, Language in, String sender) {
        return new HookMessage(notification, notification.text(in), sender);
    }

    JsonObject in(HookForm form) {
        return switch (form) {
            case SLACK -> slack();
            case DISCORD -> discord();
            case KAKAOWORK -> kakaoWork();
            case JSON -> json();
        };
    }

    private String lines() {
        return String.join("\n", text.lines());
    }

    private String footer() {
        return "Turnout, " + sender;
    }

    /** Mattermost and Rocket.Chat know attachments too. Without a field in {@code mrkdwn_in} they are plain text. */
    private JsonObject slack() {
        String color =
                switch (text.tone()) {
                    case GOOD -> "#2e7d32";
                    case WARNING -> "#ef6c00";
                    case BAD -> "#c62828";
                };
        JsonObject attachment = new JsonObject()
                .put("color", color)
                .put("fallback", slackText(text.title()))
                .put("text", slackText(start(lines(), SLACK_TEXT)))
                .put("mrkdwn_in", new JsonArray())
                .put("footer", slackText(footer()))
                .put("ts", notification.at().getEpochSecond());
        return new JsonObject()
                .put("text", slackText(text.title()))
                .put("mrkdwn", false)
                .put("attachments", new JsonArray().add(attachment));
    }

    /** Returns a text in which nothing is a link or a mention. */
    private static String slackText(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private JsonObject discord() {
        int color =
                switch (text.tone()) {
                    case GOOD -> 0x2e7d32;
                    case WARNING -> 0xef6c00;
                    case BAD -> 0xc62828;
                };
        JsonObject embed = new JsonObject()
                .put("title", discordText(text.title(), DISCORD_TITLE))
                .put("description", discordText(lines(), DISCORD_TEXT))
                .put("color", color)
                .put("timestamp", notification.at().toString())
                .put("footer", new JsonObject().put("text", footer()));
        return new JsonObject()
                .put("allowed_mentions", new JsonObject().put("parse", new JsonArray()))
                .put("embeds", new JsonArray().add(embed));
    }

    /** Returns a text in which nothing is Markdown. */
    private static String discordText(String text, int most) {
        return start(text, most)
                .chars()
                .mapToObj(c -> ("\\*_~`|>#[]()<@:-".indexOf(c) >= 0 ? "\\" : "") + (char) c)
                .collect(Collectors.joining());
    }

    /** The text beside the blocks is what a notification of a phone shows. */
    private JsonObject kakaoWork() {
        JsonArray blocks = new JsonArray()
                .add(new JsonObject()
                        .put("type", "header")
                        .put("text", start(notification.service().orElse("Turnout"), KAKAOWORK_HEADER))
                        .put(
                                "style",
                                text.tone() == Tone.GOOD ? "blue" : text.tone() == Tone.WARNING ? "yellow" : "red"))
                .add(kakaoWorkText(text.title(), true));
        text.lines().forEach(line -> blocks.add(kakaoWorkText(line, false)));
        blocks.add(new JsonObject().put("type", "divider")).add(kakaoWorkText(footer(), false));
        return new JsonObject().put("text", start(text.title(), KAKAOWORK_TEXT)).put("blocks", blocks);
    }

    /** A part of the style {@code styled} is no Markdown. */
    private static JsonObject kakaoWorkText(String text, boolean isBold) {
        String start = start(text, KAKAOWORK_TEXT);
        JsonObject part =
                new JsonObject().put("type", "styled").put("text", start).put("bold", isBold);
        return new JsonObject().put("type", "text").put("text", start).put("inlines", new JsonArray(List.of(part)));
    }

    /** The text is visible already, but for the ends of its lines. */
    private static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
    }

    private JsonObject json() {
        return new JsonObject()
                .put("id", notification.id())
                .put("event", notification.event())
                .put("at", notification.at().toString())
                .put("sender", sender)
                .put("service", notification.service().orElse(null))
                .put("tone", text.tone().name().toLowerCase(Locale.ROOT))
                .put("title", text.title())
                .put("lines", new JsonArray(text.lines()))
                .put("detail", notification.detail());
    }
}
