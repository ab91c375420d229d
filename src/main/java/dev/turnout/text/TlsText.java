package dev.turnout.text;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message about certificates or their files: findings with their facts, one after another. */
public record TlsText(List<Part> parts) {

    /** The member of JSON that has the code of a finding. The facts stand beside it. */
    private static final String CODE = "code";

    /** One finding. */
    public record Part(TlsFinding finding, Map<String, String> facts) {

        public Part {
            facts = Map.copyOf(facts);
        }
    }

    public TlsText {
        parts = List.copyOf(parts);
    }

    /** @param facts names and values by turns */
    public static TlsText of(TlsFinding finding, Object... facts) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < facts.length; i += 2) {
            named.put(String.valueOf(facts[i]), String.valueOf(facts[i + 1]));
        }
        return new TlsText(List.of(new Part(finding, named)));
    }

    /** Returns this text behind the file or the key that it is about. */
    public TlsText at(Object place) {
        return of(TlsFinding.PLACE, "place", place).then(this);
    }

    /** Returns this text and another one behind it. */
    public TlsText then(TlsText next) {
        List<Part> all = new ArrayList<>(parts);
        all.addAll(next.parts);
        return new TlsText(all);
    }

    /** Returns this text and another finding behind it. */
    public TlsText then(TlsFinding finding, Object... facts) {
        return then(of(finding, facts));
    }

    /** Returns the text in a language. */
    public String in(Language language) {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (!text.isEmpty()) {
                char end = text.charAt(text.length() - 1);
                text.append(end == ':' || end == '.' ? " " : ". ");
            }
            text.append(part.finding.in(language, part.facts));
        }
        return text.toString();
    }

    /** Returns the text in English, the language of logs. */
    public String english() {
        return in(Language.ENGLISH);
    }

    /** Returns the text in both languages. */
    public Phrase phrase() {
        return new Phrase(english(), in(Language.KOREAN));
    }

    /** Returns the codes with their facts. */
    public JsonArray json() {
        JsonArray array = new JsonArray();
        parts.forEach(part -> {
            JsonObject json = new JsonObject().put(CODE, part.finding.code());
            part.facts.forEach(json::put);
            array.add(json);
        });
        return array;
    }

    /**
     * Returns the text of codes with their facts, in a language.
     *
     * @param json an object that may have them in a member
     * @param english the text in English, for codes that are not known here
     */
    public static String of(Facts json, String member, String english, Language language) {
        return language == Language.ENGLISH
                ? english
                : read(json.objects(member)).map(known -> known.in(language)).orElse(english);
    }

    private static Optional<TlsText> read(List<Facts> parts) {
        List<Part> read = new ArrayList<>();
        for (Facts part : parts) {
            Optional<TlsFinding> finding = TlsFinding.of(part.word(CODE));
            if (finding.isEmpty()) {
                return Optional.empty();
            }
            Map<String, String> facts = new LinkedHashMap<>();
            part.json().forEach(fact -> facts.put(fact.getKey(), String.valueOf(fact.getValue())));
            read.add(new Part(finding.get(), facts));
        }
        return read.isEmpty() ? Optional.empty() : Optional.of(new TlsText(read));
    }
}
