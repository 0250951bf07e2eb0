import Cluster
import Protocol

/// Draws for each connection the keys that its primary leads, and no others.
///
/// - A key that another primary leads is drawn again. So the keys of one primary come, among themselves, as often as the
///   distribution says; how often one primary is asked and how often another is up to their connections.
/// - Each primary has a chooser of its own: it counts the keys that were there and those that its own connections inserted,
///   so a connection never asks for a new key that another one has yet to insert.
struct Router {
    /// Then the drawn key's next neighbour is taken: a primary may lead one slot in thousands. Where a primary leads a
    /// hundredth of the keys, one draw in thirteen comes to that; where it leads a tenth, one in 10¹¹.
    private static let drawsMax = 256
    private static let none = UInt16.max

    /// Those that lead a key of every kind in the load; connections go to them in turn.
    let primaries: [NodeAddress]
    /// By slot: an index in `primaries`.
    private let owners: [UInt16]
    private let slots = KeySlots()
    private var choosers: [KeyChooser]

    /// - Throws: where no primary leads a key of every kind that the load has.
    init(_ layout: Layout, verbs: [Verb], keys: KeyChooser) throws(BenchError) {
        let slots = slots
        let useful = layout.primaries.indices.filter { primary in
            verbs.filter { $0 != .ping }.allSatisfy { verb in
                (0..<keys.count).contains { layout.owners[slots.slot(of: verb, $0)] == primary }
            }
        }
        let numbers = layout.primaries.indices.map { useful.firstIndex(of: $0).map { UInt16($0) } ?? Router.none }
        owners = layout.owners.map { numbers[Int($0)] }
        primaries = useful.map { layout.primaries[$0] }
        choosers = primaries.map { _ in keys }
        guard !primaries.isEmpty else {
            throw BenchError("-cluster: no node leads a key of each verb of -mix: choose more -keys")
        }
    }

    /// The index in `primaries` that leads a key; nil: one that gets no connections.
    func primary(of verb: Verb, _ key: UInt64) -> Int? {
        let owner = owners[slots.slot(of: verb, key)]
        return owner == Router.none ? nil : Int(owner)
    }

    /// The next key for a connection.
    /// - Parameter connection: its number, from 0 on.
    mutating func key(of verb: Verb, on connection: Int, _ random: inout Random) -> UInt64 {
        let primary = connection % primaries.count
        switch verb {
        case .insert: return insert(at: primary)
        case .ping: return 0
        case .get, .set, .del, .incr, .append, .rmw, .fill: return existing(verb, at: primary, &random)
        }
    }

    private mutating func insert(at primary: Int) -> UInt64 {
        while true {
            let key = choosers[primary].insert()
            if owners[slots.slot(of: .insert, key)] == primary { return key }
        }
    }

    private func existing(_ verb: Verb, at primary: Int, _ random: inout Random) -> UInt64 {
        var key: UInt64 = 0
        for _ in 0..<Router.drawsMax {
            key = choosers[primary].key(for: random.next())
            if owners[slots.slot(of: verb, key)] == primary { return key }
        }
        // There is one: `init` has seen it.
        while owners[slots.slot(of: verb, key)] != primary { key = (key + 1) % choosers[primary].count }
        return key
    }
}
