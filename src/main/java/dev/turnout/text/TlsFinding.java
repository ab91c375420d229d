package dev.turnout.text;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be said of a certificate, a key or their files, in both languages. A word in braces is a fact.
 *
 * <p>What ends with a colon introduces what comes next. What ends without a full stop is a clause.
 */
public enum TlsFinding {
    PLACE("{place}:", "{place}:"),

    NOT_PEM("it is not well-formed PEM", "올바른 PEM 형식이 아닙니다"),
    TOO_MANY_BLOCKS("it holds more than {most} blocks", "PEM 블록이 {most}개보다 많습니다"),
    NO_CERTIFICATE("it holds no certificate", "인증서가 들어 있지 않습니다"),
    BROKEN_CERTIFICATE("it holds a certificate that is not well-formed", "형식이 잘못된 인증서가 들어 있습니다"),
    NO_KEY("it holds no private key", "개인 키가 들어 있지 않습니다"),
    UNKNOWN_KEY(
            "it holds a key of a kind that is not known; allowed are EC and RSA keys",
            "알 수 없는 종류의 키가 들어 있습니다. EC 키와 RSA 키만 쓸 수 있습니다"),
    ENCRYPTED_KEY(
            "it holds an encrypted key, and no password-file is configured",
            "키가 암호화되어 있는데 password-file이 설정되어 있지 않습니다"),
    WRONG_PASSWORD(
            "it holds a key that the password does not open, or that is encrypted in an unknown way",
            "비밀번호로 열 수 없거나 알 수 없는 방식으로 암호화된 키가 들어 있습니다"),
    KEY_DOES_NOT_FIT("the key does not fit the certificate in {cert}", "키가 {cert}의 인증서와 맞지 않습니다"),
    KEY_KIND(
            "the certificate has a key of the kind {kind}; allowed are EC and RSA",
            "인증서의 키 종류가 {kind}입니다. EC와 RSA만 쓸 수 있습니다"),
    CHAIN_NOT_IN_ORDER(
            "the chain is not in order: certificate {number} is not issued by certificate {next}, {issuer}",
            "인증서 체인의 순서가 맞지 않습니다. {number}번째 인증서는 {next}번째 인증서({issuer})가 발급한 것이 아닙니다"),
    BROKEN_NAMES("the certificate has alternative names that are not well-formed", "인증서의 대체 이름(SAN) 형식이 잘못되었습니다"),
    TOO_MANY_NAMES("the certificate has more than {most} names", "인증서의 이름이 {most}개보다 많습니다"),
    ENGINE_REFUSES_PAIR(
            "the TLS engine refuses the certificate or its key ({reason})", "TLS 엔진이 인증서나 키를 거부합니다({reason})"),

    NO_SUCH_FILE("there is no such file", "파일이 없습니다"),
    NO_SUCH_FOLDER("there is no folder {folder}", "{folder} 폴더가 없습니다"),
    DEAD_LINK("it is a link to a file that does not exist", "없는 파일을 가리키는 링크입니다"),
    MAY_NOT_READ("user {user} may not read it", "사용자 {user}에게 읽기 권한이 없습니다"),
    MAY_NOT_PASS("user {user} may not read it: {path} stops this user", "사용자 {user}에게 읽기 권한이 없습니다. {path}에서 막힙니다"),
    NOT_A_FILE("it is no file", "일반 파일이 아닙니다"),
    TOO_LARGE("it is larger than {kib} KiB", "{kib} KiB보다 큽니다"),
    TOO_MANY_ENTRIES("the folder has more than {most} entries", "폴더의 항목이 {most}개보다 많습니다"),
    CAN_NOT_BE_READ("{reason}", "{reason}"),
    FILE_MISSING("{file} is missing", "{file} 파일이 없습니다"),

    EXPIRED("the certificate expired on {end}", "인증서가 {end}에 만료되었습니다"),
    NOT_YET_VALID("the certificate is not valid before {begin}", "인증서의 유효 기간이 {begin}에 시작합니다"),
    NEW_EXPIRED("the new certificate expired on {end}", "새 인증서가 {end}에 만료되었습니다"),
    NEW_NOT_YET_VALID("the new certificate is not valid before {begin}", "새 인증서의 유효 기간이 {begin}에 시작합니다"),
    CLIENTS_REFUSE(
            "It is served, and clients refuse it. Replace it, or check the clock of this machine.",
            "이 인증서를 그대로 쓰지만 클라이언트가 거부합니다. 인증서를 바꾸거나 이 서버의 시계를 확인하십시오."),
    NONE_IS_SERVED(
            "No certificate is served from there. Repair the files; they are read again within 10 s.",
            "이 파일의 인증서는 쓰지 않습니다. 파일을 고치면 10초 안에 다시 읽습니다."),
    OLD_STAYS(
            "The certificate that ends on {end} stays in use. Repair the files; they are read again within 10 s.",
            "{end}에 만료되는 이전 인증서를 계속 씁니다. 파일을 고치면 10초 안에 다시 읽습니다."),
    REPAIR_OR_REMOVE("Repair the file, or remove the key.", "파일을 고치거나 설정에서 이 키를 지우십시오."),
    KEY_OPEN_TO_ALL(
            "Every user of this machine may read the key in {key}. The key is used. Run: chmod o= {real}",
            "이 서버의 모든 사용자가 {key}의 키를 읽을 수 있습니다. 이 키를 그대로 씁니다. 실행하십시오: chmod o= {real}"),
    ISSUER_MISSING(
            "the certificate of its issuer, {issuer}, is missing behind it, and many clients refuse it so. Put it into"
                    + " the same file, as in certbot's fullchain.pem.",
            "발급자 {issuer}의 인증서가 뒤에 없어 많은 클라이언트가 거부합니다. certbot의 fullchain.pem처럼 같은 파일에 넣으십시오."),

