/// The tokens of some nodes in clockwise order: the circle on which slots look for their nodes.
///
/// Nodes are named by their index in the order of their ids, so the circle depends on ids and weights
/// alone. All of it is part of the agreement between nodes: change it, and every slot moves.
struct TokenCircle {
    /// Tokens of a node of weight 1: enough that its natural share is within some 6 % of the mean.
    static let tokensPerWeight = 256
    /// Slot s stands at s · 2^50: the slots divide the 2^64 positions evenly.
    private static let slotShift: UInt64 = 50

    /// The owner of each token, clockwise.
    let owners: [Int32]
    /// For each slot the first token at or after its position; the number of tokens where there is none.
    let starts: [Int32]

    init(nodes: [(id: [UInt8], weight: Int)], slots: Int) {
        var tokens: [(position: UInt64, owner: Int32)] = []
        tokens.reserveCapacity(nodes.reduce(0) { $0 + $1.weight } * TokenCircle.tokensPerWeight)
        for (owner, node) in nodes.enumerated() {
            TokenCircle.forEachPosition(id: node.id, count: node.weight * TokenCircle.tokensPerWeight) {
                tokens.append(($0, Int32(owner)))
            }
        }
        // Two tokens at one position: the lower id first.
        tokens.sort { ($0.position, $0.owner) < ($1.position, $1.owner) }
        owners = tokens.map(\.owner)

        var starts: [Int32] = []
        starts.reserveCapacity(slots)
        var next = 0
        for slot in 0..<slots {
            let position = UInt64(slot) << TokenCircle.slotShift
            while next < tokens.count, tokens[next].position < position { next += 1 }
            starts.append(Int32(next))
        }
        self.starts = starts
    }

    /// A token's position: XXH3 of the id's bytes and the token's index, 32 bits little endian.
    private static func forEachPosition(id: [UInt8], count: Int, _ body: (UInt64) -> Void) {
        var bytes = id + [0, 0, 0, 0]
        for index in 0..<count {
            for byte in 0..<4 {
                bytes[id.count + byte] = UInt8(truncatingIfNeeded: index >> (8 * byte))
            }
            body(XXH3.hash(bytes))
        }
    }
}
