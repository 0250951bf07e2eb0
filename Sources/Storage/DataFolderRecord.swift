import Protocol

/// The file `torc` of a data folder: lines of a name and a value, the first of them the format.
///
///     format 5
///     node server1
///     disk 9f86d081884c7d65
///     ring 60303ae22b998861        (once known)
///     incarnation 3
///     created-by 0.1.0
struct DataFolderRecord: Equatable, Sendable {
    static let format = 5
    /// The two before are read too (`DiskStore.format`).
    static let oldestFormat = 3
    static let bytesMax = 4_096

    var node: NodeID
    var disk: DiskID
    var ring: RingID?
    var incarnation: UInt64
    var createdBy: String
    /// Whether it was read in an older format.
    private(set) var wasOlder = false

    enum Problem: Error, Equatable {
        case newerFormat(Int)
        case olderFormat(Int)
        case damaged(String)
    }

    var bytes: [UInt8] {
        var lines = ["format \(Self.format)", "node \(node)", "disk \(Self.hex(disk.rawValue))"]
        if let ring { lines.append("ring \(Self.hex(ring.rawValue))") }
        lines += ["incarnation \(incarnation)", "created-by \(createdBy)"]
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    init(node: NodeID, disk: DiskID, createdBy: String) {
        self.node = node
        self.disk = disk
        ring = nil
        incarnation = 0
        // A value is one line.
        self.createdBy = createdBy.filter { !$0.isNewline }
    }

    init(_ bytes: [UInt8]) throws(Problem) {
        var values = try Self.values(bytes)
        func take(_ name: String) throws(Problem) -> String {
            guard let value = values.removeValue(forKey: name) else { throw .damaged("no \(name)") }
            return value
        }
        wasOlder = try take("format") != "\(Self.format)"
        guard let node = NodeID(try take("node")) else { throw .damaged("bad node") }
        guard let disk = UInt64(try take("disk"), radix: 16), disk != 0 else { throw .damaged("bad disk") }
        guard let incarnation = UInt64(try take("incarnation")) else { throw .damaged("bad incarnation") }
        createdBy = try take("created-by")
        if let text = values.removeValue(forKey: "ring") {
            guard let ring = UInt64(text, radix: 16), ring != 0 else { throw .damaged("bad ring") }
            self.ring = RingID(rawValue: ring)
        } else {
            ring = nil
        }
        if let name = values.keys.min() { throw .damaged("unknown line \(name)") }
        self.node = node
        self.disk = DiskID(rawValue: disk)
        self.incarnation = incarnation
    }

    /// The values by their names, when the format is one that can be read.
    private static func values(_ bytes: [UInt8]) throws(Problem) -> [String: String] {
        guard let text = String(validating: bytes, as: UTF8.self), text.last == "\n" else {
            throw .damaged("cut off or not text")
        }
        var values: [String: String] = [:]
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, values.updateValue(String(parts[1]), forKey: String(parts[0])) == nil
            else { throw .damaged("bad line") }
            if values.count == 1 { try check(format: values["format"]) }
        }
        return values
    }

    private static func check(format text: String?) throws(Problem) {
        guard let text, let number = Int(text), number >= 1 else { throw .damaged("no format") }
        guard number <= format else { throw .newerFormat(number) }
        guard number >= oldestFormat else { throw .olderFormat(number) }
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
