extension PlainCommand {
    /// As Redis clients write it.
    /// - Parameters:
    ///   - bytes: what has come.
    ///   - start: where a command begins.
    /// - Returns: nil: it is another command, or is written in another way, or has not come whole; `RESPReader` tells.
    init?(resp bytes: UnsafeRawBufferPointer, from start: Int, bulkBytesMax: Int) {
        var scanner = RESPScanner(bytes: bytes, position: start)
        guard let name = scanner.name(), let key = scanner.bulk(max: Limits.keyBytesMax) else { return nil }
        var value: Range<Int>?
        if name == .set {
            guard let found = scanner.bulk(max: bulkBytesMax) else { return nil }
            value = found
        }
        self.init(key: key, value: value, start: start, end: scanner.position)
    }
}
