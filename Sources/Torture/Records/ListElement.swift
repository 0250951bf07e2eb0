/// How elements of an append-list end: so each can be told from the next.
enum ListElement {
    static let end = UInt8(ascii: ";")

    /// The elements of a list, with their ends.
    static func split(_ list: [UInt8]) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        var element: [UInt8] = []
        for byte in list {
            element.append(byte)
            if byte == end {
                elements.append(element)
                element = []
            }
        }
        if !element.isEmpty { elements.append(element) }
        return elements
    }
}
