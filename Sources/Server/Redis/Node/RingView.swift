import Cluster
import Protocol

/// What a node can say of its ring at once, from what it knows itself.
protocol RingView: AnyObject {
    var member: Member { get }
    /// Every node that is not out of the ring, this one included.
    var nodes: [RingRecord] { get }
    func record(of node: NodeID) -> RingRecord?
    func isAlive(_ node: NodeID) -> Bool
    /// Who holds a slot, the primary first; nil: not known yet.
    func configuration(of slot: Slot) -> Configuration?
    /// Whether this node has a complete copy of it.
    func isComplete(_ slot: Slot) -> Bool
    var replicas: Int { get }
    /// Whether it holds all that it should.
    var isReady: Bool { get }
    /// What the slots of this node add up to, and how many of them it should hold.
    var counts: SlotCensus.Counts { get }
    var slotsTargeted: Int { get }
    /// Slots that changed and have not come to rest since.
    var slotsUnsettled: Int { get }
    var linkedNodes: [NodeID] { get }
    /// Settings under the names that CONFIG shows.
    var parameters: [(name: String, value: String)] { get }
}
