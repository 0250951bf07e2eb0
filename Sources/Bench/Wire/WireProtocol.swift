/// What `-protocol` names.
package enum WireProtocol: String, CaseIterable, Sendable {
    case resp, json, http
}
