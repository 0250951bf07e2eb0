import Cluster
import Protocol

/// The keys of records on disk (docs/storage.md). Numbers are big endian, so that bytewise order is the
/// order of slots and versions and each slot is one range. What is here is on disk: do not change it.
enum StorageKey {
    /// The only keyspace so far.
    private static let keyspace: UInt8 = 0
    /// Stands where a keyspace would, behind them all: what expires, by when.
    private static let expiries: UInt8 = 0xFF
    /// The meta record that holds the format of the data.
    static let format: [UInt8] = [0]

    /// The record of a family, behind all others, that says up to which batch of the log it is.
    static let position: [UInt8] = [0xFF]

    private enum Tag: UInt8 {
        // 0 is `format`.
        case ring = 1
        case slot = 2
        case progress = 3
        case request = 4
    }

    static func data(_ slot: Slot, _ key: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(dataPrefixBytes + key.count)
        appendDataPrefix(of: slot, to: &bytes)
        bytes.append(contentsOf: key)
        return bytes
    }

    /// How many bytes stand before the user's key in a data key.
    static let dataPrefixBytes = 3

    /// - Parameter start: there is room for `dataPrefixBytes`.
    static func writeDataPrefix(of slot: Slot, to start: UnsafeMutableRawPointer) {
        start.storeBytes(of: slot.rawValue.bigEndian, as: UInt16.self)
        start.storeBytes(of: keyspace, toByteOffset: 2, as: UInt8.self)
    }

    static func appendDataPrefix(of slot: Slot, to bytes: inout [UInt8]) {
        bytes.append(bigEndian: slot.rawValue)
        bytes.append(keyspace)
    }

    /// Where the data keys of `slot` end; what expires is behind them.
    static func dataEnd(of slot: Slot) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: slot.rawValue)
        bytes.append(keyspace + 1)
        return bytes
    }

    /// Whether a key of the data is that of an entry; else it is of what expires.
    static func isEntry(_ key: UnsafeRawBufferPointer) -> Bool { key.count >= dataPrefixBytes && key[2] == keyspace }

    /// A record without a value: that the entry under `key` expires then.
    static func expiry(_ slot: Slot, _ at: Timestamp, _ key: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(11 + key.count)
        bytes.append(bigEndian: slot.rawValue)
        bytes.append(expiries)
        bytes.append(bigEndian: at.milliseconds)
        bytes.append(contentsOf: key)
        return bytes
    }

    static func log(_ slot: Slot, _ version: Version) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: slot.rawValue)
        bytes.append(bigEndian: version.rawValue)
        return bytes
    }

    /// Where the records of `slot` begin and end, in the data as in the logs.
    static func range(of slot: Slot) -> (from: [UInt8], to: [UInt8]) {
        var from: [UInt8] = []
        var to: [UInt8] = []
        from.append(bigEndian: slot.rawValue)
        to.append(bigEndian: slot.rawValue + 1)
        return (from, to)
    }

    /// The slot of a data or log key; nil when it is none.
    static func slot(of key: [UInt8]) -> Slot? {
        key.count < 2 ? nil : Slot(Int(key[0]) << 8 | Int(key[1]))
    }

    static func slot(of key: UnsafeRawBufferPointer) -> Slot? {
        key.count < 2 ? nil : Slot(Int(key[0]) << 8 | Int(key[1]))
    }

    static func meta(_ key: MetaKey) -> [UInt8] {
        var bytes: [UInt8] = []
        switch key {
        case .ring:
            bytes.append(Tag.ring.rawValue)
        case .slot(let slot):
            bytes.append(Tag.slot.rawValue)
            bytes.append(bigEndian: slot.rawValue)
        case .progress(let slot):
            bytes.append(Tag.progress.rawValue)
            bytes.append(bigEndian: slot.rawValue)
        case .request(let slot, let version):
            bytes.append(Tag.request.rawValue)
            bytes.append(bigEndian: slot.rawValue)
            bytes.append(bigEndian: version.rawValue)
        }
        return bytes
    }

    /// The meta key that `bytes` are; nil when they are none.
    static func metaKey(_ bytes: [UInt8]) -> MetaKey? {
        guard let first = bytes.first, let tag = Tag(rawValue: first) else { return nil }
        let rest = Array(bytes.dropFirst())
        switch tag {
        case .ring:
            return rest.isEmpty ? .ring : nil
        case .slot:
            return rest.count == 2 ? slot(of: rest).map(MetaKey.slot) : nil
        case .progress:
            return rest.count == 2 ? slot(of: rest).map(MetaKey.progress) : nil
        case .request:
            guard rest.count == 10, let slot = slot(of: rest) else { return nil }
            let number = rest[2...].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return .request(slot, Version(rawValue: number))
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
