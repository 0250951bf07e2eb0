import Cluster
import Protocol
import XCTest

/// Commands against the plainest way to do the same.
final class CommandLawTests: XCTestCase {
    private let client = TestSession()
    private var random = Random(seed: 12)

    private func value(_ countMax: Int) -> [UInt8] {
        let kind = Int.random(in: 0..<4, using: &random)
        return (0..<Int.random(in: 0...countMax, using: &random)).map { _ in
            kind == 0 ? 0 : kind == 1 ? 0xFF : UInt8.random(in: 0...255, using: &random)
        }
    }

    private func number() -> Int64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: [.min, .max, .min + 1, .max - 1][Int.random(in: 0..<4, using: &random)]
        default: Int64.random(in: -100...100, using: &random)
        }
    }

    private func send(_ words: [UInt8]...) -> String { String(decoding: client.send(words), as: UTF8.self) }
    private func set(_ key: String, _ value: [UInt8]) { _ = send(Array("SET".utf8), Array(key.utf8), value) }

    /// As Redis's document has it: both ends count, negative ones from the end, what is beyond is cut off.
    private func range(_ first: Int64, _ last: Int64, _ count: Int) -> [Int] {
        if first < 0, last < 0, first > last { return [] }
        func place(_ number: Int64) -> Double { number < 0 ? max(0, Double(number) + Double(count)) : Double(number) }
        return (0..<count).filter { Double($0) >= place(first) && Double($0) <= place(last) }
    }

    func test_getRange_isASlice() throws {
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &random)).map { UInt8(0x61 + $0) }
            let (first, last) = (number(), number())
            set("a", bytes)
            let wanted = String(decoding: range(first, last, bytes.count).map { bytes[$0] }, as: UTF8.self)
            XCTAssertEqual(try client("GETRANGE a \(first) \(last)"), "$\(wanted.utf8.count) \(wanted)")
        }
    }

    private func bits(_ value: [UInt8]) -> [Bool] { value.flatMap { byte in (0..<8).map { byte & 0x80 >> $0 != 0 } } }

    func test_bitCount_countsThem() throws {
        for round in 0..<3_000 {
            let value = value(12)
            set("a", value)
            let bits = bits(value)
            XCTAssertEqual(try client("BITCOUNT a"), ":\(bits.count { $0 })")
            let (first, last) = (number(), number())
            let isBits = round.isMultiple(of: 2)
            let chosen = isBits
                ? range(first, last, bits.count) : range(first, last, value.count).flatMap { Array(($0 * 8)..<($0 * 8 + 8)) }
            let unit = isBits ? "BIT" : ["", "BYTE"][round / 2 % 2]
            XCTAssertEqual(
                try client("BITCOUNT a \(first) \(last) \(unit)"), ":\(chosen.count { bits[$0] })", "\(value)")
        }
        try client.check([("BITCOUNT none", ":0"), ("BITCOUNT none x y", ":0"), ("SET a x", "+OK"), ("BITCOUNT a 0", "-ERR syntax error"),
            ("BITCOUNT a 0 1 FOO", "-ERR syntax error"), ("BITCOUNT a 0 x", "-ERR value is not an integer or out of range")])
    }

    func test_bitPosition_isTheFirst() throws {
        for round in 0..<4_000 {
            let value = value(6)
            set("a", value)
            let bits = bits(value)
            let bit = round.isMultiple(of: 2)
            let wanted = { (places: [Int], beyond: Int) in places.first { bits[$0] == bit } ?? beyond }
            let (first, last) = (number(), number())
            let toEnd = range(first, -1, value.count).flatMap { Array(($0 * 8)..<($0 * 8 + 8)) }
            // Where no end is given, zeros follow the value, unless it begins behind that.
            let beyond = bit || toEnd.isEmpty ? -1 : bits.count
            XCTAssertEqual(try client("BITPOS a \(bit ? 1 : 0) \(first)"), ":\(wanted(toEnd, beyond))", "\(value) from \(first)")
            if !value.isEmpty {
                XCTAssertEqual(try client("BITPOS a \(bit ? 1 : 0)"), ":\(wanted(Array(bits.indices), bit ? -1 : bits.count))")
            }
            // Redis does not look whether both are negative here.
            guard first >= 0 || last >= 0 || first <= last else { continue }
            let bytes = range(first, last, value.count).flatMap { Array(($0 * 8)..<($0 * 8 + 8)) }
            XCTAssertEqual(try client("BITPOS a \(bit ? 1 : 0) \(first) \(last)"), ":\(wanted(bytes, -1))", "\(value) \(first) \(last)")
            XCTAssertEqual(
                try client("BITPOS a \(bit ? 1 : 0) \(first) \(last) BIT"), ":\(wanted(range(first, last, bits.count), -1))")
        }
        try client.check([("BITPOS none 0", ":0"), ("BITPOS none 1", ":-1"), ("BITPOS a 2", "-ERR The bit argument must be 1 or 0.")])
    }

    func test_setBit_thenGetBit_isThatBit_andNoOtherChanges() throws {
        set("a", [])
        var bits = [Bool](repeating: false, count: 200)
        for _ in 0..<2_000 {
            let (place, bit) = (Int.random(in: 0..<200, using: &random), Bool.random(using: &random))
            XCTAssertEqual(try client("SETBIT a \(place) \(bit ? 1 : 0)"), ":\(bits[place] ? 1 : 0)")
            bits[place] = bit
            XCTAssertEqual(try client("BITCOUNT a"), ":\(bits.count { $0 })")
        }
        for place in bits.indices { XCTAssertEqual(try client("GETBIT a \(place)"), ":\(bits[place] ? 1 : 0)") }
    }

    func test_setRange_isWhatPuttingItThereWouldBe() throws {
        for _ in 0..<1_000 {
            let (value, piece, offset) = (value(10), value(5), Int.random(in: 0...15, using: &random))
            set("a", value)
            var wanted = value
            if !piece.isEmpty {
                wanted += [UInt8](repeating: 0, count: max(0, offset + piece.count - value.count))
                for (place, byte) in piece.enumerated() { wanted[offset + place] = byte }
            }
            XCTAssertEqual(send(Array("SETRANGE".utf8), [0x61], Array("\(offset)".utf8), piece), ":\(wanted.count)\r\n")
            XCTAssertEqual(client.shared.memory.entry([0x61])?.value, wanted)
        }
    }

    func test_rename_keepsValueAndExpiry_andNothingUnderTheOldName() throws {
        for _ in 0..<500 {
            client.shared.memory.table = [:]
            let isThere = Int.random(in: 0..<4, using: &random) > 0
            let hasOther = Bool.random(using: &random)
            let needsNone = Bool.random(using: &random)
            if isThere { _ = try client("SET a 1" + (Bool.random(using: &random) ? " PX 77" : "")) }
            if hasOther { _ = try client("SET {a}b 2" + (Bool.random(using: &random) ? " PX 99" : "")) }
            let before = client.shared.memory
            let reply = try client(needsNone ? "RENAMENX a {a}b" : "RENAME a {a}b")
            let (a, b) = (Array("a".utf8), Array("{a}b".utf8))
            let after = client.shared.memory
            if !isThere || needsNone && hasOther {
                XCTAssertEqual(reply, isThere ? ":0" : "-ERR no such key")
                XCTAssertEqual(after.table, before.table)
            } else {
                XCTAssertEqual(reply, needsNone ? ":1" : "+OK")
                XCTAssertNil(after.entry(a))
                XCTAssertEqual(after.entry(b)?.value, before.entry(a)?.value)
                XCTAssertEqual(after.entry(b)?.expiry, before.entry(a)?.expiry)
            }
        }
    }

    func test_multipleSetIfNone_isAllOrNothing() throws {
        for _ in 0..<500 {
            client.shared.memory.table = [:]
            let keys = (0..<6).map { "{t}\($0)" }
            for key in keys where Int.random(in: 0..<6, using: &random) == 0 { _ = try client("SET \(key) old") }
            let before = client.shared.memory.table
            let chosen = (0..<Int.random(in: 1...4, using: &random)).map { _ in keys[Int.random(in: 0..<6, using: &random)] }
            let reply = try client("MSETNX " + chosen.enumerated().map { "\($1) new\($0)" }.joined(separator: " "))
            let isFree = chosen.allSatisfy { before[Array($0.utf8)] == nil }
            XCTAssertEqual(reply, isFree ? ":1" : ":0")
            guard isFree else {
                XCTAssertEqual(client.shared.memory.table, before)
                continue
            }
            for (place, key) in chosen.enumerated() where chosen.lastIndex(of: key) == place {
                XCTAssertEqual(try client("GET \(key)"), "$4 new\(place)")
            }
        }
    }

    /// However many slots its keys are of.
    func test_severalKeys_areWhatEachIsAlone() throws {
        for _ in 0..<200 {
            let keys = (0..<Int.random(in: 1...30, using: &random)).map { _ in "k\(Int.random(in: 0..<40, using: &random))" }
            let written = keys.map { "\($0) \(Int.random(in: 0..<9, using: &random))" }
            XCTAssertEqual(try client("MSET " + written.joined(separator: " ")), "+OK")
            let alone = try keys.map { try client("GET \($0)") }
            XCTAssertEqual(try client("MGET " + keys.joined(separator: " ")), "*\(keys.count) " + alone.joined(separator: " "))
            XCTAssertEqual(try client("EXISTS " + keys.joined(separator: " ")), ":\(keys.count)")
            XCTAssertEqual(try client("DEL " + keys.joined(separator: " ")), ":\(Set(keys).count)")
            XCTAssertEqual(try client("EXISTS " + keys.joined(separator: " ")), ":0")
        }
    }

    func test_keysOfOneSlot_moreThanABatchHolds_goInSeveral() throws {
        let keys = (0..<(Limits.batchWritesMax * 2 + 5)).map { "{t}\($0)" }
        XCTAssertEqual(try client("MSET " + keys.map { $0 + " 1" }.joined(separator: " ")), "+OK")
        XCTAssertEqual(try client("DEL " + keys.joined(separator: " ")), ":\(keys.count)")
        XCTAssertTrue(try client("MSETNX " + keys.map { $0 + " 1" }.joined(separator: " ")).hasPrefix("-ERR keys and values of one slot"))
    }
}
