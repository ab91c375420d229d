package dev.turnout.text;

/** What checks say of values: which are allowed, and what a value is not. Lines as in {@link Templates}. */
final class CheckValues {

    static final String TABLE = """
            '{}' is not an IP address or a CIDR block
              '{1}'은(는) IP 주소나 CIDR 블록이 아닙니다
            '{}' has bits set behind its prefix
              '{1}'은(는) 프리픽스 뒤에 0이 아닌 비트가 있습니다
            '{}' is not an IP address
              '{1}'은(는) IP 주소가 아닙니다
            '{}': the prefix is 0 to {}
              '{1}': 프리픽스는 0부터 {2}까지입니다
            '{}' has a quote that is not closed
              '{1}'에 닫히지 않은 따옴표가 있습니다
            '{}' is not visible ASCII
              '{1}'은(는) 보이는 ASCII 문자가 아닙니다
            '{}' has no colon
              '{1}'에 콜론이 없습니다
            '{}' is not the name of a field
              '{1}'은(는) 헤더 필드의 이름이 아닙니다
            '{}' is Turnout's own to write
              '{1}'은(는) Turnout이 직접 쓰는 헤더입니다
            '{}' is not a field with a value
              '{1}'은(는) 값이 있는 헤더 필드가 아닙니다
            '{}' is not a host name, *. and a host name, or an address, each without a port
              '{1}'은(는) 포트 없는 호스트 이름이나 *.과 호스트 이름, 주소가 아닙니다
            '{}' is no URL that begins with https://
              '{1}'은(는) https://로 시작하는 URL이 아닙니다
            '{}' is not a status code or a range of them
              '{1}'은(는) 상태 코드나 그 범위가 아닙니다
            '{}' is a range that ends before it begins
              '{1}'은(는) 끝이 시작보다 작은 범위입니다
            '{}' has no unit
              '{1}'에 단위가 없습니다
            '{}' is not a host name or address
              '{1}'은(는) 호스트 이름이나 주소가 아닙니다
            '{}' is not host:port
              '{1}'은(는) host:port 형식이 아닙니다
            '{}' is not host:port; an IPv6 address stands in brackets
              '{1}'은(는) host:port 형식이 아닙니다. IPv6 주소는 대괄호 안에 씁니다
            '{}' is not host:port; a host has at most {} characters
              '{1}'은(는) host:port 형식이 아닙니다. 호스트는 {2}자까지입니다
            '{}' is not host:port: '{}' is not a port
              '{1}'은(는) host:port 형식이 아닙니다. '{2}'은(는) 포트가 아닙니다

            {w} or {}
              {1} 또는 {2}
            true or false
              true 또는 false
            host:port
              host:port
            a whole number from {} to {}
              {1}부터 {2}까지의 정수
            a share from 0% to 100%, such as 5% or 0.5%
              0%부터 100%까지의 비율. 예: 5%, 0.5%
            status codes from 400 to 599 and ranges of them, with commas between them, such as 404,500-599
              400부터 599까지의 상태 코드와 그 범위. 쉼표로 구분합니다. 예: 404,500-599
            a size from 4K to 1G, such as 16M
              4K부터 1G까지의 크기. 예: 16M
            a number from 0 to 1, such as 0.01
              0부터 1까지의 수. 예: 0.01
            a path in the file system
              파일 시스템의 경로
            a time from 1ms to 7d, such as 500ms, 30s or 2m
              1ms부터 7d까지의 시간. 예: 500ms, 30s, 2m
            0, or a time from 1ms to 7d, such as 500ms, 30s or 2m
              0, 또는 1ms부터 7d까지의 시간. 예: 500ms, 30s, 2m
            0, or a time in whole seconds up to 730d, such as 5m or 365d
              0, 또는 730d까지의 초 단위 시간. 예: 5m, 365d
            a size from {} to {}, such as {}
              {1}부터 {2}까지의 크기. 예: {3}
            a size such as {}, or 0
              크기(예: {1}), 또는 0
            a size such as 10M
              크기. 예: 10M
            a size of 1K or more, such as 64M
              1K 이상의 크기. 예: 64M
            one or several of {}, with commas between them
              다음 중 하나 이상을 쉼표로 구분: {1}
            a line with fields in braces, such as {client} {status}; the fields are {}
              중괄호 안에 필드를 쓴 줄. 예: {client} {status}. 필드: {1}
            names of query parameters, with commas between them
              쿼리 매개변수의 이름. 쉼표로 구분
            off, cookie, or the name of the application's session cookie such as JSESSIONID
              off, cookie, 또는 JSESSIONID 같은 애플리케이션 세션 쿠키의 이름
            one host:port, https://host:port, unix:/path, dns:name:port or srv:name, or several with commas between them
              host:port, https://host:port, unix:/path, dns:이름:포트, srv:이름 가운데 하나, 또는 쉼표로 구분한 여러 개
            IP addresses or CIDR blocks such as 10.0.0.0/8, with commas between them
              IP 주소나 10.0.0.0/8 같은 CIDR 블록. 쉼표로 구분
            names of header fields, but for Host and Content-Length, with commas between them
              Host와 Content-Length를 뺀 헤더 필드의 이름. 쉼표로 구분
            status codes from 100 to 999 and ranges of them, with commas between them, such as 200-299,301
              100부터 999까지의 상태 코드와 그 범위. 쉼표로 구분. 예: 200-299,301
            a host name or an IP address
              호스트 이름 또는 IP 주소
            host names or IP addresses, without ports, with commas between them
              포트 없는 호스트 이름이나 IP 주소. 쉼표로 구분
            what may stand in a Host header: host or host:port
              Host 헤더에 쓸 수 있는 값: host 또는 host:port
            a path that begins with '/', without blanks and without '#'
              '/'로 시작하고 공백과 '#'이 없는 경로
            paths that begin with '/', without blanks and without '#', with commas between them
              '/'로 시작하고 공백과 '#'이 없는 경로. 쉼표로 구분
            host names such as shop.example.com, and *.example.com for all below it, with commas between them
              shop.example.com 같은 호스트 이름, 그 아래 전부는 *.example.com. 쉼표로 구분
            paths such as /assets, without '/' at their end, '//', dot segments, '?' and '#', with commas between them
              /assets 같은 경로. 끝의 '/', '//', 점 세그먼트, '?', '#'은 쓸 수 없음. 쉼표로 구분
            a path such as /api, without '/' at its end, '//', dot segments, '?' and '#'
              /api 같은 경로. 끝의 '/', '//', 점 세그먼트, '?', '#'은 쓸 수 없음
            paths such as /poll or /chat/*/*/xhr, without '/' at their end, '//', dot segments, '?' and '#', with commas between them
              /poll이나 /chat/*/*/xhr 같은 경로. 끝의 '/', '//', 점 세그먼트, '?', '#'은 쓸 수 없음. 쉼표로 구분
            visible ASCII characters, without blanks
              공백 없는 보이는 ASCII 문자
            visible ASCII characters, without blanks; base64 behind whsec_
              공백 없는 보이는 ASCII 문자. whsec_ 뒤에는 base64
            a URL that begins with https:// or http://, without a user and without '#'
              https:// 또는 http://로 시작하고 사용자와 '#'이 없는 URL
            en or ko
              en 또는 ko
            a program and its arguments
              프로그램과 그 인수
            letsencrypt, letsencrypt-staging, or a URL that begins with https://
              letsencrypt, letsencrypt-staging, 또는 https://로 시작하는 URL
            an e-mail address such as admin@example.com
              admin@example.com 같은 전자 우편 주소
            a URL such as http://127.0.0.1/
              http://127.0.0.1/ 같은 URL
            a URL that begins with http:// or https://
              http:// 또는 https://로 시작하는 URL
            URLs that begin with http:// or https://, with commas between them
              http:// 또는 https://로 시작하는 URL. 쉼표로 구분합니다
            1 to 64 of the characters a-z, A-Z, 0-9, '.', '_' and '-'
              a-z, A-Z, 0-9, '.', '_', '-' 가운데 1자부터 64자까지
            never, or a time from 1ms to 7d, such as 500ms, 30s or 2m
              never, 또는 1ms부터 7d까지의 시간. 예: 500ms, 30s, 2m
            methods such as GET, with commas between them
              GET 같은 메서드. 쉼표로 구분
            paths that begin with '/' or '*', with commas between them; '*' stands for any characters
              '/' 또는 '*'로 시작하는 경로. 쉼표로 구분. '*'는 모든 문자를 뜻함
            a field such as User-Agent: *bot*, where '*' stands for any characters
              User-Agent: *bot* 같은 헤더 필드. '*'는 모든 문자를 뜻함
            Name: value, several with line breaks between them; not Host, X-Forwarded-*, or what frames a message
              Name: value. 여러 개는 줄바꿈으로 구분. Host, X-Forwarded-*, 메시지의 경계를 정하는 헤더는 쓸 수 없음
            names of fields, with commas between them; not Host, X-Forwarded-*, or what frames a message
              헤더 필드의 이름. 쉼표로 구분. Host, X-Forwarded-*, 메시지의 경계를 정하는 헤더는 쓸 수 없음
            a path or an http:// or https:// URL with {host}, {path}, {rest} or {query} in it
              경로, 또는 http:// 나 https:// URL. {host}, {path}, {rest}, {query}를 쓸 수 있음
            301, 302, 303, 307 or 308
              301, 302, 303, 307, 308 중 하나
            a status from 200 to 599 with content: not 204, 205 or 3xx
              200부터 599까지의, 본문이 있는 상태 코드. 204, 205, 3xx는 쓸 수 없음
            a number of requests per second, minute or hour, such as 10/s, 100/m or 1000/h
              초, 분, 시간당 요청 수. 예: 10/s, 100/m, 1000/h
            a size from {} to {}, such as {}
              {1}에서 {2}까지의 크기. 예: {3}
            a text of up to {} characters
              {1}자까지의 글
            1 to 100 printable ASCII characters without quotes or backslashes
              따옴표와 역슬래시가 없는, 인쇄할 수 있는 ASCII 문자 1자에서 100자
            the name of a file such as index.html
              파일 이름. 예: index.html
            404, target, or the path of a file in the folder such as /index.html
              404, target, 또는 폴더 안의 파일 경로. 예: /index.html
            """;

    private CheckValues() {}
}
