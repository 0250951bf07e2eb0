/// Where a node lives: it keeps its place through all its lives.
struct NetworkPlace {
    let host: String
    let port: UInt16
    /// What a program that is to run there begins with.
    let starter: [String]
    /// Flags that a node needs to listen there.
    let flags: [String]

    var address: String { "\(host):\(port)" }
}
