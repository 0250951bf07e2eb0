import Protocol
import Redis

/// A client that speaks the Redis protocol.
///
/// Commands on keys are taken up one behind the other without waiting for answers; the coordinator keeps the order of
/// those of one slot. What looks at many slots, or at what was answered before, is a job: it begins when all before it
/// is answered, and nothing behind it is taken up until it is done.
final class RedisConversation: Conversation {
    private enum Open {
        case call(Call, Slot, RESPVersion)
        case plainGet(RESPVersion)
        /// The first of some that were carried out together: their number, and their answers.
        case group(Int, Output, RESPVersion)
        case plainSet(Slot, RESPVersion)
        case part(PartGatherer, Int, Slot)
        case transaction(TransactionCall, RESPVersion)
        /// A question of the job.
        case question(any RedisJob, Int)
    }

    /// Kept by the connection, which keeps this: what is asked of it with every command is not to be counted.
    unowned(unsafe) let clients: Clients
    let place: Int
    var session: Session
    private let reader = RESPReader()
    private var ahead = LookAhead()
    private var foresight = KeyForesight()
    private var answers: AnswerQueue<Open>
    private var job: (any RedisJob)?
    /// It waits until all before it is answered.
    private var nextJob: (any RedisJob)?
    /// The latest write that took effect.
    private(set) var lastWrite: (slot: Slot, version: Version)?
    let begin: Timestamp

    init(clients: Clients, place: Int, firstSequence: UInt64) {
        self.clients = clients
        self.place = place
        answers = AnswerQueue(first: firstSequence)
        session = Session(id: clients.redis.nextClientID())
        begin = Timestamp(milliseconds: clients.loop.walltime)
    }

    var openRequests: Int { answers.count }
    var answerBytes: Int { answers.bytes }
    var hasOutput: Bool { answers.hasOutput }
    var output: Output { answers.output }
    /// Not what a session answers by itself, as PING.
    private(set) var showsData = false
    var isBlocked: Bool { job != nil || (nextJob != nil && !answers.isEmpty) }
    var nextSequence: UInt64 { answers.tail }
    var pendingBytes: Int { reader.pendingBytes }
    var now: Timestamp { Timestamp(milliseconds: clients.loop.walltime) }

    func append(_ bytes: UnsafeRawBufferPointer) {
        reader.append(bytes)
        ahead.removeAll()
    }

    func clearOutput() {
        answers.clearOutput()
        showsData = false
    }

    /// What it holds of a command is of no use.
    func endInput() {}

    func dropInput(_ reason: String) {
        reader.removeAll()
        ahead.removeAll()
        foresight = KeyForesight()
        say { $0.error("ERR \(reason)") }
    }

    func hurry() { job?.hurry() }

    func close() {
        job?.cancel()
        job = nil
        nextJob = nil
    }

    // MARK: Commands

    func takeNext() -> ConversationStep {
        guard job == nil else { return .blocked }
        if let next = nextJob {
            guard answers.isEmpty else { return .blocked }
            nextJob = nil
            begin(next)
            return .taken
        }
        if takePlain() { return reader.pendingBytes == 0 ? .takenAll : .taken }
        foresight.look(into: reader, by: clients)
        do throws(RESPFault) {
            guard let command = try reader.next() else { return .needsBytes }
            return take(command)
        } catch {
            say { $0.error(Array("ERR ".utf8) + error.message) }
            return .ends
        }
    }

    private func take(_ command: RESPCommand) -> ConversationStep {
        clients.redis.commands &+= 1
        var writer = RESPWriter(session.version)
        switch session.take(command, at: now, &writer) {
        case .answered: say(writer.output)
        case .closing:
            say(writer.output)
            return .ends
        case .call(let call): carryOut(call)
        case .transaction(let calls, let watched): carryOut(calls, watched)
        case .watch(let keys): schedule(WatchJob(keys))
        case .wait(let replicas, let patience): schedule(WaitJob(replicas, patience))
        case .node(let kind): return take(kind, command)
        }
        return .taken
    }

    func lookAhead(_ see: (RequestView) -> Void) {
        guard job == nil, nextJob == nil, session.takesPlain, !clients.redis.redirects else { return }
        ahead.showOnly(in: reader, see)
    }

    /// What `take` would come to, with fewer steps.
    /// - Returns: whether something is taken up.
    private func takePlain() -> Bool {
        guard session.takesPlain, !clients.redis.redirects, ahead.look(into: reader), let first = ahead.waiting.first
        else { return false }
        if answers.isEmpty {
            if takeAtOnce() { return true }
        } else {
            ahead.expect(in: reader, by: clients)
        }
        if !first.isSet, readTogether() { return true }
        let operation = first.command.value.map { Operation.write(Write(.set(reader.bytes(in: $0)), for: .forever)) } ?? .get
        let key = reader.bytes(in: first.command.key)
        ahead.take(1)
        pass(1)
        let sequence = answers.append(
            first.isSet ? .plainSet(first.slot, session.version) : .plainGet(session.version))
        submit(operation, key, first.slot, session.levelOfPlain(isSet: first.isSet), sequence)
        return true
    }

