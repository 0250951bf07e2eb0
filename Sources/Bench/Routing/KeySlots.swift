import Protocol

/// The slot of a key of the load, from its number alone.
///
/// A key's slot is a CRC that begins with zero: of names of one length, the CRC of their exclusive or is the exclusive or of
/// their CRCs. So each pair of digits, at its place, changes the slot of `key:000000000000` by what one table says. That is
/// six look-ups, in 1,200 bytes, where a CRC goes through sixteen bytes one by one.
struct KeySlots {
    private static let pairs = KeyName.digits / 2

    /// By the raw value of a verb: the slot of its key 0.
    private let first: [UInt16]
    /// By place, the last two digits first, and pair: what they change.
    private let changes: [UInt16]

    init() {
        first = Verb.allCases.map { KeySlots.slot(of: $0, 0) }
        var (changes, step): ([UInt16], UInt64) = ([], 1)
        for _ in 0..<KeySlots.pairs {
            changes += (0..<100).map { pair in KeySlots.slot(of: .get, pair * step) ^ KeySlots.slot(of: .get, 0) }
            step *= 100
        }
        self.changes = changes
    }

    /// The index of the slot.
    /// - Parameter key: less than `KeyName.countMax`.
    func slot(of verb: Verb, _ key: UInt64) -> Int {
        var (slot, rest, place) = (first[Int(verb.rawValue)], key, 0)
        while rest > 0 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            slot ^= changes[place + Int(pair)]
            rest = quotient
            place += 100
        }
        return Int(slot)
    }

    private static func slot(of verb: Verb, _ key: UInt64) -> UInt16 {
        withUnsafeTemporaryAllocation(byteCount: KeyName.length, alignment: 1) { name in
            name.copyBytes(from: UnsafeRawBufferPointer(start: verb.keyPrefix.utf8Start, count: KeyName.length - KeyName.digits))
            // Of sixteen bytes, so it has an address.
            KeyName.write(key, to: name.baseAddress.unsafelyUnwrapped + KeyName.length - KeyName.digits)
            return Slot(key: UnsafeRawBufferPointer(name)).rawValue
        }
    }
}
