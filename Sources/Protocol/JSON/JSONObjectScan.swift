/// Looks for the end of one object: brackets are counted, strings passed over. It goes over every byte once,
/// however the bytes come in pieces, and keeps what it knows between them.
struct JSONObjectScan {
    enum Step {
        /// All that is there has been looked at.
        case needsMore
        /// The object's last byte is the one before `position`.
        case complete
        case fault(JSONFault, Resume)
    }

    /// Where to look for the next object after a fault.
    enum Resume {
        case here
        case nextLine
        case nowhere
    }

    private enum BoundReason { case tooLong, nested, tooManyFields }

    /// Where the object begins.
    private(set) var start: Int
    /// The first byte that has not been looked at.
    private(set) var position: Int
    /// Where the object is given up if it has no end before.
    private var bound: Int
    private var boundReason = BoundReason.tooLong
    private let bytesMax: Int
    private var isInString = false
    private var depth = 0
    private var depthMax = 0
    private var commas = 0
    /// The innermost 64 open brackets, the last of them in the lowest bit; 1: a brace.
    private var kinds: UInt64 = 0

    /// - Parameter start: where a `{` stands.
    init(start: Int, bytesMax: Int) {
        self.start = start
        position = start
        bound = start + bytesMax
        self.bytesMax = bytesMax
    }

    /// The bytes have moved towards the front.
    mutating func move(by distance: Int) {
        start -= distance
        position -= distance
        bound -= distance
    }

    mutating func scan(_ bytes: Span<UInt8>) -> Step {
        var end = min(bytes.count, bound)
        while position < end {
            if isInString {
                if let step = scanString(bytes, to: end) { return step }
                continue
            }
            let byte = bytes[position]
            switch byte {
            case JSONText.quote:
                isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                if let step = open(byte, bytes) { return step }
                end = min(bytes.count, bound)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let step = close(byte) { return step }
            case UInt8(ascii: ","):
                commas += 1
                if commas == Limits.jsonFieldsMax {
                    refuse(.tooManyFields)
                    end = min(bytes.count, bound)
                }
            default: break
            }
            position += 1
        }
        return position >= bound && bytes.count > bound ? .fault(boundFault, .nowhere) : .needsMore
    }

    private mutating func scanString(_ bytes: Span<UInt8>, to end: Int) -> Step? {
        position = JSONText.plainEnd(bytes, from: position, to: end)
        guard position < end else { return nil }
        switch bytes[position] {
        case JSONText.quote:
            isInString = false
            position += 1
        case JSONText.backslash:
            // Two bytes at once. Where the second is still to come, this one is looked at again.
            guard position + 1 < bytes.count else { return .needsMore }
            position += bytes[position + 1] == UInt8(ascii: "\n") ? 1 : 2
        case UInt8(ascii: "\n"):
            // No string may hold one: its end was forgotten, and the next line is likely to be sound.
            return .fault(JSONFault("bad JSON: a string without an end before the end of the line"), .nextLine)
        default:
            position += 1
        }
        return nil
    }

    private mutating func open(_ byte: UInt8, _ bytes: Span<UInt8>) -> Step? {
        if depth > 0 {
            if let resume = strayOpening(bytes) {
                return .fault(JSONFault("bad JSON: the object has no end before the next one"), resume)
            }
            if depthMax == 1 { refuse(.nested) }
        }
        depth += 1
        depthMax = max(depthMax, depth)
        kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
        return nil
    }

    /// A value can only follow a colon, a comma or a bracket: an opening bracket after anything else means
    /// that the end of this object was forgotten. On a line of its own it is taken for the next object.
    private func strayOpening(_ bytes: Span<UInt8>) -> Resume? {
        var before = position - 1
        var isNewLine = false
        while before > start, JSONText.isWhiteSpace(bytes[before]) {
            isNewLine = isNewLine || bytes[before] == UInt8(ascii: "\n")
            before -= 1
        }
        switch bytes[before] {
        case UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["): return nil
        default: return isNewLine && bytes[position] == UInt8(ascii: "{") ? .here : .nextLine
        }
    }

    private mutating func close(_ byte: UInt8) -> Step? {
        let isBrace = byte == UInt8(ascii: "}")
        // Beyond 64 levels the kinds of the outermost are forgotten; nesting is refused in any case.
        if depthMax <= 64, (kinds & 1 == 1) != isBrace {
            return .fault(JSONFault("bad JSON: a bracket closes what another kind opened"), .nextLine)
        }
        kinds >>= 1
        depth -= 1
        guard depth == 0 else { return nil }
        position += 1
        return .complete
    }

    /// The object will be refused; its end is still looked for, but not for long.
    private mutating func refuse(_ reason: BoundReason) {
        guard position + Limits.jsonRefusedBytesMax < bound else { return }
        bound = position + Limits.jsonRefusedBytesMax
        boundReason = reason
    }

    private var boundFault: JSONFault {
        switch boundReason {
        case .tooLong: JSONFault("the object is over the limit of \(bytesMax) bytes", closes: true)
        case .nested: JSONFault("nesting: an object or array within the object", closes: true)
        case .tooManyFields: JSONFault("more than \(Limits.jsonFieldsMax) fields", closes: true)
        }
    }
}
