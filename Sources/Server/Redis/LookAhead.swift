import Protocol

/// Plain commands that are read before their turn has come, so that the memory that they will need is on its way by
/// then: in a large table nearly every look-up waits for memory several times, and those of several commands can do so
/// at once.
struct LookAhead {
    struct Item {
        let command: PlainCommand
        let slot: Slot
    }

    /// As many as a processor fetches at a time, and somewhat more.
    private static let countMax = 16

    private var items: [Item] = []
    private var next = 0

    /// The plain command that is the reader's next one; nil: it is another one, or not there yet.
    mutating func item(of reader: RESPReader, _ expect: (UnsafeBufferPointer<ExpectedKey>) -> Void) -> Item? {
        if next == items.count { fill(from: reader, expect) }
        guard next < items.count, reader.isNext(items[next].command) else {
            removeAll()
            return nil
        }
        defer { next += 1 }
        return items[next]
    }

    /// The bytes of the reader are not where they were.
    mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        next = 0
    }

    private mutating func fill(from reader: RESPReader, _ expect: (UnsafeBufferPointer<ExpectedKey>) -> Void) {
        removeAll()
        reader.withBytes { bytes in
            var last: PlainCommand?
            while items.count < Self.countMax, let command = reader.plain(after: last, in: bytes) {
                let slot = Slot(key: UnsafeRawBufferPointer(rebasing: bytes[command.key]))
                items.append(Item(command: command, slot: slot))
                last = command
            }
            guard items.count > 1 else { return }
            withUnsafeTemporaryAllocation(of: ExpectedKey.self, capacity: Self.countMax) { keys in
                for (index, item) in items.enumerated() {
                    keys.initializeElement(
                        at: index,
                        to: ExpectedKey(
                            slot: item.slot, key: UnsafeRawBufferPointer(rebasing: bytes[item.command.key]),
                            isWrite: item.command.value != nil))
                }
                expect(UnsafeBufferPointer(rebasing: keys[..<items.count]))
            }
        }
    }
}
