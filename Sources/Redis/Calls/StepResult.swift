import Protocol

/// What became of one step.
package enum StepResult: Equatable, Sendable {
    /// A read: what is there; nil: nothing.
    case entry(Entry?)
    /// A write: `written`, `conflict` or `refused`.
    case answer(WriteAnswer)
    /// The others of its call did not take effect, so this was not done.
    case skipped
    case failed(RedisFault)

    /// - Parameter answer: of the step as part of a batch.
    init(_ answer: WriteAnswer, to step: Step) {
        guard case .read = step, case .written(.old(let present)) = answer else {
            self = .answer(answer)
            return
        }
        switch present {
        case .nothing: self = .entry(nil)
        case .entry(let entry): self = .entry(entry)
        case .replaced: self = .failed(.notKept)
        }
    }

    /// The results of steps that were done as one batch.
    package static func of(_ answer: WriteAnswer, to steps: ArraySlice<Step>) -> [StepResult] {
        switch answer {
        case .batch(let answers) where answers.count == steps.count:
            zip(answers, steps).map { StepResult($0, to: $1) }
        case .aborted(let index, let answer):
            steps.indices.map { $0 - steps.startIndex == Int(index) ? .answer(answer) : .skipped }
        default:
            steps.map { _ in .failed(.unexpected) }
        }
    }

    /// The result of a step that went out as an operation of its own; nil: the outcome is that of several, or of none.
    init?(_ outcome: Outcome) {
        switch outcome {
        case .found(let entry): self = .entry(entry)
        case .notFound: self = .entry(nil)
        case .written(_, _, let result): self = .answer(.written(result))
        case .conflict(let present): self = .answer(.conflict(present))
        default: return nil
        }
    }

    /// The results of steps that went out as one operation.
    package static func of(_ outcome: Outcome, to steps: ArraySlice<Step>) -> [StepResult] {
        if let only = StepResult(outcome) { return [only] }
        switch outcome {
        case .answer(.entries(let entries)) where entries.count == steps.count: return entries.map { .entry($0) }
        case .batch(_, _, let answers): return of(WriteAnswer.batch(answers), to: steps)
        case .aborted(let index, let answer): return of(WriteAnswer.aborted(at: index, answer), to: steps)
        case .refused(let fault): return steps.map { _ in .answer(.refused(fault)) }
        default: return steps.map { _ in .failed(RedisFault(outcome)) }
        }
    }
}

extension RedisFault {
    static let unexpected = RedisFault("ERR the answer of the slot does not fit its question")
    /// A long value that was there before is not remembered with a request id.
    static let notKept = RedisFault(
        "UNAVAILABLE the command took effect, but its slot changed hands and the value to answer was not kept")

    /// Why nobody could serve it. Clients of Redis Cluster send again what was answered `TRYAGAIN` or `CLUSTERDOWN`:
    /// so that is said only of what did nothing.
    package init(_ outcome: Outcome) {
        switch outcome {
        case .busy(let reason): self.init("TRYAGAIN busy: \(reason)")
        case .unavailable(let reason) where reason.hasSuffix("outcome unknown"): self.init("UNAVAILABLE \(reason)")
        case .unavailable(let reason): self.init("CLUSTERDOWN unavailable: \(reason)")
        default: self = .unexpected
        }
    }
}
