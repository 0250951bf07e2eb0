import Protocol

/// Where a SCAN goes on, as a number that clients carry: the slot in its lower 14 bits, above them a mark of the last
/// key that was seen in it; 0 stands for the beginning, and for the end.
package struct ScanCursor: Hashable, Sendable {
    private static let slotBits: UInt64 = 14

    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// - Parameter mark: 0 for the beginning of the slot; else of 50 bits.
    package init(slot: Int, mark: UInt64) { rawValue = UInt64(slot) | mark << Self.slotBits }

    package var slot: Int { Int(rawValue & (1 << Self.slotBits - 1)) }
    package var mark: UInt64 { rawValue >> Self.slotBits }

    /// - Parameter hash: of a key.
    package static func mark(_ hash: UInt64) -> UInt64 { max(hash >> slotBits, 1) }
}

/// The words of SCAN.
package struct ScanRequest: Equatable, Sendable {
    package let cursor: ScanCursor
    /// About how many keys to look at.
    package private(set) var count = 10
    private var pattern: [UInt8]?
    private var hasOtherType = false

    private static let countMax = 100_000

    package init(_ command: RESPCommand) throws(RedisFault) {
        guard let number = UInt64(command.slice(1).text) else { throw RedisFault("ERR invalid cursor") }
        cursor = ScanCursor(rawValue: number)
        var index = 2
        while index < command.count {
            let word = command.slice(index)
            guard index + 1 < command.count else { throw .syntax }
            if word.means("count") {
                let count = try command.integer(index + 1)
                guard count >= 1 else { throw .syntax }
                self.count = Int(min(count, Int64(Self.countMax)))
            } else if word.means("match") {
                pattern = command[index + 1]
            } else if word.means("type") {
                hasOtherType = !command.slice(index + 1).means("string")
            } else {
                throw .syntax
            }
            index += 2
        }
    }

    package func matches(_ key: [UInt8]) -> Bool {
        !hasOtherType && pattern.map { Glob.matches($0, key) } ?? true
    }
}
