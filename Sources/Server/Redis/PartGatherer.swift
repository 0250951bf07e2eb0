import Protocol
import Redis

/// A call whose keys are of several slots: gathers what each of its parts came to.
///
/// Each part has a place of its own in the order of answers. All but the last say nothing there; the last says the
/// reply, once every part is there.
final class PartGatherer {
    let call: Call
    let version: RESPVersion
    private let parts: [Part]
    private(set) var results: [StepResult]
    private var missing: Int
    /// The sequence of the last part.
    var last: UInt64 = 0

    init(_ call: Call, _ parts: [Part], _ version: RESPVersion) {
        self.call = call
        self.parts = parts
        self.version = version
        results = Array(repeating: .skipped, count: call.steps.count)
        missing = parts.count
    }

    var isComplete: Bool { missing == 0 }

    func take(_ part: Int, _ outcome: Outcome) {
        let chosen = parts[part].steps
        let steps = chosen.map { call.steps[$0] }
        for (place, result) in zip(chosen, StepResult.of(outcome, to: steps[...])) { results[place] = result }
        missing -= 1
    }
}
