import Protocol

/// The commands between MULTI and EXEC.
package struct TransactionQueue: Equatable {
    var calls: [Call] = []
    /// One of them was refused: EXEC will be.
    var isBroken = false

    /// - Throws: where it cannot be part of a transaction.
    static func call(of command: RESPCommand, _ info: CommandInfo) throws(RedisFault) -> Call {
        switch info.kind {
        case .call(let make):
            do throws(RedisFault) {
                return try make(command)
            } catch {
                // Redis finds out when it does it, and does the rest.
                return Call([], reply: .constant(.fault(error)))
            }
        case .session(.ping):
            guard command.count <= 2 else { throw .arity("ping") }
            return Call([], reply: .constant(command.count == 2 ? .bulk(command[1]) : .pong))
        case .session(.echo): return Call([], reply: .constant(.bulk(command[1])))
        case .session(.time): return Call([], reply: .constant(.time))
        case .session(.unwatch): return Call([], reply: .constant(.ok))
        case .session(.select):
            return Call([], reply: .constant(Session.selected(command).map { .fault($0) } ?? .ok))
        case .node(let kind) where kind.isKnownAtOnce(command): return Call([], reply: .constant(.command(command)))
        case .session, .node: throw RedisFault("ERR Command not allowed inside a transaction")
        }
    }
}

extension Session {
    mutating func takeMulti(_ writer: inout RESPWriter) {
        guard queue == nil else { return writer.error("ERR MULTI calls can not be nested") }
        queue = TransactionQueue()
        writer.ok()
    }

    mutating func takeDiscard(_ writer: inout RESPWriter) {
        guard queue != nil else { return writer.error("ERR DISCARD without MULTI") }
        endTransaction()
        writer.ok()
    }

    mutating func takeExec(_ writer: inout RESPWriter) throws(RedisFault) -> Step {
        guard let queue else { throw RedisFault("ERR EXEC without MULTI") }
        let watched = watched
        endTransaction()
        guard !queue.isBroken else {
            throw RedisFault("EXECABORT Transaction discarded because of previous errors.")
        }
        guard !queue.calls.isEmpty || !watched.isEmpty else {
            writer.array(0)
            return .answered
        }
        return .transaction(queue.calls, watched: watched)
    }

    mutating func endTransaction() {
        queue = nil
        watched = []
    }
}

/// What EXEC sends.
package struct TransactionCall: Equatable {
    package let calls: [Call]
    package let slot: Slot?
    package let operation: Operation

    /// - Throws: where its keys are of several slots, or there are too many.
    package init(_ calls: [Call], watched: [Session.Watched]) throws(RedisFault) {
        self.calls = calls
        let keys = watched.map(\.key) + calls.flatMap { $0.steps.map(\.key) }
        let slot = keys.first.map { Slot(key: $0) }
        self.slot = slot
        guard keys.allSatisfy({ Slot(key: $0) == slot }) else { throw .crossSlot }
        let expectations = watched.map { item in
            let condition = item.version.map { Expectation.version($0) } ?? .absent
            return KeyedWrite(key: item.key, write: Write(.read, if: condition, for: .kept))
        }
        let transaction = Transaction(
            expectations: expectations,
            batches: calls.filter { !$0.steps.isEmpty }.map { $0.steps.map(\.keyedWrite) })
        guard transaction.writes <= Limits.batchWritesMax,
            calls.reduce(0, { $0 + $1.steps.reduce(0) { $0 + $1.size } }) <= Limits.valueBytesMax
        else {
            throw RedisFault(
                "ERR a transaction may name \(Limits.batchWritesMax) keys with \(Limits.valueBytesMax) bytes at most")
        }
        operation = .transaction(transaction)
    }

    /// - Parameters:
    ///   - now: the time of day.
    ///   - serve: writes the reply of a command of the node.
    package func write(
        _ outcome: Outcome, at now: Timestamp, to writer: inout RESPWriter,
        serve: (RESPCommand, inout RESPWriter) -> Void
    ) {
        switch outcome {
        case .aborted: writer.nullArray()
        case .batch(_, _, let answers): write(answers, at: now, to: &writer, serve)
        case .refused(let fault): writer.refuse(RedisFault(fault))
        default: writer.refuse(RedisFault(outcome))
        }
    }

    private func write(
        _ answers: [WriteAnswer], at now: Timestamp, to writer: inout RESPWriter,
        _ serve: (RESPCommand, inout RESPWriter) -> Void
    ) {
        var rest = answers[...]
        writer.array(calls.count)
        for call in calls {
            if case .constant(.command(let command)) = call.reply {
                serve(command, &writer)
                continue
            }
            guard !call.steps.isEmpty else {
                call.reply.write([], at: now, to: &writer)
                continue
            }
            let results = rest.popFirst().map { StepResult.of($0, to: call.steps[...]) } ?? []
            call.reply.write(results[...], at: now, to: &writer)
        }
    }
}
