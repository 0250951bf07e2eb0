import History
import Protocol
import UV

/// One client: one operation after the other, at one node as long as it answers.
final class Session {
    /// Longer than a node takes to say that it cannot (2 s).
    private static let patience = Duration.seconds(4)

    let number: Int
    private let workload: Workload
    private let loop: Loop
    private var line: Line?
    private var pending: Pending?
    private var isAsking = false
    /// Refusals of the present node, one after the other.
    private var refusals = 0
    private var timer: Timer?

    init(_ number: Int, _ workload: Workload, _ loop: Loop) {
        self.number = number
        self.workload = workload
        self.loop = loop
        timer = Timer(loop) { [unowned self] in onTimer() }
    }

    var isIdle: Bool { pending == nil }

    /// Goes on, where it waits for nothing.
    func goOn() {
        guard !isAsking, timer?.isStarted != true else { return }
        if pending == nil { pending = workload.next(for: number) }
        guard let pending else { return }
        guard let line, line.isConnected, line.node.canBeAsked else { return connect() }
        send(pending, on: line)
    }

    func end() {
        line?.drop()
        line = nil
        timer?.close()
        timer = nil
    }

    private func connect() {
        line?.drop()
        line = nil
        refusals = 0
        guard let node = workload.node() else { return wait(.milliseconds(50)) }
        line = Line(loop, to: node) { [unowned self] in hear($0) }
        isAsking = true
        timer?.start(after: Session.patience)
    }

    private func send(_ pending: Pending, on line: Line) {
        isAsking = true
        if pending.operation == nil { self.pending = workload.begin(pending, client: number, at: line.node) }
        line.send(pending.bytes)
        timer?.start(after: workload.hangsUp(on: pending) ?? Session.patience)
    }

    private func hear(_ event: Line.Event) {
        isAsking = false
        timer?.stop()
        switch event {
        case .connected: goOn()
        case .lost(let reason):
            line = nil
            lose(reason)
        case .answer(let answer): take(answer)
        }
    }

    private func take(_ answer: JSONResponse) {
        guard let pending, let line else { return }
        switch Wire.meaning(of: answer, to: pending.call) {
        case .result(let result):
            refusals = 0
            workload.finish(pending, with: result, at: line.node)
            self.pending = nil
        case .refused(let reason):
            refusals += 1
            self.pending = workload.onRefusal(pending, reason, at: line.node)
        case .nothingDone(let reason): self.pending = workload.onNothingDone(pending, reason)
        case .unknown(let reason):
            refusals += 1
            self.pending = workload.onNoAnswer(pending, reason, at: line.node)
        }
        if refusals > 1 || workload.wantsChange() { leaveNode() }
        wait(workload.pause(afterRefusal: refusals > 0))
    }

    /// No answer came.
    private func lose(_ reason: String) {
        if let pending { self.pending = workload.onNoAnswer(pending, reason, at: nil) }
        wait(.milliseconds(20))
    }

    private func leaveNode() {
        line?.drop()
        line = nil
    }

    private func wait(_ span: Duration) { timer?.start(after: span) }

    private func onTimer() {
        if isAsking {
            isAsking = false
            leaveNode()
            lose("no answer in time")
        } else {
            goOn()
        }
    }
}
