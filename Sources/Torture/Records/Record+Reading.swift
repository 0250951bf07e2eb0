import History

extension Record {
    /// - Throws: for a line that `text` does not make.
    init(line: Substring) throws(RecordError) {
        var words = RecordWords(line)
        switch try words.next() {
        case "b":
            self = .begin(
                operation: try words.number(), time: try words.number(), client: try words.number(),
                node: String(try words.next()), key: String(try words.next()), call: try words.call())
        case "e":
            self = .end(operation: try words.number(), time: try words.number(), result: try words.result())
        case "r":
            self = .refused(operation: try words.number(), time: try words.number(), reason: words.rest)
        case "u":
            self = .unknown(operation: try words.number(), time: try words.number(), reason: words.rest)
        case "f": self = .fault(time: try words.number(), text: words.rest)
        case "z": self = .final(time: try words.number())
        case let word: throw RecordError("it begins with \(word)")
        }
    }
}

/// The words of a line, from the left.
private struct RecordWords {
    private var left: Substring

    init(_ line: Substring) { left = line }

    var rest: String { String(left) }

    mutating func next() throws(RecordError) -> Substring {
        guard !left.isEmpty else { throw RecordError("it ends too early") }
        let word = left.prefix { $0 != " " }
        left = left.dropFirst(word.count + 1)
        return word
    }

    mutating func number<Number: FixedWidthInteger>() throws(RecordError) -> Number {
        let word = try next()
        guard let number = Number(word) else { throw RecordError("\(word) is no number here") }
        return number
    }

    mutating func value() throws(RecordError) -> [UInt8]? { try RecordText.value(next()) }

    private mutating func bytes() throws(RecordError) -> [UInt8] {
        guard let value = try value() else { throw RecordError("a value is missing") }
        return value
    }

    mutating func call() throws(RecordError) -> KeyCall {
        switch try next() {
        case "get": .get
        case "set": .set(try bytes())
        case "delete": .delete
        case "add": .add(try number())
        case "append": .append(try bytes())
        case "cas": .compareAndSet(expect: try value(), value: try bytes())
        case let word: throw RecordError("\(word) is no operation")
        }
    }

    mutating func result() throws(RecordError) -> KeyResult {
        switch try next() {
        case "value": .value(try value())
        case "done": .done
        case "number": .number(try number())
        case "rejected": .rejected
        case "length": .length(try number())
        case "conflict": .conflict(try value())
        case let word: throw RecordError("\(word) is no answer")
        }
    }
}
