import History

/// Kinds of use of a key, small enough that values meet again.
enum HistoryMixes {
    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    static let register: [KeyCall] = [.get, .get, .set(bytes("a")), .set(bytes("b")), .delete]
    static let counter: [KeyCall] = [.get, .add(1), .add(1), .add(2), .add(-1), .add(3), .delete]
    static let list: [KeyCall] = [
        .get, .append(bytes("x")), .append(bytes("y")), .append(bytes("xy")), .append([]), .delete,
    ]
    static let comparing: [KeyCall] = [
        .get, .compareAndSet(expect: nil, value: bytes("a")),
        .compareAndSet(expect: bytes("a"), value: bytes("b")),
        .compareAndSet(expect: bytes("b"), value: bytes("a")), .set(bytes("a")), .delete,
    ]
    static let expiring: [KeyCall] = [
        .get, .get, .set(bytes("1"), ttl: .microseconds(6)), .set(bytes("2"), ttl: .microseconds(14)),
        .add(1),
        .compareAndSet(expect: nil, value: bytes("5")), .append(bytes("0")), .delete,
    ]
    static let everything: [KeyCall] = [
        .get, .get, .set(bytes("1")), .set(bytes("x")), .set(bytes("9223372036854775806")), .delete, .add(1),
        .add(2), .add(-1), .append(bytes("1")), .append(bytes("x")), .append(bytes("-")),
        .compareAndSet(expect: nil, value: bytes("1")), .compareAndSet(expect: bytes("1"), value: bytes("x")),
        .set(bytes("1"), ttl: .microseconds(9)),
    ]

    static let all = [register, counter, list, comparing, expiring, everything]
}