    FOLDER_UNREADABLE("the folder {folder} can't be read:", "{folder} 폴더를 읽을 수 없습니다:"),
    FOLDER_EMPTY("the folder {folder} has no certificate any more", "{folder} 폴더에 인증서가 더 이상 없습니다"),
    FOLDER_KEPT("What was read from there before stays in use. Repair the folder.", "전에 읽은 인증서를 계속 씁니다. 폴더를 고치십시오."),
    REPAIR_FOLDER("Repair the folder.", "폴더를 고치십시오."),
    CERTIFICATE_FOR("the certificate for {names}:", "{names} 인증서:"),
    NAMES_KEPT("What its names were answered with before stays in use.", "이 이름들에는 전에 쓰던 인증서를 계속 씁니다."),

    AUTHORITY_UNREACHABLE("{words}", "인증 기관에 연결하지 못했습니다. 인증서 발급을 다시 시도합니다: {words}"),
    AUTHORITY_LIMITS("{words}", "인증 기관이 정한 발급 한도에 걸렸습니다. 한도가 풀린 뒤에 다시 시도합니다. 인증 기관의 말: {words}"),
    AUTHORITY_SAW_NO_PROOF(
            "{words}", "인증 기관이 이 이름이 여기 것이라는 증명을 확인하지 못했습니다. DNS 레코드와 방화벽을 확인하십시오. 인증 기관의 말:" + " {words}"),
    AUTHORITY_REFUSES("{words}", "인증 기관이 인증서를 발급하지 않겠다고 합니다. 인증 기관의 말: {words}"),
    ORDER_NOT_READY("{words}", "Turnout이 인증서를 요청할 준비가 되지 않았습니다: {words}"),

    AUTHORITIES_KEPT("The authorities of before stay in use. Repair the file.", "이전의 인증 기관 목록을 계속 씁니다. 파일을 고치십시오."),
    CLIENTS_REFUSED(
            "Clients that have to send a certificate are refused. Repair the file.",
            "인증서를 보내야 하는 클라이언트를 거부합니다. 파일을 고치십시오."),
    PLAIN_DEMAND(
            "{demand}=require: service '{service}' serves {host} over plain HTTP too, where no client needs a"
                    + " certificate. Set {redirect}=true, or turnout.listen.plain=challenges.",
            "{demand}=require: 서비스 '{service}'이(가) {host}을(를) 인증서가 필요 없는 평문 HTTP로도 제공합니다."
                    + " {redirect}=true 또는 turnout.listen.plain=challenges를 설정하십시오."),
    PLAIN_DEMAND_OF_ALL(
            "{demand}=require: service '{service}' serves every host over plain HTTP too, where no client needs a"
                    + " certificate. Set {redirect}=true, or turnout.listen.plain=challenges.",
            "{demand}=require: 서비스 '{service}'이(가) 모든 호스트를 인증서가 필요 없는 평문 HTTP로도 제공합니다."
                    + " {redirect}=true 또는 turnout.listen.plain=challenges를 설정하십시오."),

    NOTHING_TO_SERVE("there is no certificate for HTTPS", "HTTPS에 쓸 인증서가 없습니다"),
    NOTHING_IN_FOLDER(
            "there is no certificate for HTTPS: turnout.tls.directory={folder} has none that can be served",
            "HTTPS에 쓸 인증서가 없습니다. turnout.tls.directory={folder}에 쓸 수 있는 인증서가 없습니다"),
    PUT_THERE(
            "Put X.pem, X.crt with X.key, or X/fullchain.pem with X/privkey.pem there.",
            "X.pem, 또는 X.crt와 X.key, 또는 X/fullchain.pem과 X/privkey.pem을 넣으십시오."),
    FIRST_PROBLEM("The first problem is:", "첫 번째 문제:"),
    ENGINE_REFUSES_SETTINGS("the TLS engine refuses the settings ({reason}).", "TLS 엔진이 설정을 거부합니다({reason})."),
    NO_BORINGSSL(
            "turnout.tls.engine=boringssl: the library of BoringSSL does not load here ({reason}). Nothing is served; set"
                    + " turnout.tls.engine=auto to use the engine of the Java virtual machine.",
            "turnout.tls.engine=boringssl: 여기서는 BoringSSL 라이브러리를 불러올 수 없습니다({reason}). 서비스를 시작하지"
                    + " 않습니다. Java 가상 머신의 엔진을 쓰려면 turnout.tls.engine=auto로 설정하십시오.");

    private static final Pattern FACT = Pattern.compile("\\{([a-z]+)}");

    /** The fact that is a sentence: why an order has failed. */
    private static final String WORDS = "words";

    private final Phrase phrase;

    TlsFinding(String english, String korean) {
        this.phrase = new Phrase(english, korean);
    }

    /** Returns the finding of a code; empty for the code of a newer Turnout. */
    static Optional<TlsFinding> of(String code) {
        return Arrays.stream(values())
                .filter(finding -> finding.code().equals(code))
                .findFirst();
    }

    /** Returns the name in JSON, such as {@code key-does-not-fit}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the text with its facts still in braces. */
    String template(Language language) {
        return phrase.in(language);
    }

    /** Returns the text with its facts. A fact that is missing is a question mark. */
    String in(Language language, Map<String, String> facts) {
        return FACT.matcher(template(language))
                .replaceAll(fact -> Matcher.quoteReplacement(said(fact.group(1), facts, language)));
    }

    private static String said(String name, Map<String, String> facts, Language language) {
        String fact = facts.getOrDefault(name, "?");
        return name.equals(WORDS) ? OrderWords.of(fact, language) : fact;
    }
}
