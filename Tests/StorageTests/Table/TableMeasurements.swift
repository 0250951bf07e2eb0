import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

/// `TORC_TABLE=1000000` (keys; more than one with commas): prints what the table costs. Measures, checks nothing.
final class TableMeasurements: XCTestCase {
    /// Of this thread alone: other programs do not count.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func resident() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let words = text.split(separator: " ")
        return words.count > 1 ? (Int(words[1]) ?? 0) * 4_096 : 0
    }

    func test_measure() throws {
        guard let text = getenv("TORC_TABLE") else { throw XCTSkip("TORC_TABLE says how many keys") }
        for count in String(cString: text).split(separator: ",").compactMap({ Int($0) }) {
            measure(count, oneSlot: false)
            measure(count, oneSlot: true)
        }
    }

    private func measure(_ count: Int, oneSlot: Bool) {
        let keys = (0..<min(count, 1 << 20)).map { [UInt8]("key:\($0 &* 7_919 % count)            ".utf8.prefix(16)) }
        let slots = keys.map { oneSlot ? slot(1) : Slot(key: $0) }
        let before = Self.resident()
        let table = Table()
        let value = entry(1, bytes: 100)
        var longest: UInt64 = 0
        var long: [Int] = []
        var begin = Self.now()
        for number in 0..<count {
            let key = [UInt8]("key:\(number)            ".utf8.prefix(16))
            let place = oneSlot ? slot(1) : Slot(key: key)
            let start = Self.now()
            table.put(value, key: key, in: place)
            let spent = Self.now() - start
            if spent > 1_000_000 { long.append(number) }
            longest = max(longest, spent)
        }
        let filled = Self.now() - begin
        let resident = (Self.resident() - before) / count
        let bytes = (table.bytes - Table().bytes) / count
        func each(_ body: (Int) -> Void) -> UInt64 {
            begin = Self.now()
            for index in keys.indices { body(index) }
            return (Self.now() - begin) / UInt64(keys.count)
        }
        let found = each { index in keys[index].withUnsafeBytes { _ = table.find($0, in: slots[index]) } }
        let read = each { index in _ = table.entry(in: slots[index], key: keys[index]) }
        let put = each { index in table.put(value, key: keys[index], in: slots[index]) }
        begin = Self.now()
        var chunks: UInt64 = 0
        var after: [UInt8]?
        repeat {
            let chunk = table.chunk(of: slots[0], after: after, bytesMax: 256 << 10)
            chunks += 1
            after = chunk.isLast ? nil : chunk.entries.last?.key
        } while after != nil && chunks < 1_000
        let chunked = (Self.now() - begin) / chunks / 1_000
        let removed = each { index in table.remove(key: keys[index], in: slots[index]) }
        print(
            "table: \(count) keys\(oneSlot ? " in one slot" : ""): fill \(filled / UInt64(count)) ns a key, "
                + "longest put \(longest / 1_000) us, more than 1 ms: \(long), \(bytes) B a key, \(resident) more resident; find \(found), "
                + "entry \(read), overwrite \(put), remove \(removed) ns; chunk of 256 KiB \(chunked) us")
    }
}
