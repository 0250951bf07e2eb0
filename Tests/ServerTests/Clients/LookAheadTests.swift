import Cluster
import Protocol
import XCTest

@testable import Server

final class LookAheadTests: XCTestCase {
    private func bytes(_ words: [String]) -> [UInt8] {
        Array("*\(words.count)\r\n".utf8) + words.flatMap { Array("$\($0.utf8.count)\r\n\($0)\r\n".utf8) }
    }

    /// The law: plain or not, cut wherever, every command comes once and in its order.
    func test_anyCommands_inAnyPieces_comeOnceAndInOrder() throws {
        var random = Random(seed: 3)
        for _ in 0..<200 {
            let commands = (0..<Int.random(in: 1...60, using: &random)).map { number -> [String] in
                switch Int.random(in: 0..<4, using: &random) {
                case 0: ["PING"]
                case 1: ["SET", "k\(number)", String(repeating: "v", count: Int.random(in: 0...40, using: &random))]
                default: ["GET", "k\(number)"]
                }
            }
            let stream = commands.flatMap(bytes)
            let reader = RESPReader()
            var ahead = LookAhead()
            var found: [[String]] = []
            var readAhead = 0
            var start = 0
            while start < stream.count {
                let end = min(stream.count, start + Int.random(in: 1...700, using: &random))
                reader.append(Array(stream[start..<end]))
                ahead.removeAll()
                start = end
                while true {
                    if ahead.look(into: reader), let item = ahead.waiting.first {
                        if ahead.isFresh { readAhead = max(readAhead, ahead.waiting.count) }
                        let key = reader.bytes(in: item.command.key)
                        XCTAssertEqual(item.slot, Slot(key: key))
                        XCTAssertEqual(item.isSet, item.command.value != nil)
                        let words = [key] + (item.command.value.map { [reader.bytes(in: $0)] } ?? [])
                        found.append([item.isSet ? "SET" : "GET"] + words.map { String(decoding: $0, as: UTF8.self) })
                        // It is taken as it is, or read as any other.
                        if Bool.random(using: &random) {
                            ahead.take(1)
                            XCTAssertEqual(ahead.lastTaken?.command.key, item.command.key)
                            reader.skip(item.command)
                        } else {
                            ahead.take(1)
                            _ = try reader.next()
                        }
                    } else if let command = try reader.next() {
                        found.append((0..<command.count).map { String(decoding: command[$0], as: UTF8.self) })
                    } else {
                        break
                    }
                }
            }
            XCTAssertEqual(found, commands)
            XCTAssertLessThanOrEqual(readAhead, LookAhead.countMax)
            if commands.count == 60 { XCTAssertGreaterThan(readAhead, 1) }
        }
    }
}
