import Protocol

/// What a read command shows of an entry.
package enum EntryView: Equatable, Sendable {
    case length
    case range(Int64, Int64)
    case bit(UInt64)
    case bitCount(BitRange)
    case bitPosition(of: Bool, BitRange)
    case type
    case isThere
    /// `OK` where it is there, else that there is no such key.
    case renamedToItself
    case copiedToItself
    case timeToLive(inSeconds: Bool)
    case expiry(inSeconds: Bool)
    case encoding
    case memory
    /// This number where it is there, else nothing.
    case number(Int64)
    /// This error where it is there, else nothing.
    case fault(RedisFault)

    package func write(_ entry: Entry?, at now: Timestamp, to writer: inout RESPWriter) {
        switch self {
        case .length: writer.integer(entry?.value.count ?? 0)
        case .range(let first, let last): writer.bulk(entry?.value.part(first, last) ?? [])
        case .bit(let offset): writer.integer(entry?.value.bit(offset) == true ? 1 : 0)
        case .bitCount(let range): range.writeCount(in: entry?.value, to: &writer)
        case .bitPosition(let bit, let range): range.writePosition(of: bit, in: entry?.value, to: &writer)
        case .type: if entry == nil { writer.simple("none") } else { writer.simple("string") }
        case .isThere: writer.integer(entry == nil ? 0 : 1)
        case .renamedToItself: if entry == nil { writer.refuse(RedisFault.noSuchKey) } else { writer.ok() }
        case .copiedToItself:
            if entry == nil { writer.refuse(RedisFault.noSuchKey) } else { writer.integer(0) }
        case .timeToLive(let inSeconds):
            writeTime(entry, inSeconds, to: &writer) { $0.milliseconds - min(now.milliseconds, $0.milliseconds) }
        case .expiry(let inSeconds): writeTime(entry, inSeconds, to: &writer) { $0.milliseconds }
        case .encoding: if let entry { writer.bulk(entry.value.redisEncoding) } else { writer.null() }
        case .memory: if let entry { writer.integer(entry.value.count + 64) } else { writer.null() }
        case .number(let number): if entry == nil { writer.null() } else { writer.integer(number) }
        case .fault(let fault): if entry == nil { writer.null() } else { writer.refuse(fault) }
        }
    }

    private func writeTime(
        _ entry: Entry?, _ inSeconds: Bool, to writer: inout RESPWriter, _ milliseconds: (Timestamp) -> UInt64
    ) {
        guard let entry else { return writer.integer(-2) }
        guard let expiry = entry.expiry else { return writer.integer(-1) }
        let time = min(milliseconds(expiry), UInt64(Int64.max))
        writer.integer(Int64(inSeconds ? (time + 500) / 1_000 : time))
    }
}

extension [UInt8] {
    /// As GETRANGE: both ends included, negative ones counted from the end.
    fileprivate func part(_ first: Int64, _ last: Int64) -> ArraySlice<UInt8> {
        let count = Int64(count)
        if first < 0, last < 0, first > last { return [] }
        let from = Swift.max(0, first < 0 ? first + count : first)
        let to = Swift.min(Swift.max(0, last < 0 ? last + count : last), count - 1)
        return from > to || count == 0 ? [] : self[Int(from)...Int(to)]
    }

    fileprivate func bit(_ offset: UInt64) -> Bool {
        let index = offset / 8
        return index < UInt64(count) && self[Int(index)] & UInt8(0x80) >> UInt8(offset % 8) != 0
    }

    /// What Redis would choose for a new value.
    fileprivate var redisEncoding: String {
        if self[...].integer != nil { return "int" }
        return count <= 44 ? "embstr" : "raw"
    }
}
