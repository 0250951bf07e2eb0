import Foundation

/// Why a wait was given up.
struct TimedOut: Error, CustomStringConvertible {
    let description: String
}

/// Waits for a state: asks for it again and again until there is an answer.
/// - Parameters:
///   - what: is waited for, in words.
///   - body: nil, or an error, as long as the state is not there.
@discardableResult
func poll<Value>(
    _ what: String, within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(20),
    _ body: () throws -> Value?
) throws -> Value {
    let deadline = ContinuousClock.now + limit
    var lastError: (any Error)?
    while true {
        do {
            if let value = try body() { return value }
            lastError = nil
        } catch let error as GivenUp {
            throw error
        } catch {
            lastError = error
        }
        guard ContinuousClock.now < deadline else {
            throw TimedOut(description: "\(what): not within \(limit)\(lastError.map { "; last: \($0)" } ?? "")")
        }
        pace(pause)
    }
}

/// Waits until `body` is true.
func poll(
    until what: String, within limit: Duration = .seconds(30), every pause: Duration = .milliseconds(20),
    _ body: () throws -> Bool
) throws {
    try poll(what, within: limit, every: pause) { try body() ? true : nil }
}

/// What is waited for can not come any more.
struct GivenUp: Error, CustomStringConvertible {
    let description: String
}

/// A pause between two questions or two writes; nothing may depend on how long it takes.
func pace(_ pause: Duration) { usleep(UInt32(pause / .microseconds(1))) }
