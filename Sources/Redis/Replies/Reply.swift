import Protocol

/// How the results of a call's steps make its reply.
package enum Reply: Equatable, Sendable {
    // Of one read
    case value
    case view(EntryView)
    // Of one write
    /// `OK`, and nothing where the condition was not met.
    case okOrNull
    /// What was there before.
    case old
    /// 1 where it took effect, 0 where not.
    case flag
    /// What it came to: a number, or the text of one.
    case result
    // Of several
    case values
    /// How many there are, or took effect.
    case count
    /// `OK` where all took effect.
    case ok
    /// 1 where all took effect, 0 where nothing did.
    case allOrNone
    /// `OK`; or that there is no such key, where its first step met nothing.
    case renamed
    /// 1, or 0; or that there is no such key.
    case renamedIfAbsent
    /// Nothing was asked of any key.
    case constant(Constant)

    /// Said by commands of a transaction that ask no key.
    package enum Constant: Equatable, Sendable {
        case ok, pong, time
        case bulk([UInt8])
        case texts([String])
        /// It was queued before this was known.
        case fault(RedisFault)
        /// Of the node: whoever writes the reply serves it.
        case command(RESPCommand)
    }

    /// The reply to a SET without options.
    package static func writeSet(_ outcome: Outcome, at now: Timestamp, to writer: inout RESPWriter) {
        if case .written = outcome { return writer.ok() }
        let set = Step.write(KeyedWrite(key: [], write: Write(.set([]), for: .forever), isRequired: false))
        okOrNull.write(StepResult.of(outcome, to: [set])[...], at: now, to: &writer)
    }

    /// The reply to a GET.
    package static func writeGet(_ outcome: Outcome, at now: Timestamp, to writer: inout RESPWriter) {
        switch outcome {
        case .found(let entry): writer.bulk(entry.value)
        case .notFound: writer.null()
        default: value.write(StepResult.of(outcome, to: [.read([])])[...], at: now, to: &writer)
        }
    }

    /// The reply to a call that went out as one operation.
    package func write(_ outcome: Outcome, to steps: [Step], at now: Timestamp, to writer: inout RESPWriter) {
        if isOfOneStep, let result = StepResult(outcome) { return writeOne(result, at: now, to: &writer) }
        write(StepResult.of(outcome, to: steps[...])[...], at: now, to: &writer)
    }

    private var isOfOneStep: Bool {
        switch self {
        case .value, .view, .okOrNull, .old, .flag, .result: true
        default: false
        }
    }

    /// - Parameters:
    ///   - results: of the steps, in their order.
    ///   - now: the time of day.
    package func write(_ results: ArraySlice<StepResult>, at now: Timestamp, to writer: inout RESPWriter) {
        if let fault = results.lazy.compactMap(fault).first { return writer.refuse(fault) }
        switch self {
        case .values:
            writer.array(results.count)
            for result in results { writer.bulk(result.entry?.value) }
        case .count: writer.integer(results.count { $0.entry != nil || $0.tookEffect })
        case .ok: writer.ok()
        case .allOrNone: writer.integer(results.allSatisfy(\.tookEffect) ? 1 : 0)
        case .renamed, .renamedIfAbsent: writeRenamed(results, &writer)
        case .constant(let constant): constant.write(at: now, to: &writer)
        default:
            if let result = results.first { writeOne(result, at: now, to: &writer) }
        }
    }

    private func writeOne(_ result: StepResult, at now: Timestamp, to writer: inout RESPWriter) {
        switch self {
        case .value: writer.bulk(result.entry?.value)
        case .view(let view): view.write(result.entry, at: now, to: &writer)
        case .okOrNull: if result.tookEffect { writer.ok() } else { writer.null() }
        case .flag: writer.integer(result.tookEffect ? 1 : 0)
        case .old: writeOld(result, &writer)
        case .result: writeResult(result, &writer)
        default: writer.refuse(RedisFault.unexpected)
        }
    }

    private func writeOld(_ result: StepResult, _ writer: inout RESPWriter) {
        guard case .answer(let answer) = result else { return writer.refuse(RedisFault.unexpected) }
        switch answer {
        case .written(.old(.nothing)), .conflict(.nothing): writer.null()
        case .written(.old(.entry(let entry))), .conflict(.entry(let entry)): writer.bulk(entry.value)
        case .written(.old(.replaced)), .conflict(.replaced): writer.refuse(RedisFault.notKept)
        default: writer.refuse(RedisFault.unexpected)
        }
    }

    private func writeResult(_ result: StepResult, _ writer: inout RESPWriter) {
        guard case .answer(.written(let result)) = result else { return writer.refuse(RedisFault.unexpected) }
        switch result {
        case .number(let number): writer.integer(number)
        case .value(let text?): writer.bulk(text)
        case .value(nil): writer.refuse(RedisFault.notKept)
        case .none, .old: writer.refuse(RedisFault.unexpected)
        }
    }

    private func writeRenamed(_ results: ArraySlice<StepResult>, _ writer: inout RESPWriter) {
        if results.allSatisfy(\.tookEffect) {
            return self == .renamed ? writer.ok() : writer.integer(1)
        }
        if results.contains(.answer(.conflict(.nothing))) { return writer.refuse(RedisFault.noSuchKey) }
        writer.integer(0)
    }

    private func fault(_ result: StepResult) -> RedisFault? {
        switch result {
        case .failed(let fault): fault
        case .answer(.refused(let fault)): RedisFault(fault)
        default: nil
        }
    }
}

extension StepResult {
    fileprivate var entry: Entry? {
        if case .entry(let entry) = self { entry } else { nil }
    }

    fileprivate var tookEffect: Bool {
        if case .answer(.written) = self { true } else { false }
    }
}

extension Reply.Constant {
    fileprivate func write(at now: Timestamp, to writer: inout RESPWriter) {
        switch self {
        case .ok: writer.ok()
        case .pong: writer.simple("PONG")
        case .bulk(let bytes): writer.bulk(bytes)
        case .texts(let texts): writer.simples(texts)
        case .fault(let fault): writer.refuse(fault)
        case .command: writer.refuse(.unexpected)
        case .time:
            writer.array(2)
            writer.bulk(String(now.milliseconds / 1_000))
            writer.bulk(String(now.milliseconds % 1_000 * 1_000))
        }
    }
}
