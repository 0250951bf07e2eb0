import Cluster
import Protocol

/// Something that happens in a `GossipRing`. Nodes go by their index; what is for a membership that is no
/// more is dropped.
enum GossipEvent {
    case tick(Int)
    case packet([UInt8], from: Int, to: NodeAddress)
    case dial(from: Int, to: Int)
    case exchange(RecordExchange, from: Int, to: Int)
    /// A question for a sign of life, over the stream, and the sign.
    case streamProbe(from: Int, to: Int)
    case signOfLife(from: Int, to: Int)
    case durable(Int, membership: ObjectIdentifier, incarnation: UInt64)
}
