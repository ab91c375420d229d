package dev.turnout.text;

/**
 * The Korean of what Turnout itself says of a failed order. The words of a certificate authority stay as they are. Lines as
 * in {@link Templates}. Pure.
 */
final class OrderWords {

    private static final Templates TEMPLATES = new Templates("""
            {}. The certificate authority was not asked. Correct turnout.acme.dns-hook.
              {1}. 인증 기관에 요청하지 않았습니다. turnout.acme.dns-hook을 고치십시오.
            '{}' ended with exit code {} and said nothing
              '{1}'이(가) 종료 코드 {2}(으)로 끝났습니다. 출력은 없습니다
            '{}' ended with exit code {} and said: {}
              '{1}'이(가) 종료 코드 {2}(으)로 끝났습니다. 출력: {3}
            '{}' was killed after {} ms and said nothing
              '{1}'을(를) {2}ms가 지나 강제로 끝냈습니다. 출력은 없습니다
            '{}' was killed after {} ms and said: {}
              '{1}'을(를) {2}ms가 지나 강제로 끝냈습니다. 출력: {3}
            '{}' could not be started: {}
              '{1}'을(를) 실행하지 못했습니다: {2}
            The certificates that the authority is trusted by can't be used: {}. Correct turnout.acme.ca-file.
              인증 기관을 신뢰하는 데 쓸 인증서를 사용할 수 없습니다: {1}. turnout.acme.ca-file을 고치십시오.
            The key of the external account can't be read: {}. Correct turnout.acme.eab.key-file.
              외부 계정의 키를 읽을 수 없습니다: {1}. turnout.acme.eab.key-file을 고치십시오.
            The answer to a challenge can't be written: {}
              챌린지에 대한 응답을 쓸 수 없습니다: {1}
            The answer to the challenge can't be made: {}
              챌린지에 대한 응답을 만들 수 없습니다: {1}
            Turnout could not see its own answer at {} ({}). The certificate authority was not asked. Let the DNS name point at this machine, and let port 80 through to turnout.listen.port. If this machine cannot reach its own public address, set turnout.acme.self-check=false.
              Turnout이 {1}에서 자신의 응답을 확인하지 못했습니다({2}). 인증 기관에 요청하지 않았습니다. DNS 이름이 이 서버를 가리키게 하고, 80번 포트를 turnout.listen.port로 연결하십시오. 이 서버에서 자신의 공인 주소에 접속할 수 없다면 turnout.acme.self-check=false로 설정하십시오.
            Turnout could not see its own answer in a handshake with {} ({}). The certificate authority was not asked. Let the DNS name point at this machine, and let port 443 through to turnout.tls.port. If this machine cannot reach its own public address, set turnout.acme.self-check=false.
              Turnout이 {1}과(와)의 핸드셰이크에서 자신의 응답을 확인하지 못했습니다({2}). 인증 기관에 요청하지 않았습니다. DNS 이름이 이 서버를 가리키게 하고, 443번 포트를 turnout.tls.port로 연결하십시오. 이 서버에서 자신의 공인 주소에 접속할 수 없다면 turnout.acme.self-check=false로 설정하십시오.
            another server answers, with status {}
              다른 서버가 상태 {1}(으)로 응답합니다
            another server answers
              다른 서버가 응답합니다
            no answer: {}
              응답 없음: {1}
            Another process has taken the right to order, since this one was too slow.
              이 프로세스가 너무 느려서 다른 프로세스가 발급을 맡았습니다.
            The right to order has expired, since it could not be renewed.
              발급 권한을 갱신하지 못해 권한이 만료되었습니다.
            The authority has not decided within {} minutes; the order is {}.
              인증 기관이 {1}분 안에 결정하지 않았습니다. 주문 상태: {2}.
            The authority has issued a certificate for another key or for other names.
              인증 기관이 다른 키나 다른 이름의 인증서를 발급했습니다.
            The answer of the authority can't be used: {}
              인증 기관의 응답을 사용할 수 없습니다: {1}
            The authority does not offer the challenge {} for {}. Choose another turnout.acme.challenge.
              인증 기관이 {2}에 챌린지 {1}을(를) 제공하지 않습니다. turnout.acme.challenge를 바꾸십시오.
            The authority answered: {}
              인증 기관의 응답: {1}
            The authority does not answer: {}
              인증 기관이 응답하지 않습니다: {1}
            """);

    private OrderWords() {}

    /** Returns what was said, in a language. The words of others stay as they are. */
    static String of(String words, Language language) {
        return language == Language.ENGLISH ? words : TEMPLATES.korean(words).orElse(words);
    }
}
