package dev.turnout.text;

/**
 * The page of an answer of Turnout's own, for people who know nothing of Turnout. It needs nothing from elsewhere, and no
 * script.
 */
public final class ErrorPage {

    /** What clients are told of a maintenance for which the operator has written no message. */
    public static final String MAINTENANCE = "This service is under maintenance and will be back soon.";

    private static final String UNDER_MAINTENANCE = "maintenance";

    private static final int FIRST_ERROR = 400;
    private static final int MOST_SECONDS = 120;
    private static final int MOST_MINUTES = 120;

    private static final String STYLE = ":root{color-scheme:light dark}"
            + "body{font:1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1.5rem}"
            + "h1{font-size:1.6rem;line-height:1.3}p{overflow-wrap:anywhere}"
            + "small{opacity:.75}";

    private final PageFacts facts;
    private final Language in;

    private ErrorPage(PageFacts facts, Language in) {
        this.facts = facts;
        this.in = in;
    }

    /** Returns the page. */
    public static String of(PageFacts facts, Language in) {
        return new ErrorPage(facts, in).page();
    }

    /** Returns a sentence for a person in a language. What an operator has written stays as it is. */
    public static String message(PageFacts facts, Language in) {
        return new ErrorPage(facts, in).message();
    }

    private String page() {
        String title = facts.status() + " " + facts.reason();
        return "<!doctype html>\n<html lang=\"" + in.of("en", "ko") + "\">\n<meta charset=\"utf-8\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"robots\" content=\"noindex\">\n<title>" + Html.escaped(title) + "</title>\n<style>"
                + STYLE + "</style>\n<main>\n<h1>" + Html.escaped(heading()) + "</h1>\n<p>" + Html.escaped(message())
                + retry() + "</p>\n<p><small>" + Html.escaped(title) + " · " + Html.escaped(facts.cause())
                + requestId() + "</small></p>\n</main>\n</html>\n";
    }

    private String heading() {
        if (isMaintenance()) {
            return in.of("Under maintenance", "점검 중입니다");
        }
        return switch (facts.status()) {
            case 403 -> in.of("Access is refused", "접근이 거부되었습니다");
            case 404 -> in.of("There is nothing at this address", "이 주소에는 서비스가 없습니다");
            case 408 -> in.of("The request took too long", "요청이 제시간에 도착하지 않았습니다");
            case 413 -> in.of("What was sent is too large", "보낸 내용이 너무 큽니다");
            case 429 -> in.of("Too many requests", "요청이 너무 많습니다");
            case 502, 504 -> in.of("The service does not answer", "서비스가 응답하지 않습니다");
            case 503 -> in.of("The service is not available now", "지금은 서비스를 이용할 수 없습니다");
            default ->
                facts.status() < FIRST_ERROR
                        ? facts.reason()
                        : in.of("The request could not be answered", "요청을 처리할 수 없습니다");
        };
    }

    private String message() {
        if (in == Language.ENGLISH || isMaintenance() && !facts.message().equals(MAINTENANCE)) {
            return facts.message();
        }
        if (isMaintenance()) {
            return "서비스를 점검하고 있습니다. 잠시 후 다시 이용해 주세요.";
        }
        return switch (facts.status()) {
            case 403, 404 -> "주소를 다시 확인해 주세요.";
            case 413 -> "더 작은 내용으로 다시 시도해 주세요.";
            case 408, 429, 502, 503, 504 -> "잠시 후 다시 시도해 주세요.";
            default -> facts.status() < FIRST_ERROR ? facts.message() : "주소를 확인하고 다시 시도해 주세요.";
        };
    }

    private boolean isMaintenance() {
        return facts.cause().equals(UNDER_MAINTENANCE);
    }

    /** A second is for programs. */
    private String retry() {
        int seconds = facts.retryAfterSeconds();
        if (seconds <= 1) {
            return "";
        }
        String time;
        if (seconds < MOST_SECONDS) {
            time = seconds + in.of(" seconds", "초");
        } else if (seconds < MOST_MINUTES * 60) {
            time = (seconds + 59) / 60 + in.of(" minutes", "분");
        } else {
            time = (seconds + 3599) / 3600 + in.of(" hours", "시간");
        }
        return in.of(" Please try again in " + time + ".", " " + time + " 뒤에 다시 시도해 주세요.");
    }

    private String requestId() {
        return facts.requestId().isEmpty() ? "" : " · " + in.of("request ", "요청 ") + Html.escaped(facts.requestId());
    }
}
