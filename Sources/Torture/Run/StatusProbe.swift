import Client
import UV

/// Asks one node after the other how the ring is.
final class StatusProbe {
    private static let patience = Duration.seconds(3)

    private let loop: Loop
    private var line: Line?
    private var timer: Timer?
    private var finish: ((TorcStatus?) -> Void)?

    init(_ loop: Loop) {
        self.loop = loop
        timer = Timer(loop) { [unowned self] in end(nil) }
    }

    var isAsking: Bool { finish != nil }

    /// - Parameter finish: with nil where no answer came.
    func ask(_ node: TortureNode, _ finish: @escaping (TorcStatus?) -> Void) {
        guard !isAsking else { return }
        self.finish = finish
        timer?.start(after: StatusProbe.patience)
        line = Line(loop, to: node) { [unowned self] in hear($0) }
    }

    private func hear(_ event: Line.Event) {
        switch event {
        case .connected: line?.send(Wire.status())
        case .lost: end(nil)
        case .answer(let answer): end(answer.value.flatMap(TorcStatus.init(json:)))
        }
    }

    private func end(_ status: TorcStatus?) {
        timer?.stop()
        line?.drop()
        line = nil
        let finish = finish
        self.finish = nil
        finish?(status)
    }

    func close() {
        line?.drop()
        timer?.close()
        timer = nil
    }
}
