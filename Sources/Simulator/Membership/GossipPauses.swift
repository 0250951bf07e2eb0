import Cluster

/// How nodes of a ring are paused again and again, as in Lifeguard's test.
package struct GossipPauses {
    /// So much of the ring is paused at any time, but at least one node.
    package var part = 0.05
    package var lengths: ClosedRange<Duration> = .milliseconds(100) ... .seconds(4)
    /// A node that was paused runs at least so long before its next pause.
    package var rest: Duration = .milliseconds(200)

    package init() {}

    func length(using random: inout Random) -> Duration {
        let range = lengths.lowerBound.wholeMicroseconds...lengths.upperBound.wholeMicroseconds
        return .microseconds(Int64(UInt64.random(in: range, using: &random)))
    }
}
