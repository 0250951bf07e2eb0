import Cluster
import Protocol
import Redis

/// Which key a cursor stands for: of the latest ones that this node gave. A cursor that is not here, of another node
/// perhaps, is searched in its slot.
struct CursorMemory {
    private static let countMax = 4_096

    private var keys: [ScanCursor: [UInt8]] = [:]
    private var order: [ScanCursor] = []
    private var oldest = 0

    mutating func keep(_ position: RingWalk.Position) -> ScanCursor {
        guard let key = position.after else { return ScanCursor(slot: position.slot, mark: 0) }
        let cursor = ScanCursor(slot: position.slot, mark: ScanCursor.mark(of: key))
        if keys.updateValue(key, forKey: cursor) == nil { remember(cursor) }
        return cursor
    }

    func key(of cursor: ScanCursor) -> [UInt8]? { keys[cursor] }

    private mutating func remember(_ cursor: ScanCursor) {
        guard order.count == Self.countMax else { return order.append(cursor) }
        keys[order[oldest]] = nil
        order[oldest] = cursor
        oldest = (oldest + 1) % Self.countMax
    }
}

extension ScanCursor {
    static func mark(of key: [UInt8]) -> UInt64 { mark(XXH3.hash(key)) }
}
