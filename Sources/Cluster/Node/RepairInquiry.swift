import Protocol

/// A repair that an operator asked for, while the other nodes say what they have.
struct RepairInquiry {
    let number: UInt64
    let token: UInt64
    let word: RepairWord
    let deadline: Instant
    var awaited: [NodeID]
    var reports: [NodeID: RepairReport]
}
