import Protocol

/// What a node answered: the object as it came, and what it says.
package struct Answer: Sendable {
    package let text: [UInt8]
    package let response: JSONResponse

    package init(text: [UInt8], response: JSONResponse) {
        self.text = text
        self.response = response
    }

    package var isNotFound: Bool { response.isNotFound }
    package var isConflict: Bool { response.isConflict }

    /// What an ERROR other than `key not found` and `conflict` means.
    package var error: TorcError? {
        guard !response.isSuccess, !isNotFound, !isConflict else { return nil }
        let message = response.error ?? "an error without a word"
        return TorcError(Answer.code(of: message), message)
    }

    /// The public protocol says by the first words of an error what kind it is (docs/protocol.md).
    private static func code(of message: String) -> TorcError.Code {
        if message.hasPrefix("busy") { return .busy }
        if message.hasSuffix("outcome unknown") { return .outcomeUnknown }
        return message.hasPrefix("unavailable") ? .unavailable : .refused
    }
}
