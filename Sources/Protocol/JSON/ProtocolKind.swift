/// What a connection speaks.
package enum ProtocolKind: Sendable, CaseIterable {
    /// The public protocol: JSON objects one after another.
    case json
    /// Redis' protocol, as arrays or inline commands.
    case resp
    case http
    /// Another node.
    case peer
}
