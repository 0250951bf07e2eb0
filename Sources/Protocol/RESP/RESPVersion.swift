/// Which form a Redis client wants its answers in.
package enum RESPVersion: Int, Sendable {
    case two = 2
    case three = 3
}
