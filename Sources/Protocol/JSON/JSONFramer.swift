/// Finds the objects in a stream of bytes that comes in arbitrary pieces.
///
/// Between objects only white space may stand, or nothing. Invariant: every byte is looked at once.
///
/// ```
///           {                         }
/// between ─────▶ inside ─────────────────▶ between
///    │              │ bad JSON
///    │ other byte   ▼           newline
///    └─────────▶ skipping ───────────────▶ between
///                inside ─── too long ────▶ closed
/// ```
package struct JSONFramer {
    package enum Frame: Equatable, Sendable {
        /// Where in `bytes` an object stands, until the next `append`.
        case object(Range<Int>)
        /// Answer it, once. Where it closes, nothing follows.
        case fault(JSONFault)
    }

    private enum State {
        case between
        case skipping
        case inside(JSONObjectScan)
        case closed
    }

    private let objectBytesMax: Int
    private var state = State.between
    private var input = InputBuffer()

    package init(objectBytesMax: Int = Limits.jsonObjectBytesMax) { self.objectBytesMax = objectBytesMax }

    /// What the ranges of `next` refer to.
    package var bytes: [UInt8] { input.bytes }

    /// Bytes that wait for the end of their object, or for `next` to be called.
    package var pendingBytes: Int { input.pendingBytes }

    /// After a fault that closes; nothing is taken any more.
    package var isClosed: Bool {
        if case .closed = state { true } else { false }
    }

    /// Takes the next piece of the stream. Call `next` until it has nothing more, then append again.
    package mutating func append(_ piece: UnsafeRawBufferPointer) {
        guard !isClosed else { return }
        let moved = input.append(piece)
        guard moved > 0, case .inside(var scan) = state else { return }
        scan.move(by: moved)
        state = .inside(scan)
    }

    package mutating func append(_ piece: [UInt8]) {
        piece.withUnsafeBytes { append($0) }
    }

    // MARK: As `PlainCommandReader`

    func plain(after last: PlainCommand?, in bytes: UnsafeRawBufferPointer) -> PlainCommand? {
        guard case .between = state else { return nil }
        return PlainCommand(json: bytes, from: last?.end ?? input.start, objectBytesMax: objectBytesMax)
    }

    func isNext(_ command: PlainCommand) -> Bool {
        if case .between = state { command.start == input.start } else { false }
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R { try input.bytes.withUnsafeBytes(body) }

    mutating func skip(_ command: PlainCommand) { input.start = command.end }

    // MARK: Objects

    /// The next object or fault; nil when more bytes are needed.
    package mutating func next() -> Frame? {
        while true {
            switch state {
            case .closed:
                return nil
            case .skipping:
                guard skipLine() else { return nil }
            case .between:
                guard skipWhiteSpace() else { return nil }
                guard input.bytes[input.start] == UInt8(ascii: "{") else { return refuseStart() }
                state = .inside(JSONObjectScan(start: input.start, bytesMax: objectBytesMax))
            case .inside(var scan):
                let step = scan.scan(input.bytes.span)
                switch step {
                case .needsMore:
                    state = .inside(scan)
                    return nil
                case .complete:
                    input.start = scan.position
                    state = .between
                    return .object(scan.start..<scan.position)
                case .fault(let fault, let resume):
                    return refuse(fault, resume, at: scan.position)
                }
            }
        }
    }

    private mutating func refuse(_ fault: JSONFault, _ resume: JSONObjectScan.Resume, at position: Int) -> Frame {
        input.start = position
        switch resume {
        case .here: state = .between
        case .nextLine: state = .skipping
        case .nowhere:
            state = .closed
            input.removeAll()
        }
        return .fault(fault)
    }

    private mutating func refuseStart() -> Frame {
        state = .skipping
        // One byte of it, so that the message does not depend on how much has arrived.
        let byte = input.bytes[input.start]
        let found = (0x21...0x7E).contains(byte) ? String(UnicodeScalar(byte)) : "byte \(byte)"
        return .fault(JSONFault("bad JSON: expected an object, that is {, and found \(found)"))
    }

    /// False when there is nothing but white space.
    private mutating func skipWhiteSpace() -> Bool {
        while input.start < input.bytes.count, JSONText.isWhiteSpace(input.bytes[input.start]) { input.start += 1 }
        return input.start < input.bytes.count
    }

    /// False when the line has no end yet.
    private mutating func skipLine() -> Bool {
        guard let newline = input.bytes[input.start...].firstIndex(of: UInt8(ascii: "\n")) else {
            input.start = input.bytes.count
            return false
        }
        input.start = newline + 1
        state = .between
        return true
    }
}
