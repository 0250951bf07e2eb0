import Protocol

/// A JSON text that is being put together.
enum JSONValue {
    case text(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case null
    case list([JSONValue])
    /// In this order.
    case object([(String, JSONValue)])

    var bytes: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .text(let text): JSONText.append(text, to: &output)
        case .integer(let number): output += Array("\(number)".utf8)
        case .number(let number): output += Array((number.isFinite ? Words.fixed(number, 3) : "null").utf8)
        case .boolean(let value): output += Array("\(value)".utf8)
        case .null: output += Array("null".utf8)
        case .list(let items):
            JSONValue.append(items, "[", "]", to: &output) { item, output in item.append(to: &output) }
        case .object(let fields):
            JSONValue.append(fields, "{", "}", to: &output) { field, output in
                JSONText.append(field.0, to: &output)
                output.append(UInt8(ascii: ":"))
                field.1.append(to: &output)
            }
        }
    }

    private static func append<Item>(
        _ items: [Item], _ open: String, _ close: String, to output: inout [UInt8],
        _ body: (Item, inout [UInt8]) -> Void
    ) {
        output += Array(open.utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            body(item, &output)
        }
        output += Array(close.utf8)
    }
}
