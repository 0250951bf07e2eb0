/// Cuts what a server sends into replies, wherever the network has cut it, and looks at them no closer than is needed. It
/// keeps what it has seen of an unfinished reply, not its bytes.
struct ReplyScanner {
    private let dialect: Dialect
    private var resp = RESPScanner()
    private var line = LineScanner()
    private var http = HTTPScanner()

    init(_ dialect: Dialect) { self.dialect = dialect }

    /// The next reply that is complete.
    /// - Parameter at: where in `bytes` to go on; moved past what was read.
    /// - Returns: nil when all bytes are read, or when they make no sense: `complaint` then says so.
    @inline(__always)
    mutating func next(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> ReplyKind? {
        switch dialect {
        case .resp: resp.next(bytes, &at)
        case .json: line.next(bytes, &at)
        case .etcd: http.next(bytes, &at)
        }
    }

    /// Why the stream can not be read on; nil as long as it can.
    var complaint: String? {
        switch dialect {
        case .resp: resp.complaint
        case .json: line.complaint
        case .etcd: http.complaint
        }
    }

    /// What the server said in the reply that was an error.
    var errorText: String {
        switch dialect {
        case .resp: resp.errorText
        case .json: line.errorText
        case .etcd: http.errorText
        }
    }

    /// The number that the last reply was, over RESP.
    var number: Int { resp.number }

    /// Lends the version in the last reply; nil where it had none.
    func withVersion(_ body: (UnsafeRawBufferPointer?) -> Void) {
        if dialect == .json { line.withVersion(body) } else { body(nil) }
    }
}
