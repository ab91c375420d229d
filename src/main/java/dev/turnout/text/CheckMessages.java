package dev.turnout.text;

/** What checks say of a configuration. Lines as in {@link Templates}. */
final class CheckMessages {

    static final String TABLE = """
            {}={} ({}): {}.
              {1}={2} ({3}): {4}.
            {}: is missing; allowed is {}.
              {1}: 값이 없습니다. 쓸 수 있는 값: {2}.
            {}: {}.
              {1}: {2}.
            {}; {}
              {1}. {2}
            allowed is {}
              쓸 수 있는 값: {1}
            allowed are {}
              쓸 수 있는 값: {1}
            {}={}: {}.
              {1}={2}: {3}.
            {}={}: {}
              {1}={2}: {3}
            allowed with {}
              {1}을(를) 설정해야 합니다
            {} This holds until a restart; the files are sound for a restart.
              {1} 재시작하기 전까지만 문제가 됩니다. 재시작한다면 파일에는 문제가 없습니다.
            environment variable {}
              환경 변수 {1}
            system property
              시스템 속성
            {}, written by turnout services
              {1}, turnout services가 쓰는 파일
            unknown place
              알 수 없는 곳
            the default
              기본값
            (not shown)
              (표시하지 않음)
            The configuration can't be read: {}
              설정을 읽을 수 없습니다: {1}
            The configuration file {} can't be read by this user.
              이 사용자는 설정 파일 {1}을(를) 읽을 수 없습니다.
            The configuration file {} can't be read
              설정 파일 {1}을(를) 읽을 수 없습니다
            {}={} ({}): it refers to something that has no value.
              {1}={2} ({3}): 값이 없는 것을 가리킵니다.
            '{}' names a file. Only a configuration file may do that.
              '{1}'은(는) 파일을 가리킵니다. 파일은 설정 파일에서만 지정할 수 있습니다.
            No key of service '{}' has a value.
              서비스 '{1}'의 키에 값이 하나도 없습니다.

            {} ({}): a list stands in one line: {}=..., with commas between its parts.
              {1} ({2}): 목록은 한 줄에 쓰고 쉼표로 구분합니다: {3}=...
            {} ({}) is not a key of Turnout{}
              {1} ({2})은(는) Turnout의 키가 아닙니다{3}
            {} ({}) is not a key of Turnout; did you mean {}?
              {1} ({2})은(는) Turnout의 키가 아닙니다. 혹시 {3}입니까?
            {} ({}) can't be given for one service: {}; allowed is {}.
              {1} ({2})은(는) 서비스마다 따로 설정할 수 없습니다. {3}. 쓸 수 있는 키: {4}.
            The environment variable {} can't be given for one service: {}; allowed is {}.
              환경 변수 {1}은(는) 서비스마다 따로 설정할 수 없습니다. {2}. 쓸 수 있는 키: {3}.
            it holds for the program as a whole
              프로그램 전체에 적용되는 설정입니다
            it holds for a client's connection and for the head of a request, before its service is known
              어느 서비스의 요청인지 알기 전에, 클라이언트의 연결과 요청 헤드에 적용되는 설정입니다
            it bounds all services together
              모든 서비스를 합쳐서 제한하는 설정입니다
            The environment variable {} is not a key of Turnout; did you mean {}?
              환경 변수 {1}은(는) Turnout의 키가 아닙니다. 혹시 {2}입니까?
            The environment variable {} is not a key of a certificate. A certificate whose name is more than letters and digits has to be named in a file or a system property too.
              환경 변수 {1}은(는) 인증서의 키가 아닙니다. 이름에 글자와 숫자 말고 다른 문자가 있는 인증서는 파일이나 시스템 속성에서도 이름을 밝혀야 합니다.
            The environment variable {} is not a key of a receiver. A receiver whose name is more than letters and digits has to be named in a file or a system property too.
              환경 변수 {1}은(는) 알림 수신처의 키가 아닙니다. 이름에 글자와 숫자 말고 다른 문자가 있는 수신처는 파일이나 시스템 속성에서도 이름을 밝혀야 합니다.
            The environment variable {} is not a key of a rule. A rule whose name is more than letters and digits has to be named in a file or a system property too.
              환경 변수 {1}은(는) 규칙의 키가 아닙니다. 이름에 글자와 숫자 말고 다른 문자가 있는 규칙은 파일이나 시스템 속성에서도 이름을 밝혀야 합니다.
            The environment variable {} is not a key of a service. A service whose name is more than letters and digits has to be named in a file or a system property too.
              환경 변수 {1}은(는) 서비스의 키가 아닙니다. 이름에 글자와 숫자 말고 다른 문자가 있는 서비스는 파일이나 시스템 속성에서도 이름을 밝혀야 합니다.
            Environment variables that are not keys of Turnout, and have no effect: {}
              Turnout의 키가 아니어서 효과가 없는 환경 변수: {1}
            The environment variable {}
              환경 변수 {1}
            {}: '{}' is not the name of a certificate; allowed are a host name, or lower-case letters, digits, '.', '_' and '-' between them.
              {1}: '{2}'은(는) 인증서의 이름으로 쓸 수 없습니다. 호스트 이름을 쓰거나, 소문자와 숫자를 쓰고 그 사이에 '.', '_', '-'를 쓸 수 있습니다.
            {}: '{}' is not the name of a receiver; allowed are lower-case letters, digits, and '_' and '-' between them. The keys of receiver 'default' begin with turnout.notify.
              {1}: '{2}'은(는) 알림 수신처의 이름으로 쓸 수 없습니다. 소문자와 숫자를 쓰고 그 사이에 '_'와 '-'를 쓸 수 있습니다. 수신처 'default'의 키는 turnout.notify로 시작합니다.
            {}: '{}' is not the name of a rule; allowed are letters, digits, and '_' and '-' between them, such as 10-www.
              {1}: '{2}'은(는) 규칙의 이름으로 쓸 수 없습니다. 글자와 숫자를 쓰고 그 사이에 '_'와 '-'를 쓸 수 있습니다. 예: 10-www.
            {}: service 'default' is the one of turnout.blue and turnout.green; allowed is any other name.
              {1}: 서비스 'default'는 turnout.blue와 turnout.green의 서비스입니다. 다른 이름을 쓰십시오.
            {}: '{}' is not the name of a service; allowed are lower-case letters, digits and '-' between them, 63 at the most.
              {1}: '{2}'은(는) 서비스의 이름으로 쓸 수 없습니다. 소문자와 숫자를 쓰고 그 사이에 '-'를 쓸 수 있으며, 63자까지입니다.
            '{}' is not the name of a service; allowed are lower-case letters, digits and '-' between them, 63 at the most.
              '{1}'은(는) 서비스의 이름으로 쓸 수 없습니다. 소문자와 숫자를 쓰고 그 사이에 '-'를 쓸 수 있으며, 63자까지입니다.

            anybody who reaches this address could switch; allowed without a turnout.admin.token is loopback only, 127.0.0.1, ::1 or localhost
              이 주소에 닿는 누구나 전환할 수 있게 됩니다. turnout.admin.token이 없으면 루프백 주소(127.0.0.1, ::1, localhost)만 쓸 수 있습니다
            every client could switch; allowed without a turnout.admin.token is false
              모든 클라이언트가 전환할 수 있게 됩니다. turnout.admin.token이 없으면 false만 쓸 수 있습니다
            the front port is nginx's; allowed with turnout.mode=nginx is {}
              서비스 포트는 nginx의 것입니다. turnout.mode=nginx에서는 {1}만 쓸 수 있습니다
            The admin token crosses the network in clear: turnout.admin.host={} is no loopback address, and the admin port speaks plain HTTP. Set turnout.admin.tls.cert and turnout.admin.tls.key.
              관리 토큰이 암호화되지 않은 채 네트워크를 지나갑니다. turnout.admin.host={1}은(는) 루프백 주소가 아니고 관리 포트는 평문 HTTP입니다. turnout.admin.tls.cert와 turnout.admin.tls.key를 설정하십시오.
            {} has no effect: with turnout.mode=nginx nginx answers the clients. Set the page in nginx: 'error_page 502 /502.html;'
              {1}은(는) 효과가 없습니다. turnout.mode=nginx에서는 nginx가 클라이언트에 응답합니다. nginx에서 페이지를 설정하십시오: 'error_page 502 /502.html;'
            {} has no effect: no page is given. Set turnout.errors.5xx to the file of a page.
              {1}은(는) 효과가 없습니다. 페이지가 없습니다. turnout.errors.5xx에 페이지 파일을 설정하십시오.
            {} has no effect: with turnout.mode=nginx nginx carries the requests, and copies none.
              {1}은(는) 효과가 없습니다. turnout.mode=nginx에서는 nginx가 요청을 전달하므로 복사하지 않습니다.
            {} has no effect: with turnout.mode=nginx nginx answers the clients.
              {1}은(는) 효과가 없습니다. turnout.mode=nginx에서는 nginx가 클라이언트에 응답합니다.
            nginx decides which slot a request goes to; allowed with turnout.mode=nginx is false. The idle slot can be looked at at its own address
              요청이 어느 슬롯으로 갈지는 nginx가 정합니다. turnout.mode=nginx에서는 false만 쓸 수 있습니다. 대기 슬롯은 그 슬롯의 주소에서 볼 수 있습니다
            every connection would be closed, since no peer's header is believed; allowed without turnout.trusted-proxies is off or accept
              어느 상대의 헤더도 믿지 않으므로 모든 연결이 닫히게 됩니다. turnout.trusted-proxies가 없으면 off와 accept만 쓸 수 있습니다
            turnout.{}.port is the same; allowed is any other port
              turnout.{1}.port와 같습니다. 다른 포트를 쓰십시오
            there is no port for HTTPS, so nothing would be served; allowed without a certificate is on
              HTTPS 포트가 없어 아무것도 제공하지 않게 됩니다. 인증서가 없으면 on만 쓸 수 있습니다
            {} is the address that Turnout listens on itself; allowed is where the application listens
              {1}은(는) Turnout 자신의 서비스 주소입니다. 애플리케이션의 주소를 쓰십시오
            {} is Turnout's own admin address; allowed is where the application listens
              {1}은(는) Turnout의 관리 주소입니다. 애플리케이션의 주소를 쓰십시오
            the include file has room for service 'default' only; allowed with turnout.mode=nginx is one Turnout for each service
              포함 파일에는 서비스 'default'만 쓸 수 있습니다. turnout.mode=nginx에서는 서비스마다 Turnout을 하나씩 두십시오
            there is no certificate with it; allowed with {}
              함께 쓸 인증서가 없습니다. {1}을(를) 설정해야 합니다

            {} stands there twice; allowed is each target once
              {1}이(가) 두 번 있습니다. 대상은 한 번씩만 쓸 수 있습니다
            {} stands there twice; allowed is each host once
              {1}이(가) 두 번 있습니다. 호스트는 한 번씩만 쓸 수 있습니다
            {} is a target of {} too; allowed is a target in one slot only, since a switch would change nothing
              {1}은(는) {2}의 대상이기도 합니다. 전환해도 바뀌는 것이 없으므로 대상은 한 슬롯에만 둘 수 있습니다
            no switch could ever pass; allowed is more than turnout.health.rise - 1 times turnout.health.interval, {}ms
              어떤 전환도 통과할 수 없게 됩니다. (turnout.health.rise - 1) × turnout.health.interval인 {1}ms보다 커야 합니다
            no switch of service '{}' could ever pass; allowed is more than turnout.health.rise - 1 times turnout.health.interval, {}ms
              서비스 '{1}'의 어떤 전환도 통과할 수 없게 됩니다. (turnout.health.rise - 1) × turnout.health.interval인 {2}ms보다 커야 합니다
            service '{}' takes {} with the path {} too; allowed is one service for a host and a path
              서비스 '{1}'도 경로 {3}(으)로 {2}을(를) 받습니다. 호스트와 경로 하나에는 서비스 하나만 둘 수 있습니다
            every host
              모든 호스트
            {} is a target of the services '{}' and '{}': each is switched by itself, so do not stop it when only one of them has left it.
              {1}은(는) 서비스 '{2}'와(과) '{3}'의 대상입니다. 서비스는 따로 전환되므로 둘 중 하나만 떠났을 때는 이 대상을 멈추지 마십시오.
            {} is a target of {} services, such as '{}' and '{}': each is switched by itself, so do not stop it before all of them have left it.
              {1}은(는) 서비스 {2}개의 대상입니다(예: '{3}', '{4}'). 서비스는 따로 전환되므로 모두 떠나기 전에는 이 대상을 멈추지 마십시오.
            nginx chooses the targets; allowed with turnout.mode=nginx is off. nginx has ip_hash for it
              대상은 nginx가 고릅니다. turnout.mode=nginx에서는 off만 쓸 수 있습니다. nginx에는 ip_hash가 있습니다
            nginx speaks to the targets; allowed with turnout.mode=nginx is false. Have nginx speak TLS: 'proxy_pass https://...'
              대상과는 nginx가 통신합니다. turnout.mode=nginx에서는 false만 쓸 수 있습니다. nginx에서 TLS를 쓰십시오: 'proxy_pass https://...'
            nginx speaks to the targets; allowed with turnout.mode=nginx is off. nginx tells targets the client's address by 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for'
              대상과는 nginx가 통신합니다. turnout.mode=nginx에서는 off만 쓸 수 있습니다. nginx는 'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for'로 클라이언트의 주소를 전합니다
            requests of all clients share the HTTP/2 connections to the targets of service '{}', and a header names one client; allowed with {}=http1. Over HTTP/2 X-Forwarded-For names the client
              서비스 '{1}'의 대상으로 가는 HTTP/2 연결은 모든 클라이언트의 요청이 함께 쓰는데, 이 헤더는 클라이언트 하나만 나타냅니다. {2}=http1에서만 쓸 수 있습니다. HTTP/2에서는 X-Forwarded-For가 클라이언트를 나타냅니다
            probes by gRPC come over HTTP/2, which has no such header; allowed with {}=http
              gRPC 상태 확인은 HTTP/2로 하는데 HTTP/2에는 이 헤더가 없습니다. {1}=http에서만 쓸 수 있습니다
            targets are spoken to in clear; allowed with {}=true. HTTP/2 in clear is h2c
              대상과 평문으로 통신합니다. {1}=true에서만 쓸 수 있습니다. 평문 HTTP/2는 h2c입니다
            targets are spoken to over TLS; allowed with {}=false. HTTP/2 over TLS is h2
              대상과 TLS로 통신합니다. {1}=false에서만 쓸 수 있습니다. TLS 위의 HTTP/2는 h2입니다
            targets are spoken to in clear; allowed with {}=true, or with a target https://host:port
              대상과 평문으로 통신합니다. {1}=true이거나 대상이 https://host:port여야 합니다
            targets are spoken to in clear; allowed with {}=true
              대상과 평문으로 통신합니다. {1}=true에서만 쓸 수 있습니다
            {}=false: the certificates of the targets of service '{}' are not verified. Anybody on the way to them can read and change everything. Remove {}=false, and name their authority by {}.
              {1}=false: 서비스 '{2}'의 대상 인증서를 검증하지 않습니다. 중간에 있는 누구나 모든 것을 읽고 바꿀 수 있습니다. {3}=false를 지우고 {4}(으)로 인증 기관을 지정하십시오.

            there is no certificate for this port; allowed with turnout.tls.directory, a turnout.tls.certificates."NAME".cert or turnout.acme.directory
              이 포트에 쓸 인증서가 없습니다. turnout.tls.directory, turnout.tls.certificates."NAME".cert, turnout.acme.directory 중 하나가 있어야 합니다
            HTTPS is nginx's; allowed with turnout.mode=nginx is no certificate under turnout.tls
              HTTPS는 nginx가 맡습니다. turnout.mode=nginx에서는 turnout.tls에 인증서를 둘 수 없습니다
            {}=true has no effect: with turnout.mode=nginx nginx answers the clients. Set the redirect in nginx: 'return 308 https://$host$request_uri;'
              {1}=true는 효과가 없습니다. turnout.mode=nginx에서는 nginx가 클라이언트에 응답합니다. nginx에서 리디렉션을 설정하십시오: 'return 308 https://$host$request_uri;'
            {} has no effect: the line is sent over HTTPS only, and {}
              {1}은(는) 효과가 없습니다. 이 헤더는 HTTPS로만 보냅니다. {2}
            with turnout.mode=nginx nginx sends the answers. Set the line in nginx.
              turnout.mode=nginx에서는 nginx가 응답을 보냅니다. nginx에서 설정하십시오.
            no client comes over HTTPS. That takes a certificate, or a TLS proxy in turnout.trusted-proxies.
              HTTPS로 오는 클라이언트가 없습니다. 인증서가 있거나 turnout.trusted-proxies에 TLS 프록시가 있어야 합니다.
            {} is the same file; allowed is one name for a file
              {1}과(와) 같은 파일입니다. 파일 하나에는 이름 하나만 쓸 수 있습니다
            no authority of clients is known; allowed with {}
              클라이언트의 인증 기관을 알 수 없습니다. {1}을(를) 설정해야 합니다

            a certificate authority gives no certificate before you agree to its terms of service; allowed with turnout.acme is true
              인증 기관은 이용 약관에 동의하기 전에는 인증서를 발급하지 않습니다. turnout.acme를 쓰려면 true여야 합니다
            No certificate is ordered although {} has a value: that takes turnout.acme.directory, or turnout.acme.email and turnout.acme.terms-agreed=true.
              {1}에 값이 있지만 인증서를 발급받지 않습니다. turnout.acme.directory가 있거나, turnout.acme.email과 turnout.acme.terms-agreed=true가 있어야 합니다.
            {} is no public name, and no authority gives a certificate for it; allowed is a name with a dot, such as shop.example.com
              {1}은(는) 공개된 이름이 아니어서 어느 인증 기관도 인증서를 발급하지 않습니다. shop.example.com처럼 점이 있는 이름을 쓰십시오
            No certificate is ordered for the host {}: it is no public name.
              호스트 {1}의 인증서는 발급받지 않습니다. 공개된 이름이 아닙니다.
            there is no name to order a certificate for; allowed is turnout.acme.names, or a name in turnout.services."NAME".hosts
              인증서를 발급받을 이름이 없습니다. turnout.acme.names를 쓰거나 turnout.services."NAME".hosts에 이름을 쓰십시오
            nobody changes the TXT records; allowed with turnout.acme.dns-hook, a program that does
              TXT 레코드를 바꿀 프로그램이 없습니다. turnout.acme.dns-hook에 그 프로그램을 설정해야 합니다
            no challenge uses it; allowed with turnout.acme.challenge=dns-01
              이것을 쓰는 챌린지가 없습니다. turnout.acme.challenge=dns-01에서만 쓸 수 있습니다
            {} is a wildcard, and only the challenge dns-01 proves all names below a domain; allowed with turnout.acme.challenge=dns-01 and turnout.acme.dns-hook
              {1}은(는) 와일드카드이고, 도메인 아래의 모든 이름은 dns-01 챌린지로만 증명할 수 있습니다. turnout.acme.challenge=dns-01과 turnout.acme.dns-hook이 있어야 합니다
            an external account has both; allowed with turnout.acme.eab.kid and turnout.acme.eab.key-file
              외부 계정에는 둘 다 필요합니다. turnout.acme.eab.kid와 turnout.acme.eab.key-file을 함께 설정하십시오
            turnout.acme.directory is the same; allowed is another authority
              turnout.acme.directory와 같습니다. 다른 인증 기관을 쓰십시오

            there are {} receivers; allowed are {}
              알림 수신처가 {1}개입니다. {2}개까지 쓸 수 있습니다
            Nobody is told of anything although {} has a value: that takes turnout.notify.url.
              {1}에 값이 있지만 아무에게도 알리지 않습니다. turnout.notify.url이 있어야 합니다.
            receiver '{}' has no address; allowed with this key or {}
              알림 수신처 '{1}'의 주소가 없습니다. 이 키나 {2}을(를) 설정해야 합니다
            {} has a value too; allowed is one of them
              {1}에도 값이 있습니다. 둘 중 하나만 쓸 수 있습니다
            The URL of {} {}.
              {1}의 URL에 문제가 있습니다: {2}.
            The URL in the file of {} {}.
              {1} 파일의 URL에 문제가 있습니다: {2}.
            crosses the network in clear, and whoever reads it can write there: use https://
              암호화되지 않은 채 네트워크를 지나가며, 읽은 사람은 누구나 그곳에 쓸 수 있습니다. https://를 쓰십시오
            is no incoming webhook of {}: copy the address again
              {1}의 수신 웹훅이 아닙니다. 주소를 다시 복사하십시오
            {} has no effect: messages for {} are not signed, only the form json is.
              {1}은(는) 효과가 없습니다. {2}의 메시지에는 서명하지 않으며, json 형식에만 서명합니다.
            its first line is no URL that begins with https:// or http://
              첫 줄이 https:// 또는 http://로 시작하는 URL이 아닙니다
            what stands behind whsec_ is not base64
              whsec_ 뒤의 값이 base64가 아닙니다
            its first line is empty
              첫 줄이 비어 있습니다
            {} has no effect: with turnout.mode=nginx requests do not pass Turnout. Trace in nginx: 'otel_trace on;' of its module ngx_otel_module
              {1}은(는) 효과가 없습니다. turnout.mode=nginx에서는 요청이 Turnout을 거치지 않습니다. nginx에서 추적하십시오: ngx_otel_module 모듈의 'otel_trace on;'
            Requests are not traced although {} has a value: that takes {}.
              {1}에 값이 있지만 요청을 추적하지 않습니다. {2}이(가) 있어야 합니다.
            spans would go over plain HTTP; allowed with a {} that begins with https://
              스팬이 평문 HTTP로 전송됩니다. {1}이(가) https://로 시작해야 합니다

            it is rule {}; allowed are {}
              {1}번째 규칙입니다. 규칙은 {2}개까지 쓸 수 있습니다
            the services have {} rules with a rate, and each needs {}K; allowed is {}K at least
              서비스에 rate가 있는 규칙이 {1}개이고 규칙마다 {2}K가 필요합니다. {3}K 이상이어야 합니다
            nginx answers the clients; allowed with turnout.mode=nginx are no rules
              nginx가 클라이언트에 응답합니다. turnout.mode=nginx에서는 규칙을 쓸 수 없습니다
            the rule '{}' does nothing; allowed are rules with {}
              규칙 '{1}'은(는) 하는 일이 없습니다. 다음 중 하나가 있어야 합니다: {2}
            the rule redirects already; allowed is one of both
              이 규칙은 이미 리디렉션합니다. 둘 중 하나만 쓸 수 있습니다
            the services have {} rules with a rate, and each needs {}K; allowed is {}K at least
              서비스에 rate가 있는 규칙이 {1}개이고, 하나에 {2}K가 필요합니다. {3}K 이상이어야 합니다
            it has no meaning alone; allowed with {}
              혼자서는 의미가 없습니다. {1}과(와) 함께 쓰십시오
            what it replaces has to be known; allowed with one {} without '*'
              무엇을 바꿀지 정해져야 합니다. '*'가 없는 {1} 하나와 함께 쓰십시오

            the services have {} rules with a rate, and each needs {}; allowed is {} at least
              서비스에 rate가 있는 규칙이 {1}개 있고 규칙마다 {2}가 필요합니다. {3} 이상이어야 합니다
            This Turnout is in no fleet although {} has a value: that takes {}.
              {1}에 값이 있지만 이 Turnout은 플릿에 들어가지 않습니다. {2}이(가) 필요합니다.
            a reload of nginx can't be held back until all members agree; allowed with turnout.mode=nginx is no fleet
              모든 멤버가 동의할 때까지 nginx의 리로드를 미룰 수 없습니다. turnout.mode=nginx에서는 플릿을 쓸 수 없습니다
            targets are decided by the fleet, and the address of a container is one of its own machine; allowed in a fleet is no {}
              대상은 플릿이 결정하는데 컨테이너의 주소는 그 서버 안의 주소입니다. 플릿에서는 {1}을(를) 쓸 수 없습니다
            a user has a password; allowed with both of {} and {}
              사용자에게는 비밀번호가 있어야 합니다. {1}과(와) {2}을(를) 함께 설정하십시오
            a vote is taken back first; allowed is a time that is longer than that of {}
              투표를 거두는 것이 먼저입니다. {1}의 시간보다 길어야 합니다
            etcd grants no lease that is shorter; allowed is 2s or more
              etcd는 더 짧은 리스를 주지 않습니다. 2초 이상이어야 합니다
            etcd is spoken to over plain HTTP; allowed with a {} that begins with https://
              etcd와 암호화되지 않은 HTTP로 통신합니다. https://로 시작하는 {1}와(과) 함께 쓸 수 있습니다
            {} has an address of another machine over plain HTTP: whoever is between can switch. Give etcd certificates, and write https://.
              {1}에 다른 서버의 주소가 암호화되지 않은 HTTP로 있습니다. 중간에 있는 누구나 전환할 수 있습니다. etcd에 인증서를 설정하고 https://로 쓰십시오.

            it is no regular file
              일반 파일이 아닙니다
            every user of the machine may write it; run: chmod o-w {}
              이 컴퓨터의 모든 사용자가 쓸 수 있습니다. 실행하십시오: chmod o-w {1}
            every user of the machine may read the hashes; run: chmod o-r {}
              이 컴퓨터의 모든 사용자가 해시를 읽을 수 있습니다. 실행하십시오: chmod o-r {1}
            user {} may not read it
              {1} 사용자가 읽을 수 없습니다
            it has more than 1 MiB
              1 MiB보다 큽니다
            it names no user
              사용자가 없습니다
            line {w}: {}
              {1}번째 줄: {2}
            it does not look like user:$2y$10$...
              user:$2y$10$... 형식이 아닙니다
            the password is not hashed with bcrypt; make the line with 'turnout password USER' or 'htpasswd -nB USER'
              비밀번호가 bcrypt로 해시되어 있지 않습니다. 'turnout password USER'나 'htpasswd -nB USER'로 줄을 만드십시오
            the cost of the hash is {}; allowed are {} to {}, since each step doubles the time of a check
              해시의 비용이 {1}입니다. {2}에서 {3}까지 쓸 수 있습니다. 1이 늘 때마다 검사 시간이 두 배가 됩니다
            an earlier line has the same user
              앞의 줄에 같은 사용자가 있습니다
            the rule answers with files already; allowed is one of both
              이 규칙은 이미 파일로 응답합니다. 둘 중 하나만 쓸 수 있습니다
            there is no such folder
              그런 폴더가 없습니다
            user {} may not read the folder
              {1} 사용자가 폴더를 읽을 수 없습니다
            it is no folder
              폴더가 아닙니다
            {} names a file that is not there
              {1}에 있는 파일이 없습니다
            it has more than 64 KiB
              64 KiB보다 큽니다
            it has more than 16 KiB
              16 KiB보다 큽니다
            it has more than {} header lines
              헤더가 {1}줄보다 많습니다
            line {} is no header line for a collector
              {1}번째 줄은 수집기에 보낼 수 있는 헤더가 아닙니다
            there is no such file
              파일이 없습니다
            it is not UTF-8
              UTF-8이 아닙니다
            it can't be read ({})
              읽을 수 없습니다({1})
            The limits need {} descriptors, and this process may have {}: turnout.limits.connections={}, turnout.limits.requests={}, turnout.admin.connections={}, and {} for Turnout itself. It serves, and new clients wait when there are none left. Lower these keys, or allow it more: LimitNOFILE={} in its systemd unit, or ulimit -n before its start.
              설정한 한도에는 파일 디스크립터 {1}개가 필요한데 이 프로세스는 {2}개까지 쓸 수 있습니다. turnout.limits.connections={3}, turnout.limits.requests={4}, turnout.admin.connections={5}, Turnout 자신이 {6}개입니다. 서비스는 하지만, 다 쓰면 새 클라이언트가 기다립니다. 이 키를 줄이거나 더 허용하십시오. systemd 유닛의 LimitNOFILE={7} 또는 시작 전의 ulimit -n입니다.
            {} needs {} bytes of direct memory, and above {}, half of what there may be, memory is short. Turnout serves, and gets slower before the limit is reached. Lower the key, or allow more by the option -XX:MaxDirectMemorySize={}m, before the first word of the command of an executable, or in JAVA_OPTS.
              {1}에는 다이렉트 메모리 {2}바이트가 필요한데, 최대치의 절반인 {3}바이트를 넘으면 메모리가 부족해집니다. 서비스는 하지만 한도에 이르기 전에 느려집니다. 키를 줄이거나 옵션 -XX:MaxDirectMemorySize={4}m으로 더 허용하십시오. 실행 파일에서는 명령의 첫 단어 앞에, 그 밖에는 JAVA_OPTS에 씁니다.
            {} services need a heap of {} MiB, and this process may have {} MiB. Turnout serves, and is slow. Allow more by the option -Xmx{}m, before the first word of the command of an executable, or in JAVA_OPTS.
              서비스 {1}개에는 힙 {2} MiB가 필요한데 이 프로세스는 {3} MiB까지 쓸 수 있습니다. 서비스는 하지만 느립니다. 옵션 -Xmx{4}m으로 더 허용하십시오. 실행 파일에서는 명령의 첫 단어 앞에, 그 밖에는 JAVA_OPTS에 씁니다.
            """;

    private CheckMessages() {}
}
