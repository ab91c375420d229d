package dev.turnout.text;

/** What a receipt warns of, and why nothing was done. Lines as in {@link Templates}. */
final class ReceiptWarnings {

    static final String TABLE = """
            Nothing was done: it was so already.
              이미 그 상태여서 아무것도 하지 않았습니다.
            It was so already; what somebody else had changed was overwritten, so that the traffic follows.
              이미 그 상태였습니다. 다른 누군가가 바꾼 것을 덮어써서 트래픽이 기록을 따르게 했습니다.
            Slot {} served already: nothing was done.
              슬롯 {1}이(가) 이미 서비스하고 있어 아무것도 하지 않았습니다.
            Slot {} is not drained: the canary sends {} % of the clients to it.
              슬롯 {1}은(는) 드레인되지 않았습니다. 카나리가 클라이언트의 {2} %를 이 슬롯으로 보냅니다.
            Slot {} was the active one already; what somebody else had changed was overwritten, so that it serves.
              슬롯 {1}은(는) 이미 활성 슬롯이었습니다. 다른 누군가가 바꾼 것을 덮어써서 이 슬롯이 서비스하게 했습니다.
            Nothing was done: the service was paused already.
              서비스가 이미 일시 중지되어 있어 아무것도 하지 않았습니다.
            Nothing was done: the service was not paused already.
              서비스가 일시 중지되어 있지 않아 아무것도 하지 않았습니다.
            Nothing was done: maintenance was on already, on the same terms.
              같은 조건의 점검이 이미 진행 중이어서 아무것도 하지 않았습니다.
            Nothing was done: maintenance was not on.
              점검 중이 아니어서 아무것도 하지 않았습니다.
            Forced: {} was not proved healthy before it got {}.
              강제 실행: {1}이(가) 트래픽을 받기 전에 정상인지 확인하지 않았습니다.
            slot {w}
              슬롯 {1}
            No target of the active slot {} is in rotation: its clients get errors.
              활성 슬롯 {1}의 모든 대상이 트래픽에서 제외되어 클라이언트가 오류를 받습니다.
            The pause has ended the canary of {} % at slot {}: resuming does not bring it back.
              일시 중지로 슬롯 {2}의 카나리({1} %)가 끝났습니다. 재개해도 돌아오지 않습니다.
            Not drained: the service was resumed meanwhile.
              그사이 서비스가 재개되어 드레인하지 못했습니다.
            Not drained: {}. The service stays paused and nothing was cut.
              드레인하지 못했습니다: {1}. 서비스는 계속 일시 중지 상태이고 끊은 요청은 없습니다.
            {} ({} of them WebSockets, which a pause leaves open)
              {1}(그중 {2}개는 WebSocket이며 일시 중지는 이를 닫지 않습니다)
            It is not known whether {} is drained: {}. Requests may still be there; give them time before its process stops.
              {1}이(가) 드레인되었는지 알 수 없습니다: {2}. 요청이 남아 있을 수 있으니 프로세스를 멈추기 전에 시간을 두십시오.
            Not known yet to be in force at member {} of the fleet. It follows as soon as it reaches etcd.
              플릿의 멤버 {1}에 적용되었는지 아직 알 수 없습니다. etcd에 닿는 대로 따릅니다.
            Member {} of the fleet was in doubt, and has sent requests to the slot from before after others had switched.
              플릿의 멤버 {1}이(가) 결정을 알지 못해, 다른 멤버가 전환한 뒤에도 이전 슬롯으로 요청을 보냈습니다.
            Member {} of the fleet was left out: it is not known what it serves, and whether it has drained.
              플릿의 멤버 {1}을(를) 제외했습니다. 무엇을 서비스하는지, 드레인했는지 알 수 없습니다.
            they did not end within {} s
              {1}초 안에 끝나지 않았습니다
            they are still in flight
              아직 처리 중입니다
            Turnout was stopped
              Turnout이 중지되었습니다
            Turnout is being stopped
              Turnout이 중지되는 중입니다
            Warm-up: its deadline was over after {} requests, with answers that may still get faster.
              웜업: 요청 {1}개를 보낸 뒤 기한이 지났습니다. 응답이 더 빨라질 수 있습니다.
            Warm-up: its deadline was over after {} requests.
              웜업: 요청 {1}개를 보낸 뒤 기한이 지났습니다.
            Warm-up: {}.
              웜업: {1}.
            GET {} failed at {}: {}
              {2}에서 GET {1} 요청이 실패했습니다: {3}
            GET {} was not answered at {} before the deadline, {} times
              {2}에서 GET {1} 요청이 기한 안에 {3}번 응답받지 못했습니다
            Slot blue {} and slot green {} have the same build: version {} and version {}. A switch or a rollback between them changes nothing.
              슬롯 blue {1}와 슬롯 green {2}의 빌드가 같습니다(버전 {3}). 서로 전환하거나 되돌려도 바뀌는 것이 없습니다.
            The watch goes on: GET /admin/history will tell what it comes to.
              감시가 계속됩니다. 결과는 GET /admin/history에서 볼 수 있습니다.
            Slot {} is worse than slot {}, but it stays active, because the way back is barred: {}
              슬롯 {1}이(가) 슬롯 {2}보다 나쁘지만 되돌릴 수 없어 활성 상태로 남습니다: {3}
            Dry run: nothing has changed, slot {} serves. The switch would make slot {} serve, which has just passed the gate.
              시험 실행: 바뀐 것은 없고 슬롯 {1}이(가) 서비스합니다. 전환하면 방금 게이트를 통과한 슬롯 {2}이(가) 서비스합니다.
            Dry run: nothing has changed, slot {} serves. The switch would make slot {} serve, without asking the gate, as it is forced.
              시험 실행: 바뀐 것은 없고 슬롯 {1}이(가) 서비스합니다. 강제 전환이므로 게이트를 거치지 않고 슬롯 {2}이(가) 서비스하게 됩니다.
            Dry run: nothing has changed.
              시험 실행: 바뀐 것은 없습니다.
            Requests would go to {}, which passed the gate just now.
              방금 게이트를 통과한 {1}(으)로도 요청이 가게 됩니다.
            Requests would go to {}, without asking the gate, as it is forced.
              강제 변경이므로 게이트를 거치지 않고 {1}(으)로도 요청이 가게 됩니다.
            No new requests would go to {}, drained then.
              {1}은(는) 새 요청을 받지 않고 드레인됩니다.
            Containers that ask for slot {} are no targets yet, and get no requests: {}.
              슬롯 {1}을(를) 요청한 컨테이너가 아직 대상이 아니어서 요청을 받지 않습니다: {2}.
            {} and {} are the same process, {}: a switch between them changes nothing.
              {1}와 {2}는 같은 프로세스({3})입니다. 서로 전환해도 바뀌는 것이 없습니다.
            Not known yet to be in force at member {} of the fleet. It follows as soon as it reaches etcd.
              플릿 멤버 {1}에 적용되었는지 아직 알 수 없습니다. etcd에 연결되면 곧 따라옵니다.
            {} lines of the access log {} have been dropped since the start: its disk is full, or too slow.
              액세스 로그 {2}의 줄 {1}개를 시작한 뒤로 버렸습니다. 디스크가 가득 찼거나 너무 느립니다.
            {} requests since the start were redirected to https although a proxy says that the client came by https: a browser goes in a loop. That proxy is not in turnout.trusted-proxies.
              클라이언트가 이미 https로 왔다고 앞의 프록시가 알렸는데도 요청 {1}개를 https로 리디렉션했습니다. 브라우저가 무한히 반복합니다. 그 프록시가 turnout.trusted-proxies에 없습니다.
            No file descriptor is left (limit {}): new clients wait, and requests that need a new connection to a target get 503 no-descriptors.
              파일 디스크립터가 남아 있지 않습니다(한도 {1}). 새 클라이언트는 대기하고, 대상에 새로 연결해야 하는 요청에는 503 no-descriptors로 응답합니다.
            The limit of {} open files carries {} clients and as many requests at a time, not {}. Further clients wait to be accepted. Raise LimitNOFILE or ulimit -n, or lower the key.
              열 수 있는 파일 {1}개로는 동시에 클라이언트 {2}개와 같은 수의 요청만 처리합니다({3}). 나머지 클라이언트는 대기합니다. LimitNOFILE이나 ulimit -n을 늘리거나 이 키의 값을 줄이십시오.
            nginx shares the canary out by request, not by client: one client may see both versions.
              nginx는 카나리를 클라이언트가 아니라 요청 단위로 나눕니다. 한 클라이언트가 두 버전을 모두 볼 수 있습니다.
            every target of slot {} is out of rotation: nginx answers 502.
              슬롯 {1}의 모든 대상이 트래픽에서 제외되어 nginx가 502로 응답합니다.
            nginx does not seem to run; when it is started, it sends the traffic to {}. ({})
              nginx가 실행 중이 아닌 것 같습니다. 시작하면 트래픽을 {1}(으)로 보냅니다. ({2})
            {}: whether an old worker still takes a connection now and then, and when the old requests have ended, is not known; set turnout.nginx.pid.
              {1}. 이전 워커가 아직 연결을 받는지, 이전 요청이 언제 끝나는지 알 수 없습니다. turnout.nginx.pid를 설정하십시오.
            no master process of nginx is seen behind turnout.nginx.pid ({})
              turnout.nginx.pid({1})에서 nginx의 마스터 프로세스를 찾지 못했습니다
            the copy of the old include file could not be removed: {}.
              이전 include 파일의 사본을 지우지 못했습니다: {1}.
            nginx's new workers have taken over, but no answer of a target through nginx has been looked at: turnout.nginx.probe is empty.
              nginx의 새 워커가 넘겨받았지만 nginx를 거친 대상의 응답은 확인하지 않았습니다. turnout.nginx.probe가 비어 있습니다.
            nginx's include file sends the traffic to {} (slot {}), but what was recorded is {} (slot {}). The file's word is taken, since nginx serves by it. If that is not wanted: POST {}.
              nginx의 include 파일은 트래픽을 {1}(슬롯 {2})로 보내지만 기록은 {3}(슬롯 {4})입니다. nginx가 파일대로 처리하므로 파일을 따릅니다. 원하지 않으면 POST {5}을(를) 호출하십시오.
            {}, under maintenance
              {1}, 점검 중
            {w}, paused
              {1}, 일시 중지
            nginx does not tell how much is in flight at a target that it sends to
              nginx는 트래픽을 보내는 대상에서 처리 중인 요청 수를 알려 주지 않습니다
            nginx's processes are not seen behind turnout.nginx.pid ({}), so when its old workers have ended is not known
              turnout.nginx.pid({1})에서 nginx의 프로세스를 찾지 못해 이전 워커가 언제 끝나는지 알 수 없습니다
            nginx's old workers (processes {}) have not ended; connections open there, of theirs or of others: {}
              nginx의 이전 워커(프로세스 {1})가 끝나지 않았습니다. 그곳에 열린 연결(다른 프로세스의 것 포함): {2}
            This is not in the journal: {}
              저널에 기록하지 못했습니다: {1}
            """;

    private ReceiptWarnings() {}
}
