/// What a node sent, headers of IP, UDP and TCP included.
package struct GossipTraffic: Equatable {
    /// 20 bytes of IPv4, 8 of UDP.
    private static let packetHeaderBytes = 28
    /// 20 bytes of IPv4, 32 of TCP with time stamps, 4 of the frame's length.
    private static let streamHeaderBytes = 56

    package private(set) var packets = 0
    package private(set) var packetBytes = 0
    /// Exchanges over streams.
    package private(set) var streamMessages = 0
    package private(set) var streamBytes = 0

    package var bytes: Int { packetBytes + streamBytes }

    mutating func countPacket(_ bytes: Int) {
        packets += 1
        packetBytes += bytes + GossipTraffic.packetHeaderBytes
    }

    mutating func countMessage(_ bytes: Int) {
        streamMessages += 1
        streamBytes += bytes + GossipTraffic.streamHeaderBytes
    }

    package static func + (left: GossipTraffic, right: GossipTraffic) -> GossipTraffic {
        left.adding(right, times: 1)
    }

    package static func - (left: GossipTraffic, right: GossipTraffic) -> GossipTraffic {
        left.adding(right, times: -1)
    }

    private func adding(_ other: GossipTraffic, times: Int) -> GossipTraffic {
        var sum = self
        sum.packets += times * other.packets
        sum.packetBytes += times * other.packetBytes
        sum.streamMessages += times * other.streamMessages
        sum.streamBytes += times * other.streamBytes
        return sum
    }
}
