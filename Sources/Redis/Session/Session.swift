import Protocol

/// What a Redis client has said of its connection, and what the next command of it asks. Pure: it is told commands and
/// returns what is to be done.
///
///     ordinary ── MULTI ──▶ queueing ── EXEC, DISCARD, RESET ──▶ ordinary
///                             └── a command that cannot be queued ──▶ broken, which EXEC refuses
package struct Session {
    package enum Step: Equatable {
        /// The reply has been written.
        case answered
        /// The same, and the connection is to be closed behind it.
        case closing
        case call(Call)
        /// What was queued, where the watched keys are as they were.
        case transaction([Call], watched: [Watched])
        case watch([[UInt8]])
        /// - Parameter patience: nil: without end.
        case wait(replicas: Int64, patience: Duration?)
        case node(NodeCommand)
    }

    /// A key, and what was there.
    package struct Watched: Equatable {
        package let key: [UInt8]
        /// Nil: nothing.
        package let version: Version?

        package init(key: [UInt8], version: Version?) {
            self.key = key
            self.version = version
        }
    }

    /// What the connection is called by others.
    package let id: Int64
    package internal(set) var version = RESPVersion.two
    package var name: [UInt8] = []
    package var library: [UInt8] = []
    package var libraryVersion: [UInt8] = []
    package var consistency = Consistency.quorum
    package internal(set) var isReadOnly = false
    package private(set) var lastCommand = "NULL"

    package internal(set) var queue: TransactionQueue?
    package internal(set) var watched: [Watched] = []

    package init(id: Int64) { self.id = id }

    /// -1: it is in no transaction.
    package var queuedCommands: Int { queue?.calls.count ?? -1 }

    /// At which level a call is carried out.
    package func level(of call: Call) -> Consistency { isReadOnly && !call.isWrite ? .one : consistency }

    /// Whether plain commands are carried out, whatever was said before: in a transaction they are queued, by `take`.
    package var takesPlain: Bool { queue == nil }

    /// At which level they are.
    package func levelOfPlain(isSet: Bool) -> Consistency { isReadOnly && !isSet ? .one : consistency }

    /// The last of some plain commands has been taken up.
    package mutating func notePlain(isSet: Bool) { lastCommand = isSet ? "set" : "get" }

    /// WATCH has been answered.
    package mutating func watch(_ keys: [Watched]) {
        for item in keys where !watched.contains(where: { $0.key == item.key }) { watched.append(item) }
    }

    /// Takes a command up.
    /// - Parameters:
    ///   - now: the time of day.
    ///   - writer: for a reply that is known at once.
    package mutating func take(_ command: RESPCommand, at now: Timestamp, _ writer: inout RESPWriter) -> Step {
        do throws(RedisFault) {
            guard let info = CommandTable.find(command.slice(0)) else { throw CommandTable.unknown(command) }
            lastCommand = info.fullName(of: command)
            guard info.accepts(count: command.count) else { throw refusal(of: info) }
            try info.checkBeneath(command)
            if queue != nil, !info.isForQueue { return try enqueue(command, info, &writer) }
            try checkSlots(of: command, info)
            switch info.kind {
            case .call(let make):
                let call = try make(command)
                guard call.steps.isEmpty else { return .call(call) }
                call.reply.write([], at: now, to: &writer)
                return .answered
            case .session(let kind): return try take(kind, command, at: now, &writer)
            case .node(let kind): return .node(kind)
            }
        } catch {
            queue?.isBroken = true
            writer.refuse(error)
            return .answered
        }
    }

    /// Of a wrong number of words. EXEC ends its transaction with it.
    private mutating func refusal(of info: CommandInfo) -> RedisFault {
        guard case .session(.exec) = info.kind else { return .arity(info.name) }
        endTransaction()
        return RedisFault("EXECABORT Transaction discarded because of: ", RedisFault.arity(info.name).message)
    }

    /// Before anything else of the command is looked at, as Redis Cluster does.
    private func checkSlots(of command: RESPCommand, _ info: CommandInfo) throws(RedisFault) {
        // Of MSETNX with half a pair the keys cannot be told.
        guard info.needsOneSlot, info.keys.step == 1 || command.count % 2 == 1 else { return }
        let slots = info.keys(of: command).map { Slot(key: $0) }
        guard slots.allSatisfy({ $0 == slots.first }) else { throw .crossSlot }
    }

    private mutating func enqueue(
        _ command: RESPCommand, _ info: CommandInfo, _ writer: inout RESPWriter
    ) throws(RedisFault) -> Step {
        queue?.calls.append(try TransactionQueue.call(of: command, info))
        writer.simple("QUEUED")
        return .answered
    }
}

extension CommandInfo {
    /// With the name of the command beneath it.
    fileprivate func fullName(of command: RESPCommand) -> String {
        guard isContainer, command.count > 1 else { return name }
        return "\(name)|\(command.slice(1).prefix(32).text.lowercased())"
    }

    /// Whether a transaction that is being queued takes it up at once.
    fileprivate var isForQueue: Bool {
        switch kind {
        case .session(.multi), .session(.exec), .session(.discard), .session(.watch), .session(.quit),
            .session(.reset):
            true
        default: false
        }
    }
}
