import Protocol

/// Who leads which slot, as a node tells it with CLUSTER NODES.
///
/// Every slot has exactly one primary in it.
struct Layout: Equatable {
    /// Those that lead a slot, in the node's order.
    let primaries: [NodeAddress]
    /// By slot: an index in `primaries`.
    let owners: [UInt16]

    private static let none = UInt16.max
    /// What stands before the slots of a line: id, address, flags, master, ping, pong, epoch, link.
    private static let fieldsBeforeSlots = 8

    /// Reads the lines of CLUSTER NODES.
    /// - Throws: where a line makes no sense, or a slot has no primary, or two of them.
    init(nodes text: String) throws(BenchError) {
        var primaries: [NodeAddress] = []
        var owners = [UInt16](repeating: Layout.none, count: Slot.count)
        for line in text.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ")
            guard fields.count >= Layout.fieldsBeforeSlots, let address = Layout.address(fields[1]) else {
                throw BenchError("a line of CLUSTER NODES makes no sense: \(line.prefix(100))")
            }
            // In brackets stand slots that move in Redis Cluster; they are in the ranges too.
            let ranges = fields[Layout.fieldsBeforeSlots...].filter { !$0.hasPrefix("[") }
            guard !ranges.isEmpty, primaries.count < Int(Layout.none) else { continue }
            for text in ranges { try Layout.give(text, to: UInt16(primaries.count), &owners) }
            primaries.append(address)
        }
        let missing = owners.count { $0 == Layout.none }
        guard missing == 0 else {
            throw BenchError("\(Words.grouped(missing)) of \(Words.grouped(Slot.count)) slots have no primary: wait until the ring is ready, or leave -cluster out")
        }
        self.primaries = primaries
        self.owners = owners
    }

    /// `HOST:PORT@BUSPORT`; an address of IPv6 has no brackets there.
    private static func address(_ field: Substring) -> NodeAddress? {
        let place = field.prefix { $0 != "@" }
        guard let colon = place.lastIndex(of: ":"), colon > place.startIndex,
            let port = UInt16(place[place.index(after: colon)...])
        else { return nil }
        return NodeAddress(host: String(place[..<colon]), port: port)
    }

    /// - Parameter text: `7` or `7-9`.
    private static func give(_ text: Substring, to primary: UInt16, _ owners: inout [UInt16]) throws(BenchError) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first >= 0, first <= last, last < Slot.count
        else { throw BenchError("CLUSTER NODES names slots that there are not: \(text.prefix(100))") }
        for slot in first...last {
            guard owners[slot] == none else { throw BenchError("CLUSTER NODES names two primaries of slot \(slot)") }
            owners[slot] = primary
        }
    }
}
