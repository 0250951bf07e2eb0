/// Names one request of one connection within this start of the node; never used twice.
///
/// The place is an index into the connections. Sequences count on when another connection takes the place,
/// so that an answer which comes late finds nobody.
struct ClientToken {
    static let placesMax = 1 << 16
    /// At a million requests a second in one place they last nine years.
    private static let sequenceBits: UInt64 = 48

    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(place: Int, sequence: UInt64) {
        rawValue = UInt64(place) << ClientToken.sequenceBits | sequence
    }

    var place: Int { Int(rawValue >> ClientToken.sequenceBits) }
    var sequence: UInt64 { rawValue & (1 << ClientToken.sequenceBits - 1) }
}
