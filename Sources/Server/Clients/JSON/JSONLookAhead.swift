import Protocol

/// Requests that are read before their turn has come, so that the memory that they will need is on its way by then
/// (`LookAhead` says why).
struct JSONLookAhead {
    struct Item {
        let request: JSONRequest
        /// Of its key.
        let slot: Slot
    }

    private static let countMax = 16
    /// No more is read ahead where those that wait have so much.
    private static let bytesMax = 16 * 1_024

    /// Those from `next` on wait.
    private var items: [Item] = []
    private var next = 0
    /// What came behind them.
    private var error: JSONRequestError?
    /// What those that wait took of the input.
    private(set) var bytes = 0

    /// Whether none wait.
    var isEmpty: Bool { next == items.count && error == nil }

    /// The next request; nil when more bytes are needed. After an error the next call goes on behind it.
    mutating func next(
        of reader: JSONRequestReader, _ expect: (UnsafeBufferPointer<RequestView>) -> Void
    ) throws(JSONRequestError) -> Item? {
        if next == items.count {
            if let error {
                self.error = nil
                throw error
            }
            fill(from: reader)
            tell(expect)
            if items.isEmpty, let error {
                self.error = nil
                throw error
            }
        }
        guard next < items.count else { return nil }
        defer {
            next += 1
            if next == items.count { removeAll() }
        }
        return items[next]
    }

    private mutating func removeAll() {
        items.removeAll(keepingCapacity: true)
        next = 0
        bytes = 0
    }

    private mutating func fill(from reader: JSONRequestReader) {
        removeAll()
        let before = reader.pendingBytes
        do throws(JSONRequestError) {
            while items.count < Self.countMax, before - reader.pendingBytes < Self.bytesMax,
                let request = try reader.next()
            {
                items.append(Item(request: request, slot: Slot(key: request.key)))
            }
        } catch {
            self.error = error
        }
        if !items.isEmpty { bytes = before - reader.pendingBytes }
    }

    private func tell(_ expect: (UnsafeBufferPointer<RequestView>) -> Void) {
        guard items.count > 1 else { return }
        var keys: [UInt8] = []
        for item in items { keys += item.request.key }
        keys.withUnsafeBytes { keys in
            withUnsafeTemporaryAllocation(of: RequestView.self, capacity: Self.countMax) { expected in
                var start = 0
                for (index, item) in items.enumerated() {
                    let end = start + item.request.key.count
                    expected.initializeElement(
                        at: index,
                        to: RequestView(
                            .other(isWrite: item.request.isWrite), slot: item.slot,
                            key: UnsafeRawBufferPointer(rebasing: keys[start..<end]),
                            consistency: item.request.consistency))
                    start = end
                }
                expect(UnsafeBufferPointer(rebasing: expected[..<items.count]))
            }
        }
    }
}

extension JSONRequest {
    fileprivate var isWrite: Bool {
        if case .operation(let operation) = kind { operation.isWrite } else { false }
    }
}
