package dev.turnout.client;

import dev.turnout.client.AdminOutcome.Insecure;
import dev.turnout.routing.VisibleText;
import dev.turnout.text.Phrase;
import dev.turnout.tls.TlsFault;
import javax.net.ssl.SSLException;

/** The words for a connection to the admin server that could not be secured. */
final class TlsFaultText {

    private TlsFaultText() {}

    /** Returns what happened, and what to do. */
    static Insecure of(TlsFault fault, SSLException failure) {
        return switch (fault) {
            case UNKNOWN_AUTHORITY ->
                new Insecure(
                        new Phrase(
                                "no authority that is believed has issued the server's certificate",
                                "서버 인증서의 발급자를 신뢰할 수 없습니다"),
                        new Phrase(
                                "Name the PEM file of its authority, or of the certificate itself, with --ca-file or"
                                        + " TURNOUT_CA_FILE",
                                "발급자 또는 인증서 자체의 PEM 파일을 --ca-file이나 TURNOUT_CA_FILE로 지정하십시오"));
            case OTHER_CERTIFICATE ->
                new Insecure(
                        new Phrase(
                                "the server shows another certificate than turnout.admin.tls.cert",
                                "서버의 인증서가 turnout.admin.tls.cert와 다릅니다"),
                        new Phrase(
                                "A replaced file is taken within 10 s. If Turnout does not run, another program answers"
                                        + " there",
                                "교체한 파일은 10초 안에 반영됩니다. Turnout이 실행 중이 아니라면 다른 프로그램이 응답하고 있습니다"));
            case WRONG_NAME ->
                new Insecure(
                        new Phrase("the server's certificate is for other names", "서버 인증서의 이름이 주소와 다릅니다"),
                        new Phrase(
                                "Use a name of the certificate in --url or TURNOUT_URL",
                                "--url이나 TURNOUT_URL에 인증서에 있는 이름을 사용하십시오"));
            case EXPIRED, NOT_YET_VALID ->
                new Insecure(
                        new Phrase(
                                "the server's certificate has expired, or is not valid yet",
                                "서버 인증서가 만료되었거나 아직 유효하지 않습니다"),
                        new Phrase("Renew it, or check the clocks", "인증서를 갱신하거나 시계를 확인하십시오"));
            case NOT_TLS ->
                new Insecure(
                        new Phrase("the server speaks no TLS there", "그 포트는 TLS를 사용하지 않습니다"),
                        new Phrase(
                                "Use http:// in the address. If turnout.admin.tls.cert is new, restart Turnout",
                                "주소에 http://를 쓰십시오. turnout.admin.tls.cert를 새로 설정했다면 Turnout을 다시 시작하십시오"));
            case CALLER_REFUSED ->
                new Insecure(
                        new Phrase(
                                "the server takes only callers with a certificate of turnout.admin.tls.client-ca, and"
                                        + " nothing was done",
                                "서버가 turnout.admin.tls.client-ca의 인증서를 요구하므로 아무것도 하지 않았습니다"),
                        new Phrase(
                                "Name yours with --cert-file and --key-file, or TURNOUT_CERT_FILE and TURNOUT_KEY_FILE",
                                "--cert-file과 --key-file, 또는 TURNOUT_CERT_FILE과 TURNOUT_KEY_FILE로 인증서를 지정하십시오"));
            case REFUSED, TOO_SLOW, CLOSED, OTHER ->
                other(VisibleText.of(String.valueOf(failure.getMessage()), VisibleText.SHORT));
        };
    }

    private static Insecure other(String reason) {
        return new Insecure(
                new Phrase("the TLS handshake failed (" + reason + ")", "TLS 핸드셰이크에 실패했습니다 (" + reason + ")"),
                new Phrase(
                        "Is --url the admin address? turnout status works on the machine itself",
                        "--url이 관리 주소인지 확인하십시오. turnout status는 서버 자체에서 실행할 수 있습니다"));
    }
}
