/// What membership did and what it dropped, since the start. For metrics and tests; nothing decides by it.
package struct MembershipCounters: Equatable, Sendable {
    package var packetsSent = 0
    package var bytesSent = 0
    package var packetsReceived = 0

    /// Dropped packets, by reason.
    package var oversized = 0
    package var notAPacket = 0
    package var unknownVersion = 0
    package var damaged = 0
    package var foreignRing = 0
    package var malformed = 0
    /// From this node's own id.
    package var fromSelf = 0
    /// From a sender that the ring knows a later record of: an old disk, a lower incarnation, a forgotten
    /// node, or a packet that took long.
    package var outdatedSender = 0
    /// Requests to ping that exceeded the bound.
    package var refusedRequests = 0

    package var probes = 0
    package var probesFailed = 0
    package var suspicions = 0
    package var deaths = 0
    package var refutations = 0
    /// How often the process found that it had been paused.
    package var pauses = 0

    package var dropped: Int {
        oversized + notAPacket + unknownVersion + damaged + foreignRing + malformed + fromSelf
            + outdatedSender
    }
}
