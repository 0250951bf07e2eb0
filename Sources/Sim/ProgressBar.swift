import Glibc
import Synchronization

/// How far something is, in one line that is written over.
final class ProgressBar: Sendable {
    private static let width = 40

    private let total: Int
    private let isShown: Bool
    private let lastShown = Mutex(-1)

    init(total: Int, isShown: Bool) {
        self.total = total
        self.isShown = isShown
    }

    func show(_ done: Int, failed: Int) {
        guard isShown else { return }
        let filled = ProgressBar.width * done / max(total, 1)
        let permille = 1_000 * done / max(total, 1)
        lastShown.withLock { last in
            guard permille != last else { return }
            last = permille
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressBar.width - filled)
            Terminal.write("\r[\(bar)] \(done) of \(total), \(failed) failed", to: STDOUT_FILENO)
        }
    }

    func end() { if isShown { Terminal.write("\n", to: STDOUT_FILENO) } }
}
