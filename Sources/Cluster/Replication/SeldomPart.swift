/// Values that few of the 16,384 slots have at a time: together in an object of their own, which is made with the first
/// of them and given up with the last. Most slots are at rest, and then they take one word.
protocol SeldomPart: AnyObject {
    init()
    /// Whether all values are what they are where there is no such object.
    var isEmpty: Bool { get }
}

extension SeldomPart {
    /// Changes a value of `part`.
    /// - Parameter isNeeded: whether the new value is another than where there is no such object.
    static func change(_ part: inout Self?, isNeeded: Bool, _ body: (Self) -> Void) {
        guard let here = part ?? (isNeeded ? Self() : nil) else { return }
        body(here)
        part = here.isEmpty ? nil : here
    }
}