    /// Carries out as many as can be at once, and answers them.
    /// - Returns: whether it was any.
    private func takeAtOnce() -> Bool {
        let (gets, sets) = (session.levelOfPlain(isSet: false), session.levelOfPlain(isSet: true))
        var count = 0
        answers.appendAnswer { output in
            Self.append(to: &output, session.version) { writer in
                count = ahead.carryOut(in: reader, gets: gets, sets: sets, by: clients) { request, answer in
                    switch answer {
                    case .value(let entry): if let entry { writer.value(of: entry) } else { writer.null() }
                    case .written(let version, _):
                        writer.ok()
                        lastWrite = (request.slot, version)
                    }
                    return writer.output.count
                }
            }
        }
        pass(count)
        return count > 0
    }

    /// Carries out as many GETs as can be together, and keeps their answers until they are confirmed.
    /// - Returns: whether it was any.
    private func readTogether() -> Bool {
        var writer = RESPWriter(session.version)
        let token = ClientToken(place: place, sequence: answers.tail).rawValue
        let count = ahead.readTogether(in: reader, gets: session.levelOfPlain(isSet: false), token: token, by: clients) {
            guard case .value(let entry) = $0 else { return }
            if let entry { writer.value(of: entry) } else { writer.null() }
        }
        guard count > 0 else { return false }
        _ = answers.append(.group(count, writer.output, session.version))
        for _ in 1..<count { _ = answers.append(.plainGet(session.version)) }
        pass(count)
        return true
    }

    /// So many plain commands, which were taken ahead, are taken up.
    private func pass(_ count: Int) {
        guard count > 0, let last = ahead.lastTaken else { return }
        showsData = true
        reader.skip(last.command)
        foresight.pass(count)
        session.notePlain(isSet: last.isSet)
        clients.redis.commands &+= UInt64(count)
    }

    private func take(_ kind: NodeCommand, _ command: RESPCommand) -> ConversationStep {
        var ends = false
        showsData = true
        var writer = RESPWriter(session.version)
        do throws(RedisFault) {
            switch try clients.redis.take(kind, command, of: self, &writer) {
            case .answered: say(writer.output)
            case .closing:
                say(writer.output)
                ends = true
            case .job(let job): schedule(job)
            }
        } catch {
            say { $0.refuse(error) }
        }
        return ends ? .ends : .taken
    }

    /// A reply that is known at once, behind all before it.
    func say(_ write: (inout RESPWriter) -> Void) {
        let version = session.version
        answers.appendAnswer { Self.append(to: &$0, version, write) }
    }

    /// Writes behind what `output` has, without a copy of it.
    private static func append(to output: inout Output, _ version: RESPVersion, _ write: (inout RESPWriter) -> Void) {
        var writer = RESPWriter(version, output: output)
        output = Output()
        write(&writer)
        output = writer.output
    }

    private func say(_ output: Output) { answers.appendAnswer { $0 += output } }

    /// A command of the node in a transaction; those that take questions to slots are not queued.
    private func serve(_ command: RESPCommand, _ writer: inout RESPWriter) {
        guard case .node(let kind)? = CommandTable.find(command.slice(0))?.kind else { return }
        do throws(RedisFault) {
            if case .job = try clients.redis.take(kind, command, of: self, &writer) {
                throw RedisFault("ERR Command not allowed inside a transaction")
            }
        } catch {
            writer.refuse(error)
        }
    }

    // MARK: Data

    private func carryOut(_ call: Call) {
        let parts: [Part]
        do throws(RedisFault) {
            parts = try call.parts()
            if let slot = parts.count == 1 ? parts[0].slot : call.slot {
                try clients.redis.redirect(slot, isRead: !call.isWrite, session)
            }
        } catch {
            return say { $0.refuse(error) }
        }
        let level = session.level(of: call)
        guard parts.count > 1 else {
            let sequence = answers.append(.call(call, parts[0].slot, session.version))
            return submit(parts[0].operation, parts[0].key, parts[0].slot, level, sequence)
        }
        let gatherer = PartGatherer(call, parts, session.version)
        let sequences = parts.indices.map { answers.append(.part(gatherer, $0, parts[$0].slot)) }
        gatherer.last = sequences[sequences.count - 1]
        for (part, sequence) in zip(parts, sequences) {
            submit(part.operation, part.key, part.slot, level, sequence)
        }
    }

