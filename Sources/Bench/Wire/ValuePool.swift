import Cluster

/// Letters and digits that values are cut from, so that neighbours differ and none needs an escape.
final class ValuePool {
    /// A value begins at one of so many places.
    private static let starts = 4_096

    private let memory: UnsafeMutableRawBufferPointer

    /// - Parameter size: of the values, in bytes.
    init(size: Int, random: inout Random) {
        memory = .allocate(byteCount: size + ValuePool.starts, alignment: 64)
        let symbols = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        for index in memory.indices { memory[index] = symbols[Int(random.next() >> 32) % symbols.count] }
    }

    deinit { memory.deallocate() }

    /// Where the value begins that a random number stands for.
    func value(for number: UInt64) -> UnsafeRawPointer {
        UnsafeRawPointer(memory.baseAddress.unsafelyUnwrapped) + Int(number >> 48 & UInt64(ValuePool.starts - 1))
    }
}
