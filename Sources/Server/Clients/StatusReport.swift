import Protocol

/// How the ring is, as one node knows it: what STATUS answers.
struct StatusReport {
    struct Node {
        let record: RingRecord
        let liveness: Liveness
        /// Slots that it should hold.
        let targets: UInt32
        /// What it says of itself; nil where it has not said.
        let status: NodeStatus?
    }

    let ring: RingID
    /// Copies of each slot that the ring should keep.
    let replicas: Int
    /// In the order of their ids; `waiting` is made of what they say.
    let nodes: [Node]
}
