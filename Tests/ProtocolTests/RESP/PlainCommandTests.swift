import XCTest

@testable import Protocol

extension RESPReader {
    fileprivate func nextPlain() -> PlainCommand? { withBytes { plain(after: nil, in: $0) } }
}

final class PlainCommandTests: XCTestCase {
    private func reader(_ text: String) -> RESPReader {
        let reader = RESPReader()
        reader.append(Array(text.utf8))
        return reader
    }

    func test_getAndSet_areFound_andSkipped() throws {
        let reader = reader("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*3\r\n$3\r\nsEt\r\n$0\r\n\r\n$12\r\nhello\r\nworld\r\n*1\r\n$4\r\nPING\r\n")
        let get = try XCTUnwrap(reader.nextPlain())
        XCTAssertEqual(reader.bytes(in: get.key), Array("k".utf8))
        XCTAssertNil(get.value)
        reader.skip(get)
        let set = try XCTUnwrap(reader.nextPlain())
        XCTAssertEqual(reader.bytes(in: set.key), [])
        XCTAssertEqual(reader.bytes(in: try XCTUnwrap(set.value)), Array("hello\r\nworld".utf8))
        reader.skip(set)
        XCTAssertNil(reader.nextPlain())
        XCTAssertEqual(try reader.next(), RESPCommand([Array("PING".utf8)]))
        XCTAssertEqual(reader.pendingBytes, 0)
    }

    func test_commandsBehindOthers_areFoundWithoutTakingThem() throws {
        let reader = reader("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*2\r\n$3\r\nGET\r\n$1\r\nb\r\n*1\r\n$4\r\nPING\r\n")
        try reader.withBytes { bytes in
            let first = try XCTUnwrap(reader.plain(after: nil, in: bytes))
            let second = try XCTUnwrap(reader.plain(after: first, in: bytes))
            XCTAssertEqual(reader.bytes(in: second.key), Array("b".utf8))
            XCTAssertNil(reader.plain(after: second, in: bytes))
            XCTAssertTrue(reader.isNext(first))
            XCTAssertFalse(reader.isNext(second))
            reader.skip(first)
            XCTAssertTrue(reader.isNext(second))
        }
    }

    /// Whatever `plain` finds `next` finds as well, and the bytes behind it.
    func test_anyBytes_plainIsWhatTheReaderReads() throws {
        let pieces = [
            "*2\r\n", "*3\r\n", "*4\r\n", "$3\r\n", "GET\r\n", "SET\r\n", "get\r\n", "PUT\r\n", "$1\r\n", "k\r\n", "$2\r\n", "kk\r\n",
            "$0\r\n", "\r\n", "$-1\r\n", "$03\r\n", "$00\r\n", "$99999999\r\n", "$ 3\r\n", "GET k\r\n", "$3\r\nGET\r\n$1\r\nk\r\n",
            "*2\r\n$3\r\nGET\r\n", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\nb\r\n", "\r", "\n", "$3\rxGET\r\n", "*3\rx", "x",
        ]
        var random = SystemRandomNumberGenerator()
        var found = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let reader = reader(text)
            guard let plain = reader.nextPlain() else { continue }
            found += 1
            let other = self.reader(text)
            let command = try XCTUnwrap(other.next(), text)
            XCTAssertEqual(command.count, plain.value == nil ? 2 : 3, text)
            XCTAssertEqual(command[0].map { $0 | 0x20 }, Array((plain.value == nil ? "get" : "set").utf8), text)
            XCTAssertEqual(command[1], reader.bytes(in: plain.key), text)
            if let value = plain.value { XCTAssertEqual(command[2], reader.bytes(in: value), text) }
            reader.skip(plain)
            XCTAssertEqual(reader.pendingBytes, other.pendingBytes, text)
        }
        XCTAssertGreaterThan(found, 100)
    }

    func test_halfACommand_isNone_whereverItEnds() {
        let text = Array("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n".utf8)
        for end in 0..<text.count {
            let reader = RESPReader()
            reader.append(Array(text[..<end]))
            XCTAssertNil(reader.nextPlain())
        }
    }

    func test_whatIsTooLong_isLeftToTheReader() {
        XCTAssertNil(reader("*2\r\n$3\r\nGET\r\n$70000\r\n\(String(repeating: "k", count: 70_000))\r\n").nextPlain())
        let small = RESPReader(bulkBytesMax: 2)
        small.append(Array("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\nabc\r\n".utf8))
        XCTAssertNil(small.nextPlain())
    }
}
