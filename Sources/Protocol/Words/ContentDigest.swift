import CXXHash

/// The digest of a large value's bytes: XXH3, 128 bits, the same on every machine. An entry that carries it is compared and
/// counted by it, so that 16 MiB are not looked at again with every change; it is taken while they come, or once.
package struct ContentDigest: Equatable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package init(of bytes: UnsafeRawBufferPointer) { self.init(XXH3_128bits(bytes.baseAddress, bytes.count)) }

    package init(of bytes: [UInt8]) { self.init(bytes.withUnsafeBytes { XXH3_128bits($0.baseAddress, $0.count) }) }

    private init(_ hash: XXH128_hash_t) { self.init(high: hash.high64, low: hash.low64) }

    /// Takes the bytes piece by piece.
    package final class Running {
        /// Nil: there was no memory for it.
        private let state: OpaquePointer?

        package init() {
            state = XXH3_createState()
            XXH3_128bits_reset(state)
        }

        deinit { XXH3_freeState(state) }

        package func add(_ bytes: UnsafeRawBufferPointer) { XXH3_128bits_update(state, bytes.baseAddress, bytes.count) }

        /// Of all that was added.
        package var digest: ContentDigest { ContentDigest(XXH3_128bits_digest(state)) }
    }
}

extension ContentDigest: WireFormat {
    /// On the wire and on disk.
    static let bytes = 16

    package func write(to writer: inout ByteWriter) {
        writer.write(high)
        writer.write(low)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let high = try reader.readUInt64()
        self.init(high: high, low: try reader.readUInt64())
    }
}

extension ContentDigest: CustomStringConvertible {
    package var description: String { "\(String(high, radix: 16)).\(String(low, radix: 16))" }
}
