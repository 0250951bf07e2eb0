/// In the place of an entry that is gone, where the home may have it yet: no bytes.
struct Removal: TableRecord {
    var recordBytes: Int { 0 }
    var isLarge: Bool { false }
    var largeRecord: LargeRecord? { nil }
    func writeRecord(to start: UnsafeMutableRawPointer) {}
}