    private func carryOut(_ calls: [Call], _ watched: [Session.Watched]) {
        do throws(RedisFault) {
            let transaction = try TransactionCall(calls, watched: watched)
            guard let slot = transaction.slot else {
                return say {
                    transaction.write(.batch(version: .zero, timestamp: now, []), at: now, to: &$0, serve: serve)
                }
            }
            try clients.redis.redirect(slot, isRead: false, session)
            let sequence = answers.append(.transaction(transaction, session.version))
            submit(transaction.operation, [], slot, session.consistency, sequence)
        } catch {
            say { $0.refuse(error) }
        }
    }

    private func submit(
        _ operation: Operation, _ key: [UInt8], _ slot: Slot, _ level: Consistency, _ sequence: UInt64
    ) {
        clients.submit(
            ClientOperation(operation: operation, key: key, slot: slot, consistency: level),
            token: ClientToken(place: place, sequence: sequence).rawValue)
    }

    // MARK: Answers

    func complete(_ sequence: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        guard let open = answers.waiting(sequence) else { return }
        showsData = true
        switch open {
        case .call(let call, let slot, let version):
            note(outcome, slot)
            answer(sequence, version) { call.reply.write(outcome, to: call.steps, at: now, to: &$0) }
        case .plainGet(let version), .group(_, _, let version): answer(sequence, version) { Reply.writeGet(outcome, at: now, to: &$0) }
        case .plainSet(let slot, let version):
            note(outcome, slot)
            answer(sequence, version) { Reply.writeSet(outcome, at: now, to: &$0) }
        case .transaction(let transaction, let version):
            if let slot = transaction.slot { note(outcome, slot) }
            answer(sequence, version) { transaction.write(outcome, at: now, to: &$0, serve: serve) }
        case .part(let gatherer, let part, let slot):
            note(outcome, slot)
            gatherer.take(part, outcome)
            if sequence != gatherer.last { answers.answer(sequence) { _, _ in } }
            guard gatherer.isComplete else { return }
            answer(gatherer.last, gatherer.version) {
                gatherer.call.reply.write(gatherer.results[...], at: now, to: &$0)
            }
        case .question(let job, let tag):
            answers.answer(sequence) { _, _ in }
            job.take(outcome, of: tag)
        }
    }

    func confirm(_ sequence: UInt64) -> Int {
        guard case .group(let count, let found, _)? = answers.waiting(sequence) else { return 0 }
        showsData = true
        answers.answer(sequence) { _, output in output += found }
        for index in 1..<count { answers.answer(sequence + UInt64(index)) { _, _ in } }
        return count
    }

    /// Nothing of the Redis protocol asks for it.
    func completeStatus(_ sequence: UInt64, _ text: [UInt8]) {}

    func refuse(_ sequence: UInt64, _ reason: String) {
        complete(sequence, with: .unavailable(reason), servedBy: clients.node)
    }

    private func answer(_ sequence: UInt64, _ version: RESPVersion, _ write: (inout RESPWriter) -> Void) {
        answers.answer(sequence) { _, output in Self.append(to: &output, version, write) }
    }

    private func note(_ outcome: Outcome, _ slot: Slot) {
        switch outcome {
        case .written(let version, _, _), .batch(let version, _, _): lastWrite = (slot, version)
        default: break
        }
    }

    // MARK: Jobs

    private func schedule(_ job: any RedisJob) {
        if answers.isEmpty { begin(job) } else { nextJob = job }
    }

    private func begin(_ job: any RedisJob) {
        self.job = job
        job.begin(self)
    }

    /// A question of the job; `take` hears the outcome, perhaps at once.
    func ask(_ operation: Operation, key: [UInt8] = [], slot: Slot, tag: Int) {
        guard let job else { return }
        var level: Consistency = session.isReadOnly && !operation.isWrite ? .one : session.consistency
        // Nobody but the primary knows who has what.
        if case .query(.holders) = operation { level = .quorum }
        submit(operation, key, slot, level, answers.append(.question(job, tag)))
    }

    func askKeyCount(tag: Int) {
        guard let job else { return }
        let sequence = answers.append(.question(job, tag))
        clients.requestKeyCount(ClientToken(place: place, sequence: sequence).rawValue)
    }

    /// The job is done.
    func finish(_ write: (inout RESPWriter) -> Void) {
        guard job != nil else { return }
        job = nil
        showsData = true
        say(write)
        clients.connection(at: place)?.onAnswer()
    }

    /// The job has found out what WATCH wants to know.
    func watch(_ keys: [Session.Watched]) { session.watch(keys) }
}
