import Protocol

/// What commands that are not plain will need, fetched before their turn has come, for several at once: as `LookAhead`
/// does for plain ones, but that they are read anew when it has.
struct KeyForesight {
    /// How many of the commands that come next have been looked at.
    private var foreseen = 0

    /// So many commands have been taken without a look.
    mutating func pass(_ count: Int) { foreseen = max(0, foreseen - count) }

    /// The reader's next command is about to be taken.
    mutating func look(into reader: RESPReader, by clients: Clients) {
        guard foreseen == 0 else { return foreseen -= 1 }
        reader.withBytes { bytes in
            withUnsafeTemporaryAllocation(of: RequestView.self, capacity: LookAhead.countMax) { views in
                var count = 0
                reader.forEachKey(in: bytes) { range in
                    let key = UnsafeRawBufferPointer(rebasing: bytes[range])
                    let view = RequestView(.other(isWrite: true), slot: Slot(key: key), key: key, consistency: .quorum)
                    views.initializeElement(at: count, to: view)
                    count += 1
                    return count < LookAhead.countMax
                }
                guard count > 1 else { return }
                clients.expect(UnsafeBufferPointer(rebasing: views[..<count]))
                foreseen = count - 1
            }
        }
    }
}
