/// What a key holds between two operations.
package struct KeyState: Hashable, Sendable {
    /// nil: absent.
    package let value: [UInt8]?
    /// nil: it does not expire.
    package let window: ExpiryWindow?

    package static let absent = KeyState(value: nil, window: nil)

    package init(value: [UInt8]?, window: ExpiryWindow?) {
        self.value = value
        self.window = window
    }
}
