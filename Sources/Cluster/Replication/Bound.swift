/// How full one of the queues of a node is.
package struct Bound: Sendable {
    package let what: String
    package let count: Int
    package let max: Int
}
