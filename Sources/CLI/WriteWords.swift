import Protocol

/// The words of a command that writes, behind its name.
struct WriteWords {
    private let words: [[UInt8]]

    init(_ words: [[UInt8]]) { self.words = words }

    /// - Returns: nil where there is no such command.
    func write(_ name: String) throws(UsageError) -> Write? {
        switch name {
        case "SET": return try set()
        case "DELETE", "DEL": return try delete()
        case "INCR": return try increment()
        case "INCRBYFLOAT": return try incrementByFloat()
        case "APPEND":
            try count(2...2, "APPEND key value")
            return Write(.append(words[1]), for: .kept)
        case "SETRANGE": return try setRange()
        case "CAS": return try compareAndSet()
        case "EXPIRE":
            try count(2...2, "EXPIRE key seconds")
            return Write(.keep, for: .milliseconds(try ttl(words[1])))
        case "PERSIST":
            try count(1...1, "PERSIST key")
            return Write(.keep, for: .forever)
        default: return nil
        }
    }

    private func count(_ range: ClosedRange<Int>, _ usage: String) throws(UsageError) {
        guard range.contains(words.count) else { throw UsageError("usage: \(usage)") }
    }

    private func delete() throws(UsageError) -> Write {
        try count(1...2, "DELETE key [GET]")
        guard words.count == 2 else { return Write(.delete, for: .forever) }
        guard text(words[1]).uppercased() == "GET" else { throw UsageError("usage: DELETE key [GET]") }
        return Write(.delete, for: .forever, answersOld: true)
    }

    private func increment() throws(UsageError) -> Write {
        try count(1...2, "INCR key [number]")
        guard words.count == 2 else { return Write(.add(1), for: .kept) }
        guard let number = Int64(text(words[1])) else {
            throw UsageError("INCR adds a whole number of at most 64 bits, not \(text(words[1]))")
        }
        return Write(.add(number), for: .kept)
    }

    private func incrementByFloat() throws(UsageError) -> Write {
        try count(2...2, "INCRBYFLOAT key number")
        let write = Write(.addDecimal(words[1]), for: .kept)
        guard (try? write.checkJSON()) != nil else {
            throw UsageError("INCRBYFLOAT adds a number such as 0.1 or -3e2, not \(text(words[1]))")
        }
        return write
    }

    private func setRange() throws(UsageError) -> Write {
        try count(3...3, "SETRANGE key offset value")
        guard let offset = UInt64(text(words[1])) else {
            throw UsageError("an offset is a whole number from 0 on, not \(text(words[1]))")
        }
        return Write(.overwrite(offset: offset, words[2]), for: .kept)
    }

    private func compareAndSet() throws(UsageError) -> Write {
        let usage = UsageError("usage: CAS key value EXPECT old | IF version | ABSENT")
        guard words.count >= 3 else { throw usage }
        let expectation: Expectation
        switch (text(words[2]).uppercased(), words.count) {
        case ("ABSENT", 3): expectation = .absent
        case ("EXPECT", 4): expectation = .value(words[3])
        case ("IF", 4):
            guard let version = Version(text: text(words[3])) else {
                throw UsageError("a version is two numbers with a point, such as 3.17, not \(text(words[3]))")
            }
            expectation = .version(version)
        default: throw usage
        }
        return Write(.set(words[1]), if: expectation, for: .forever)
    }

    private func set() throws(UsageError) -> Write {
        let usage = UsageError(
            "usage: SET key value [TTL seconds | KEEPTTL] [ABSENT | PRESENT] [GET]; a value with spaces goes in quotes")
        guard words.count >= 2 else { throw usage }
        var (lifetime, condition, answersOld): (Write.Lifetime?, Expectation?, Bool) = (nil, nil, false)
        var rest = words.dropFirst(2)
        while let word = rest.popFirst() {
            switch text(word).uppercased() {
            case "TTL", "-TTL", "--TTL":
                guard lifetime == nil, let seconds = rest.popFirst() else { throw usage }
                lifetime = .milliseconds(try ttl(seconds))
            case "KEEPTTL" where lifetime == nil: lifetime = .kept
            case "ABSENT" where condition == nil: condition = .absent
            case "PRESENT" where condition == nil: condition = .present
            case "GET" where !answersOld: answersOld = true
            default: throw usage
            }
        }
        return Write(.set(words[1]), if: condition ?? .any, for: lifetime ?? .forever, answersOld: answersOld)
    }

    func setAll() throws(UsageError) -> [KeyedWrite] {
        guard !words.isEmpty, words.count % 2 == 0 else {
            throw UsageError("usage: MSET key value [key value…]; keys of one {tag}")
        }
        return stride(from: 0, to: words.count, by: 2).map { index in
            KeyedWrite(key: words[index], write: Write(.set(words[index + 1]), for: .forever))
        }
    }

    private func ttl(_ word: [UInt8]) throws(UsageError) -> UInt64 {
        guard let ttl = Self.milliseconds(seconds: text(word)) else {
            throw UsageError("a ttl is a positive number of seconds, such as 30 or 0.5, not \(text(word))")
        }
        return ttl
    }

    /// Of `30` or `0.5`; nil for anything else, for none, and for more than a hundred years.
    private static func milliseconds(seconds text: String) -> UInt64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let whole = UInt64(parts[0]), whole <= 3_153_600_000
        else { return nil }
        let digits = parts.count == 2 ? parts[1] : "0"
        guard digits.utf8.count <= 3 else { return nil }
        let part = UInt64(digits + String(repeating: "0", count: 3 - digits.utf8.count)) ?? 0
        let total = whole * 1_000 + part
        return total > 0 ? total : nil
    }

    private func text(_ word: [UInt8]) -> String { String(decoding: word, as: UTF8.self) }
}
