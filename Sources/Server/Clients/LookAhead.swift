import Protocol

/// Plain commands that are read before their turn has come, so that the memory that they will need is on its way by
/// then: in a large table nearly every look-up waits for memory several times, and those of several commands can do so
/// at once.
struct LookAhead {
    struct Item {
        let command: PlainCommand
        let slot: Slot
        var isSet: Bool { command.value != nil }
    }

    /// As many as a processor fetches at a time, and somewhat more.
    static let countMax = 16

    private var items: [Item] = []
    private var next = 0
    /// Whether none of those that were read has been taken.
    var isFresh: Bool { next == 0 }

    /// Those that wait, the reader's next command first.
    var waiting: ArraySlice<Item> { items[next...] }

    /// Sees to it that there are some, if the reader's next command is a plain one.
    /// - Returns: whether there are.
    mutating func look(into reader: some PlainCommandReader) -> Bool {
        if next == items.count { fill(from: reader) }
        guard next < items.count, reader.isNext(items[next].command) else {
            removeAll()
            return false
        }
        return true
    }

    /// The last that was taken of those that were read together.
    var lastTaken: Item? { next > 0 ? items[next - 1] : nil }

    /// So many of them are taken; the reader is to go on behind them.
    mutating func take(_ count: Int) { next += count }

    /// Carries out as many of those that wait as can be at once, and takes them.
    /// - Parameters:
    ///   - gets: the level of consistency of a GET; `sets`, of a SET.
    ///   - answer: writes what a request came to; returns how many bytes wait to be written then.
    /// - Returns: how many were carried out.
    mutating func carryOut(
        in reader: some PlainCommandReader, gets: Consistency, sets: Consistency, by clients: Clients,
        _ answer: (RequestView, AnswerView) -> Int
    ) -> Int {
        var count = 0, answered = 0
        withViews(in: reader, gets: gets, sets: sets) { requests in
            if isFresh, requests.count > 1 { clients.expect(requests) }
            count = clients.carryOutAtOnce(requests) { found in
                let bytes = answer(requests[answered], found)
                answered += 1
                return bytes < clients.limits.outputBytesToPause
            }
        }
        next += count
        return count
    }

    /// Carries out as many GETs of those that wait as can be together, and takes them.
    /// - Parameters:
    ///   - token: of the first; those of the others follow.
    ///   - answer: is told what a GET found.
    /// - Returns: how many were carried out.
    mutating func readTogether(
        in reader: some PlainCommandReader, gets: Consistency, token: UInt64, by clients: Clients,
        _ answer: (AnswerView) -> Void
    ) -> Int {
        var count = 0
        withViews(in: reader, gets: gets, sets: .quorum) { requests in
            count = clients.readTogether(requests, token: token) { found in
                answer(found)
                return true
            }
        }
        next += count
        return count
    }

    /// Shows the reader's next command, if there is only one and it is a plain one.
    mutating func showOnly(in reader: some PlainCommandReader, _ body: (RequestView) -> Void) {
        guard look(into: reader), items.count - next == 1 else { return }
        withViews(in: reader, gets: .quorum, sets: .quorum) { body($0[0]) }
    }

    /// They will be submitted one by one.
    func expect(in reader: some PlainCommandReader, by clients: Clients) {
        guard isFresh, items.count > 1 else { return }
        withViews(in: reader, gets: .quorum, sets: .quorum) { clients.expect($0) }
    }

    /// Shows those that wait as they lie.
    private func withViews(
        in reader: some PlainCommandReader, gets: Consistency, sets: Consistency,
        _ body: (UnsafeBufferPointer<RequestView>) -> Void
    ) {
        reader.withBytes { bytes in
            withUnsafeTemporaryAllocation(of: RequestView.self, capacity: items.count - next) { views in
                for index in views.indices {
                    let item = items[next + index]
                    let value = item.command.value.map { UnsafeRawBufferPointer(rebasing: bytes[$0]) }
                    let view = RequestView(
                        value.map { .set($0) } ?? .get, slot: item.slot,
                        key: UnsafeRawBufferPointer(rebasing: bytes[item.command.key]),
                        consistency: item.isSet ? sets : gets)
                    views.initializeElement(at: index, to: view)
                }
                body(UnsafeBufferPointer(views))
            }
        }
    }

    /// The bytes of the reader are not where they were.
    mutating func removeAll() {
        guard !items.isEmpty else { return }
        items.removeAll(keepingCapacity: true)
        next = 0
    }

    private mutating func fill(from reader: some PlainCommandReader) {
        removeAll()
        reader.withBytes { bytes in
            var last: PlainCommand?
            while items.count < Self.countMax, let command = reader.plain(after: last, in: bytes) {
                let slot = Slot(key: UnsafeRawBufferPointer(rebasing: bytes[command.key]))
                items.append(Item(command: command, slot: slot))
                last = command
            }
        }
    }
}
