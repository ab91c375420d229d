package dev.turnout.text;

/** What a receipt warns of, and why nothing was done. Lines as in {@link CheckMessages}. */
final class ReceiptWarnings {

    static final String TABLE = """
            Nothing was done: it was so already.
              이미 그 상태여서 아무것도 하지 않았습니다.
            It was so already; what somebody else had changed was overwritten, so that the traffic follows.
              이미 그 상태였습니다. 다른 누군가가 바꾼 것을 덮어써서 트래픽이 기록을 따르게 했습니다.
            Slot {} served already: nothing was done.
              슬롯 {1}이(가) 이미 서비스하고 있어 아무것도 하지 않았습니다.
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
            This is not in the journal: {}
              저널에 기록하지 못했습니다: {1}
            """;

    private ReceiptWarnings() {}
}
