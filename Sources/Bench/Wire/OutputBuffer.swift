/// The bytes that a connection is about to send. Its memory is taken once and used again; what is sent starts at its
/// beginning.
struct OutputBuffer: ~Copyable {
    private var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    /// - Parameter capacity: what usually has room; more is taken where that is not enough.
    init(capacity: Int) { memory = .allocate(byteCount: max(64, capacity), alignment: 16) }

    deinit { memory.deallocate() }

    var isEmpty: Bool { count == 0 }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    /// Room for `length` more bytes, which count as written: the caller fills all of them.
    mutating func extend(by length: Int) -> UnsafeMutableRawPointer {
        if count + length > memory.count { grow(to: count + length) }
        // Not empty, so it has an address.
        let start = memory.baseAddress.unsafelyUnwrapped + count
        count += length
        return start
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        extend(by: bytes.count).copyMemory(from: base, byteCount: bytes.count)
    }

    mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func removeAll() { count = 0 }

    private mutating func grow(to needed: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(needed, 2 * memory.count), alignment: 16)
        larger.copyMemory(from: bytes)
        memory.deallocate()
        memory = larger
    }
}
