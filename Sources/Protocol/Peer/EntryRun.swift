/// Entries of a slot in key order, in the form that frames and tables have in common: they go from a table to a
/// frame and from a frame to a table as they are, without a value of its own for each.
package struct EntryRun: Equatable, Sendable {
    package private(set) var count = 0
    /// Each a key and its entry (`KeyedEntry`), one after another.
    package private(set) var bytes: [UInt8] = []
    /// What keys and values take of that.
    package private(set) var payloadBytes = 0
    /// Where the last one begins.
    private var lastStart = 0

    package init() {}

    package init(_ entries: some Sequence<KeyedEntry>) {
        for item in entries { append(item) }
    }

    package var isEmpty: Bool { count == 0 }

    package var lastKey: [UInt8]? {
        guard count > 0 else { return nil }
        return bytes.withUnsafeBytes { buffer in
            var offset = lastStart
            return EntryView.next(in: buffer, at: &offset).map { Array($0.key) }
        }
    }

    package mutating func append(_ item: KeyedEntry) {
        var writer = ByteWriter(reserving: item.key.count + item.entry.value.count + 50)
        writer.write(item)
        begin(payload: item.key.count + item.entry.value.count)
        bytes.append(contentsOf: writer.bytes)
    }

    package mutating func append(_ view: EntryView) {
        begin(payload: view.key.count + view.value.count)
        withUnsafeBytes(of: UInt32(clamping: view.key.count).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: view.key)
        bytes.append(upTo: view.recordBytes) { start in
            view.writeRecord(to: start)
            return view.recordBytes
        }
    }

    package mutating func reserve(bytes count: Int) { bytes.reserveCapacity(count) }

    private mutating func begin(payload: Int) {
        lastStart = bytes.count
        payloadBytes += payload
        count += 1
    }

    /// Calls `body` with each in turn. What it gets is valid only within the call.
    package func forEach(_ body: (EntryView) -> Void) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while let view = EntryView.next(in: buffer, at: &offset) { body(view) }
        }
    }

    package var entries: [KeyedEntry] {
        var all: [KeyedEntry] = []
        all.reserveCapacity(count)
        forEach { all.append(KeyedEntry(key: Array($0.key), entry: $0.entry)) }
        return all
    }
}

extension EntryRun: WireFormat {
    /// As an array of `KeyedEntry` is written.
    package func write(to writer: inout ByteWriter) {
        writer.write(UInt32(count))
        writer.writeRaw(bytes)
    }

    package init(from reader: inout ByteReader) throws(DecodeError) {
        count = try reader.readCount(elementBytesMin: EntryView.bytesMin)
        let rest = count
        var last = 0
        var payload = 0
        bytes = try reader.readRaw { buffer in
            var offset = 0
            for _ in 0..<rest {
                last = offset
                guard let view = EntryView.next(in: buffer, at: &offset) else { return nil }
                payload += view.key.count + view.value.count
            }
            return offset
        }
        lastStart = last
        payloadBytes = payload
    }
}
