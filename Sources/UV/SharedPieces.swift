/// What a stream is to write and does not copy, in order.
///
/// Invariant: what `takePart` returned lies where it is until `endPart`.
struct SharedPieces {
    private var pieces: [[UInt8]] = []
    /// How much of the first has been taken.
    private var taken = 0
    /// Those that have not been taken.
    private(set) var bytes = 0

    /// Nothing waits, and no part is under way.
    var isEmpty: Bool { pieces.isEmpty }

    /// - Parameter piece: not empty.
    mutating func append(_ piece: [UInt8]) {
        pieces.append(piece)
        bytes += piece.count
    }

    /// The next part of the first piece.
    /// - Precondition: it is not empty, and no part is under way.
    mutating func takePart(bytesMax: Int) -> UnsafeRawBufferPointer {
        let part = taken..<min(taken + bytesMax, pieces[0].count)
        taken = part.upperBound
        bytes -= part.count
        return pieces[0].withUnsafeBytes { UnsafeRawBufferPointer(rebasing: $0[part]) }
    }

    /// The part that was taken is not needed any more.
    mutating func endPart() {
        guard taken == pieces.first?.count else { return }
        pieces.removeFirst()
        taken = 0
    }
}
