/// In the place of an entry that is gone, where the home may have it yet: no bytes.
struct Removal: TableRecord {
    var headBytes: Int { 0 }
    var recordBytes: Int { 0 }
    var sharedValue: [UInt8] { [] }
    func writeHead(to start: UnsafeMutableRawPointer) {}
    func writeRecord(to start: UnsafeMutableRawPointer) {}
}
