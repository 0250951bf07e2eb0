import CProcessor
import Protocol

/// How far the numbers of a few origins have come. An origin numbers upwards: what is beyond is new.
struct OriginNumbers: Sendable {
    private static let originsMax = 8

    private var origins: [(origin: UInt64, number: UInt64)] = []
    /// Whether there were more origins than have room: then nothing is known of those that are not here.
    private var isPartial = false

    /// Whether a number so high has been noted, or may have been.
    func mayReach(_ request: RequestID) -> Bool {
        for item in origins where item.origin == request.origin { return request.number <= item.number }
        return isPartial
    }

    func expect() { torc_prefetch(address(of: origins)) }

    mutating func note(_ request: RequestID) {
        for index in origins.indices where origins[index].origin == request.origin {
            origins[index].number = max(origins[index].number, request.number)
            return
        }
        if origins.count == Self.originsMax {
            origins.removeFirst()
            isPartial = true
        }
        origins.append((request.origin, request.number))
    }
}
