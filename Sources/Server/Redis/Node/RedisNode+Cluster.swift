import Cluster
import Protocol
import Redis

/// CLUSTER: the table of slots in the forms that clients of Redis Cluster read.
extension RedisNode {
    func takeCluster(_ command: RESPCommand, _ writer: inout RESPWriter) throws(RedisFault) -> Taken {
        guard let ring else { throw RedisFault("CLUSTERDOWN this node stops") }
        let name = command.slice(1).text.lowercased()
        switch (name, command.count) {
        case ("slots", 2): writeSlots(ring, &writer)
        case ("shards", 2): writeShards(ring, &writer)
        case ("nodes", 2): writer.text(lines(ring))
        case ("info", 2): writer.text(summary(ring))
        case ("myid", 2): writer.bulk(ring.member.clusterID)
        case ("links", 2): writeLinks(ring, &writer)
        case ("keyslot", 3): writer.integer(Slot(key: command[2]).index)
        case ("countkeysinslot", 3): return .job(SlotKeysJob(try slot(command), countMax: nil))
        case ("getkeysinslot", 4):
            let number = try command.integer(2)
            let count = try command.integer(3)
            guard count >= 0, let slot = Slot(Int(clamping: number)) else {
                throw RedisFault("ERR Invalid slot or number of keys")
            }
            return .job(SlotKeysJob(slot, countMax: Int(min(count, 1_000_000))))
        case ("slots", _), ("shards", _), ("nodes", _), ("info", _), ("myid", _), ("links", _), ("keyslot", _),
            ("countkeysinslot", _), ("getkeysinslot", _):
            throw .arity("cluster|\(name)")
        default: throw .unknownSubcommand(command.slice(1), of: "CLUSTER")
        }
        return .answered
    }

    private func slot(_ command: RESPCommand) throws(RedisFault) -> Slot {
        guard let slot = Slot(Int(clamping: try command.integer(2))) else { throw RedisFault("ERR Invalid slot") }
        return slot
    }

    private func writeSlots(_ ring: any RingView, _ writer: inout RESPWriter) {
        // Of each range only the primary: every node leads some slots, and clients keep one role for each address.
        let records = records(ring)
        let ranges = SlotTable(ring).ranges.filter { records[$0.primary] != nil }
        writer.array(ranges.count)
        for range in ranges {
            writer.array(3)
            writer.integer(range.first)
            writer.integer(range.last)
            writer.array(4)
            writer.bulk(records[range.primary]?.address.host ?? "")
            writer.integer(Int(records[range.primary]?.address.port ?? 0))
            writer.bulk(range.primary.clusterID)
            writer.array(0)
        }
    }

    private func writeShards(_ ring: any RingView, _ writer: inout RESPWriter) {
        let table = SlotTable(ring)
        writer.array(ring.nodes.count)
        for record in ring.nodes {
            let led = table.led(by: record.member)
            writer.map(2)
            writer.bulk("slots")
            writer.array(led.count * 2)
            for range in led {
                writer.integer(range.first)
                writer.integer(range.last)
            }
            writer.bulk("nodes")
            writer.array(1)
            writer.map(7)
            for (name, value) in [
                ("id", record.member.clusterID), ("ip", record.address.host), ("endpoint", record.address.host),
                ("role", "master"), ("health", ring.isAlive(record.node) ? "online" : "failed"),
            ] {
                writer.bulk(name)
                writer.bulk(value)
            }
            writer.bulk("port")
            writer.integer(Int(record.address.port))
            writer.bulk("replication-offset")
            writer.integer(0)
        }
    }

    private func lines(_ ring: any RingView) -> String {
        let table = SlotTable(ring)
        return ring.nodes.map { record in
            let address = "\(record.address.host):\(record.address.port)@\(record.address.port)"
            let flags = record.member == ring.member ? "myself,master" : "master"
            let isAlive = ring.isAlive(record.node)
            let slots = table.led(by: record.member).map { range in
                range.first == range.last ? "\(range.first)" : "\(range.first)-\(range.last)"
            }
            return ([
                record.member.clusterID, address, isAlive ? flags : flags + ",fail", "-", "0", "0",
                "\(record.incarnation)", isAlive ? "connected" : "disconnected",
            ] + slots).joined(separator: " ") + "\n"
        }.joined()
    }

    private func summary(_ ring: any RingView) -> String {
        let table = SlotTable(ring)
        let led = table.ranges.filter { ring.isAlive($0.primary.node) }.reduce(0) { $0 + $1.last - $1.first + 1 }
        let fields: [(String, String)] = [
            ("cluster_state", ring.isReady && led == Slot.count ? "ok" : "fail"),
            ("cluster_slots_assigned", "\(table.slots)"), ("cluster_slots_ok", "\(led)"),
            ("cluster_slots_pfail", "0"), ("cluster_slots_fail", "\(table.slots - led)"),
            ("cluster_known_nodes", "\(ring.nodes.count)"),
            ("cluster_size", "\(Set(table.ranges.map(\.primary)).count)"),
            ("cluster_current_epoch", "0"), ("cluster_my_epoch", "0"),
        ]
        return fields.map { "\($0):\($1)\r\n" }.joined()
    }

    private func writeLinks(_ ring: any RingView, _ writer: inout RESPWriter) {
        let linked = ring.nodes.filter { ring.linkedNodes.contains($0.node) }
        writer.array(linked.count)
        for record in linked {
            writer.map(6)
            writer.bulk("direction")
            writer.bulk("to")
            writer.bulk("node")
            writer.bulk(record.member.clusterID)
            writer.bulk("create-time")
            writer.integer(0)
            writer.bulk("events")
            writer.bulk("rw")
            writer.bulk("send-buffer-allocated")
            writer.integer(0)
            writer.bulk("send-buffer-used")
            writer.integer(0)
        }
    }

    private func records(_ ring: any RingView) -> [Member: RingRecord] {
        Dictionary(ring.nodes.map { ($0.member, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

extension Member {
    /// 40 hexadecimal digits, as Redis Cluster names its nodes.
    var clusterID: String {
        let hashes = (0..<3).map { XXH3.hash(Array("\($0) \(node.text) \(disk.rawValue)".utf8)) }
        let digits = hashes.flatMap { hash in
            (0..<16).map { Array("0123456789abcdef")[Int(hash >> UInt64(60 - 4 * $0) & 15)] }
        }
        return String(digits.prefix(40))
    }
}
