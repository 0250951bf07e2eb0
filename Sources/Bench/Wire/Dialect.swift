/// The requests that are sent, and how replies are read.
enum Dialect: Equatable {
    /// Redis's protocol.
    case resp
    /// Torc's own, an object a line.
    case json
    /// etcd's gateway of JSON over HTTP/1.1, API v3.
    case etcd
}
