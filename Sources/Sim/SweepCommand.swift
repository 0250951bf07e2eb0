import Glibc
import Simulator
import Synchronization

/// Many runs, with a bar that shows how far they are.
struct SweepCommand {
    private static let failuresMax = 10

    private let options: RunOptions
    private let first: UInt64
    private let count: Int

    init(_ options: RunOptions, seeds: Int) {
        self.options = options
        count = seeds
        first = options.from ?? .random(in: 0..<1_000_000_000_000)
    }

    func run() -> Int32 {
        let begin = ContinuousClock.now
        let summary = Mutex(SweepSummary())
        let bar = ProgressBar(total: count, isShown: isatty(STDOUT_FILENO) == 1)
        let (end, overflow) = first.addingReportingOverflow(UInt64(count))
        let limit = options.limit
        let sweep = Sweep(options.request(seed: first), seeds: first..<(overflow ? .max : end)) { result in
            summary.withLock { summary in
                summary.add(result)
                bar.show(summary.runs, failed: summary.failed.count)
                if summary.failed.count > SweepCommand.failuresMax { return false }
                return limit.map { ContinuousClock.now - begin < $0 } ?? true
            }
        }
        sweep.run(jobs: options.jobs ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        bar.end()
        return report(summary.withLock { $0 }, in: ContinuousClock.now - begin)
    }

    private func report(_ summary: SweepSummary, in time: Duration) -> Int32 {
        for result in summary.failed.sorted(by: { $0.seed < $1.seed }) {
            guard let failure = result.failure else { continue }
            print("seed \(result.seed) FAILED \(failure)")
            print("again: \(options.replayLine(seed: result.seed)) -trace")
        }
        let seconds = Double(time.wholeMilliseconds) / 1_000
        let perMinute = Double(summary.elapsed.wholeMilliseconds) / 3_600_000 / (max(seconds, 0.001) / 60)
        print(
            "\(summary.runs) runs from seed \(first) on, \(summary.elapsed.words) of virtual time, "
                + "\(summary.counters.words); \(Int(seconds)) s, \(tenths(perMinute)) simulated hours a minute")
        print("\(summary.runs - summary.failed.count) passed, \(summary.failed.count) failed")
        return summary.failed.isEmpty ? 0 : 1
    }

    private func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
