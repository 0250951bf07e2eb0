import Glibc

/// Says what is being done: each fault, and now and then how far things are.
final class Progress {
    private static let interval: UInt64 = 10_000
    private var shownAt: UInt64 = 0
    private let began: timespec

    init() { began = Progress.now() }

    private static func now() -> timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time
    }

    private var milliseconds: UInt64 {
        let now = Progress.now()
        return UInt64(now.tv_sec - began.tv_sec) * 1_000 + UInt64(1_000_000_000 + now.tv_nsec - began.tv_nsec) / 1_000_000 - 1_000
    }

    func note(_ text: String) { line(text) }

    func show(
        _ phase: TortureRun.Phase, _ counters: WorkloadCounters, faults: [FaultKind: Int], ring: TortureRing,
        waits: String?
    ) {
        guard milliseconds >= shownAt + Progress.interval else { return }
        shownAt = milliseconds
        let members = ring.members
        line(
            "\(phase.rawValue): \(counters.answered) operations answered, \(faults.values.reduce(0, +)) faults, "
                + "\(members.count { !$0.isDisturbed }) of \(members.count) nodes undisturbed"
                + (waits.map { "; waits: \($0)" } ?? ""))
    }

    private func line(_ text: String) {
        let tenths = milliseconds / 100
        Terminal.say("\(tenths / 10).\(tenths % 10) s  \(text)")
    }
}
