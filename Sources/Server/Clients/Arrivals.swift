import Protocol

/// Connections that were read in a turn and are served together, so that the memory that the first request of each of
/// them needs is on its way for all of them at once. Where each of many clients waits for an answer before it asks again,
/// no connection has anything to look ahead to by itself.
struct Arrivals {
    /// As many as are served together.
    static let countMax = 32
    /// Of what has come on a connection in one read: one that has brought more looks ahead by itself.
    static let pieceBytesMax = 512
    /// Nothing is fetched for longer keys.
    private static let keyBytesMax = 64

    private var connections: [ClientConnection] = []

    var isEmpty: Bool { connections.isEmpty }
    var isFull: Bool { connections.count >= Self.countMax }

    mutating func add(_ connection: ClientConnection) { connections.append(connection) }

    /// Serves them, in the order in which they came.
    mutating func serve(by clients: Clients) {
        guard !connections.isEmpty else { return }
        if connections.count > 1 { expect(by: clients) }
        for connection in connections { connection.serveArrival() }
        connections.removeAll(keepingCapacity: true)
    }

    private func expect(by clients: Clients) {
        withUnsafeTemporaryAllocation(byteCount: connections.count * Self.keyBytesMax, alignment: 1) { keys in
            withUnsafeTemporaryAllocation(of: RequestView.self, capacity: connections.count) { views in
                var count = 0
                for connection in connections {
                    connection.conversation.lookAhead { request in
                        guard request.key.count <= Self.keyBytesMax else { return }
                        // It lies in the connection's input only as long as this is called.
                        let key = UnsafeMutableRawBufferPointer(
                            rebasing: keys[count * Self.keyBytesMax..<count * Self.keyBytesMax + request.key.count])
                        key.copyMemory(from: request.key)
                        views.initializeElement(
                            at: count,
                            to: RequestView(
                                .other(isWrite: request.isWrite), slot: request.slot, key: UnsafeRawBufferPointer(key),
                                consistency: request.consistency))
                        count += 1
                    }
                }
                clients.expect(UnsafeBufferPointer(rebasing: views[..<count]))
            }
        }
    }
}
