/// What is to be written to a client: bytes, and among them large values that others have too and that nobody copies.
package struct Output {
    /// A large value, and how many of `bytes` come before it.
    private struct Shared {
        let place: Int
        let value: [UInt8]
    }

    /// All but the large values. To be appended to.
    package var bytes: [UInt8] = []
    /// In their order; nil: there are none.
    private var shared: [Shared]?
    @usableFromInline private(set) var sharedBytes = 0

    package init() {}

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    @inlinable package var count: Int { bytes.count + sharedBytes }
    @inlinable package var isEmpty: Bool { count == 0 }

    package mutating func append(shared value: [UInt8]) {
        append(Shared(place: bytes.count, value: value))
        sharedBytes += value.count
    }

    private mutating func append(_ item: Shared) {
        if shared == nil { shared = [] }
        shared?.append(item)
    }

    package static func += (left: inout Output, right: Output) {
        for item in right.shared ?? [] {
            left.append(Shared(place: left.bytes.count + item.place, value: item.value))
        }
        left.sharedBytes += right.sharedBytes
        left.bytes += right.bytes
    }

    /// Empties it.
    /// - Parameter keptMax: memory beyond that is given back.
    package mutating func removeAll(keptMax: Int) {
        if bytes.capacity > keptMax { bytes = [] } else { bytes.removeAll(keepingCapacity: true) }
        shared = nil
        sharedBytes = 0
    }

    /// Calls one of the two with each piece, in order.
    package func forEachPiece(bytes take: (UnsafeRawBufferPointer) -> Void, shared takeShared: ([UInt8]) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            for item in shared ?? [] {
                take(UnsafeRawBufferPointer(rebasing: bytes[start..<item.place]))
                takeShared(item.value)
                start = item.place
            }
            take(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
    }

    /// All in one.
    package var whole: [UInt8] {
        var all: [UInt8] = []
        forEachPiece(bytes: { all += $0 }, shared: { all += $0 })
        return all
    }
}
