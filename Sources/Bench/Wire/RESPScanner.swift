/// Replies of RESP2, arrays and arrays in arrays as one reply. Commands too, which are arrays of bulk strings.
struct RESPScanner {
    private enum State { case type, number, text, errorText, body, broken }

    private static let lengthMax = 1 << 40
    private static let elementsMax = 1 << 24
    private static let errorTextMax = 256

    private var state = State.type
    private var type: UInt8 = 0
    private var isNegative = false
    /// Of the last number, length or count that was read.
    private(set) var number = 0
    /// Bytes of a bulk string and its end that are still to come.
    private var bodyLeft = 0
    /// Replies that are still to come in the one that is being read, itself included.
    private var elementsLeft = 1
    private var isFirstByteDue = false
    /// The first byte of the last array's first bulk string: of a command, the first letter of its name.
    private(set) var firstByte: UInt8 = 0
    private var kind = ReplyKind.done
    private var errorBytes: [UInt8] = []
    private(set) var complaint: String?

    var errorText: String { String(decoding: errorBytes, as: UTF8.self) }

    mutating func next(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> ReplyKind? {
        while at < bytes.count {
            switch state {
            case .type: begin(bytes[at], &at)
            case .number:
                let isOver = readNumber(bytes, &at)
                if isOver, let kind = endNumber() { return kind }
            case .text:
                guard skipLine(bytes, &at) else { return nil }
                if let kind = endElement() { return kind }
            case .errorText:
                guard readErrorText(bytes, &at) else { return nil }
                if let kind = endElement() { return kind }
            case .body:
                guard skipBody(bytes, &at) else { return nil }
                if let kind = endElement() { return kind }
            case .broken:
                at = bytes.count
            }
        }
        return nil
    }

    private mutating func begin(_ type: UInt8, _ at: inout Int) {
        self.type = type
        at += 1
        switch type {
        case UInt8(ascii: "+"): state = .text
        case UInt8(ascii: "-"):
            state = .errorText
            errorBytes.removeAll(keepingCapacity: true)
        case UInt8(ascii: ":"), UInt8(ascii: "$"), UInt8(ascii: "*"):
            state = .number
            (number, isNegative) = (0, false)
        default: fail("a reply that begins with byte \(type) is not RESP2")
        }
    }

    private mutating func fail(_ words: String) {
        state = .broken
        complaint = words
    }

    /// - Returns: whether its line has ended.
    private mutating func readNumber(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case 0x30...0x39:
                // An integer may be as long as it likes, a length not; neither may overflow.
                number = number &* 10 &+ Int(byte - 0x30)
                if type != UInt8(ascii: ":"), number > RESPScanner.lengthMax {
                    fail("a length in a reply is far too large")
                    return false
                }
            case UInt8(ascii: "-"): isNegative = true
            case 0x0D: break
            case 0x0A: return true
            default:
                fail("a number in a reply has byte \(byte) in it")
                return false
            }
        }
        return false
    }

    private mutating func endNumber() -> ReplyKind? {
        if isNegative { number = 0 &- number }
        if type == UInt8(ascii: ":") { return endElement() }
        if isNegative {
            kind = kind == .done ? .miss : kind
            return endElement()
        }
        if type == UInt8(ascii: "*") {
            guard number <= RESPScanner.elementsMax, elementsLeft <= RESPScanner.elementsMax else {
                fail("a reply has far too many elements")
                return nil
            }
            if elementsLeft == 1 { isFirstByteDue = true }
            elementsLeft += number
            return endElement()
        }
        bodyLeft = number + 2
        state = .body
        return nil
    }

    private mutating func skipBody(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        if isFirstByteDue { (firstByte, isFirstByteDue) = (bytes[at], false) }
        let count = min(bodyLeft, bytes.count - at)
        at += count
        bodyLeft -= count
        return bodyLeft == 0
    }

    private mutating func skipLine(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        while at < bytes.count {
            at += 1
            if bytes[at - 1] == 0x0A { return true }
        }
        return false
    }

    private mutating func readErrorText(_ bytes: UnsafeRawBufferPointer, _ at: inout Int) -> Bool {
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            if byte == 0x0A {
                kind = .error
                return true
            }
            if byte != 0x0D, errorBytes.count < RESPScanner.errorTextMax { errorBytes.append(byte) }
        }
        return false
    }

    /// - Returns: what the whole reply was, when that was its last element.
    private mutating func endElement() -> ReplyKind? {
        state = .type
        elementsLeft -= 1
        guard elementsLeft == 0 else { return nil }
        elementsLeft = 1
        defer { kind = .done }
        return kind
    }
}
