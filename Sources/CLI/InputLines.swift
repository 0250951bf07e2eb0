import Glibc

/// The lines of standard input, as bytes and without their ends.
struct InputLines {
    private var buffer: [UInt8] = []
    /// Nothing before it is an end of line.
    private var searched = 0
    private var isAtEnd = false

    /// The next line; nil after the last one.
    mutating func next() -> [UInt8]? {
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                let line = Array(buffer[..<end])
                buffer.removeFirst(end + 1)
                searched = 0
                return line
            }
            searched = buffer.count
            if isAtEnd {
                defer { (buffer, searched) = ([], 0) }
                return buffer.isEmpty ? nil : buffer
            }
            fill()
        }
    }

    private mutating func fill() {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { memory in
            let count = read(STDIN_FILENO, memory.baseAddress, memory.count)
            if count < 0, errno == EINTR { return }
            guard count > 0 else { return isAtEnd = true }
            buffer.append(contentsOf: memory[..<count])
        }
    }
}
