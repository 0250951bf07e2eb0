import CProcessor

/// Writes the answers to plain commands: what `JSONResponseWriter` would write, in fewer steps.
package struct JSONPlainWriter {
    private static let head: StaticString = "{\"type\":\"RESPONSE\",\"key\":\""
    private static let value: StaticString = "\",\"value\":\""
    private static let timestamp: StaticString = ",\"timestamp\":\""
    private static let version: StaticString = "\",\"version\":\""
    /// At the most, but for key, value and what `success` or `absence` says.
    private static let bytesMax =
        head.utf8CodeUnitCount + value.utf8CodeUnitCount + timestamp.utf8CodeUnitCount + version.utf8CodeUnitCount
        + Timestamp.rfc3339Bytes + 2 * Digits.countMax + 3

    private let node: NodeID
    private var times = RFC3339Writer()
    /// What an answer ends with.
    private let success: [UInt8]
    private let absence: [UInt8]

    /// - Parameter node: the one that serves the requests.
    package init(node: NodeID) {
        self.node = node
        success = Array(",\"status\":\"SUCCESS\",\"node\":\"\(node)\"}\n".utf8)
        absence = Array("\",\"status\":\"ERROR\",\"error\":\"key not found\",\"node\":\"\(node)\"}\n".utf8)
    }

    /// - Parameter key: of a plain command.
    package mutating func write(_ answer: AnswerView, key: UnsafeRawBufferPointer, into output: inout [UInt8]) {
        switch answer {
        case .value(nil):
            output.append(upTo: Self.bytesMax + key.count + absence.count) { start in
                var place = Place(at: start)
                place.put(Self.head)
                place.put(key)
                place.put(absence)
                return place.count
            }
        case .value(let entry?):
            guard Self.isPlain(entry.value) else { return writeAnyhow(entry, key, &output) }
            write(key, entry.value, entry.version, entry.timestamp, into: &output)
        case .written(let version, let timestamp):
            write(key, nil, version, timestamp, into: &output)
        }
    }

    private mutating func write(
        _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?, _ version: Version, _ timestamp: Timestamp,
        into output: inout [UInt8]
    ) {
        output.append(upTo: Self.bytesMax + key.count + (value?.count ?? 0) + success.count) { start in
            var place = Place(at: start)
            place.put(Self.head)
            place.put(key)
            if let value {
                place.put(Self.value)
                place.put(value)
            }
            place.put(JSONText.quote)
            place.put(Self.timestamp)
            place.count += times.write(timestamp, to: place.end)
            place.put(Self.version)
            place.count += Digits.write(UInt64(version.epoch), to: place.end)
            place.put(UInt8(ascii: "."))
            place.count += Digits.write(version.sequence, to: place.end)
            place.put(JSONText.quote)
            place.put(success)
            return place.count
        }
    }

    private static func isPlain(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let base = value.baseAddress else { return true }
        return torc_plain_text_count(base, value.count) == value.count
    }

    private func writeAnyhow(_ entry: EntryView, _ key: UnsafeRawBufferPointer, _ output: inout [UInt8]) {
        let request = JSONRequest(kind: .operation(.get), key: Array(key))
        JSONResponseWriter.write(.found(entry.entry), to: request, node: node, into: &output)
    }

    /// Memory that is being written.
    private struct Place {
        private let start: UnsafeMutablePointer<UInt8>
        var count = 0

        init(at start: UnsafeMutablePointer<UInt8>) { self.start = start }

        var end: UnsafeMutablePointer<UInt8> { start + count }

        @inline(__always)
        mutating func put(_ byte: UInt8) {
            start[count] = byte
            count += 1
        }

        @inline(__always)
        mutating func put(_ text: StaticString) {
            end.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
            count += text.utf8CodeUnitCount
        }

        @inline(__always)
        mutating func put(_ bytes: UnsafeRawBufferPointer) {
            if let base = bytes.baseAddress { UnsafeMutableRawPointer(end).copyMemory(from: base, byteCount: bytes.count) }
            count += bytes.count
        }

        @inline(__always)
        mutating func put(_ bytes: [UInt8]) { bytes.withUnsafeBytes { put($0) } }
    }
}
