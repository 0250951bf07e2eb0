/// Files of the log's folder that wait to become segments: ones that have done their service, or have been made ahead.
///
/// To write over what a file has, where its blocks are, changes nothing in the file system, so a sync has nothing to write
/// but the batches: to append makes it commit its journal each time, for which all who sync on that disk wait.
///
/// Invariant: each begins with zeros where a segment has its head, durably, and is nobody's. What lies behind has the salt
/// of another segment, or none: it is no frame of the one that the file will be.
struct SpareSegments {
    /// Those that one flush lets go; more are removed.
    private static let countMax = 4

    private let folder: String
    private var paths: [String] = []
    private var number = 0

    /// Takes over what an earlier process has left.
    init(folder: String, segmentBytes: Int) {
        self.folder = folder
        for name in FileSystem.names(in: folder) where name.hasSuffix(Self.suffix) {
            // Other files are nobody's business.
            guard let number = UInt32(name.dropLast(Self.suffix.count)) else { continue }
            self.number = max(self.number, Int(number))
            let path = "\(folder)/\(name)"
            if !Self.prepare(path, segmentBytes: segmentBytes) || !add(path) { FileSystem.remove(path) }
        }
    }

    private static let suffix = ".spare"

    var isEmpty: Bool { paths.isEmpty }

    /// The path for another one.
    mutating func nextPath() -> String {
        number += 1
        return "\(folder)/\(number)\(Self.suffix)"
    }

    mutating func take() -> String? { paths.popLast() }

    /// Adds a file that is prepared.
    /// - Returns: whether it is wanted; else nobody knows of it.
    mutating func add(_ path: String) -> Bool {
        guard paths.count < Self.countMax else { return false }
        paths.append(path)
        return true
    }

    /// Zeros its head, and syncs that.
    /// - Returns: whether it may be added. A file whose last batch was large is of no use.
    static func prepare(_ path: String, segmentBytes: Int) -> Bool {
        guard let size = FileSystem.size(of: path), size >= segmentBytes, size <= 2 * segmentBytes else { return false }
        do throws(FileSystem.Failure) {
            try FileSystem.writeZeros(LogSegment.headBytes, to: path)
            return true
        } catch {
            return false
        }
    }
}
