extension RESPReader {
    /// The words that are keys if the commands that wait are ones of a key, as most are: the second of each, from the next
    /// command on. It ends with the first command that has not come whole, or has no second word or very many.
    /// - Parameters:
    ///   - bytes: those of `withBytes`.
    ///   - found: is told where such a word lies; returns whether to go on.
    package func forEachKey(in bytes: UnsafeRawBufferPointer, _ found: (Range<Int>) -> Bool) {
        guard let start = nextStart else { return }
        var scanner = RESPScanner(bytes: bytes, position: start)
        while let count = scanner.count(), scanner.bulk(max: bulkBytesMax) != nil,
            let key = scanner.bulk(max: Limits.keyBytesMax)
        {
            for _ in 2..<count where scanner.bulk(max: bulkBytesMax) == nil { return }
            guard found(key) else { return }
        }
    }
}
