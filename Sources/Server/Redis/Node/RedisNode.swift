import Protocol
import Redis
import UV

/// What the Redis clients of a node have in common, and the commands that concern the node.
final class RedisNode {
    enum Taken {
        case answered
        /// The same, and the connection is to be closed.
        case closing
        case job(any RedisJob)
    }

    let node: NodeID
    /// Nil until the node is there, and once it stops.
    unowned var ring: (any RingView)?
    unowned var clients: Clients?
    /// Whether a node that does not lead a key's slot answers with who does, as Redis Cluster.
    var redirects = false
    /// Whether DEBUG is served: for tests.
    var allowsDebug = false
    var cursors = CursorMemory()
    var commands: UInt64 = 0
    private(set) var connections: Int64 = 0
    let begin = ContinuousClock.now

    init(_ node: NodeID) { self.node = node }

    func nextClientID() -> Int64 {
        connections += 1
        return connections
    }

    func take(
        _ kind: NodeCommand, _ command: RESPCommand, of conversation: RedisConversation, _ writer: inout RESPWriter
    ) throws(RedisFault) -> Taken {
        if kind.hasOthersBeneath, Help.isAsked(command) {
            writer.simples(Help.text(of: command.nameText.uppercased()))
            return .answered
        }
        switch kind {
        case .databaseSize:
            guard redirects, let ring else { return .job(CountJob()) }
            writer.integer(Int64(clamping: ring.counts.keysLed))
        case .scan: return .job(ScanJob(try ScanRequest(command)))
        case .keys: return .job(KeysJob(command[1]))
        case .randomKey: return .job(RandomKeyJob())
        case .flush:
            let isPlain = command.count == 1
                || command.count == 2 && (command.slice(1).means("async") || command.slice(1).means("sync"))
            guard isPlain else { throw .syntax }
            return .job(FlushJob())
        case .client: return try takeClient(command, of: conversation, &writer)
        case .cluster: return try takeCluster(command, &writer)
        case .config: try takeConfig(command, &writer)
        case .info: writer.text(information(command))
        case .role:
            writer.array(3)
            writer.bulk("master")
            writer.integer(0)
            writer.array(0)
        case .latency: try takeLatency(command, &writer)
        case .debug: try takeDebug(command, &writer)
        }
        return .answered
    }

    /// Whether SCAN, KEYS and RANDOMKEY are about a slot: where clients go to the slot's node themselves they ask every
    /// node, so each has to answer for its own.
    func walksOver(_ slot: Slot) -> Bool {
        guard redirects, let ring else { return true }
        return ring.configuration(of: slot)?.primary == ring.member
    }

    /// - Throws: `MOVED`, where another node leads the slot and clients are to be told.
    func redirect(_ slot: Slot, isRead: Bool, _ session: Session) throws(RedisFault) {
        guard redirects, let ring, let primary = ring.configuration(of: slot)?.primary, primary != ring.member,
            !(isRead && session.isReadOnly && ring.isComplete(slot)), ring.isAlive(primary.node),
            let record = ring.record(of: primary.node)
        else { return }
        throw RedisFault("MOVED \(slot) \(record.address.host):\(record.address.port)")
    }

    private func takeLatency(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        let name = command.slice(1)
        if name.means("latest") || name.means("history") {
            let count = name.means("latest") ? 2 : 3
            guard command.count == count else { throw .arity("latency|\(name.text.lowercased())") }
            writer.array(0)
        } else if name.means("reset") {
            writer.integer(0)
        } else {
            throw .unknownSubcommand(command.slice(1), of: "LATENCY")
        }
    }

    private func takeDebug(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) {
        guard allowsDebug else {
            throw RedisFault("ERR DEBUG command not allowed: it is for tests, which start the node with -debug-command")
        }
        guard command.slice(1).means("sleep"), command.count == 3, let seconds = Double(command.slice(2).text),
            (0...60).contains(seconds)
        else { throw .unknownSubcommand(command.slice(1), of: "DEBUG") }
        UV.Process.sleep(.milliseconds(Int64(seconds * 1_000)))
        writer.ok()
    }
}
