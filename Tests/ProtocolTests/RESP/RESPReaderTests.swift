import Foundation
import XCTest

@testable import Protocol

/// The bytes of Redis clients, however they come.
final class RESPReaderTests: XCTestCase {
    private func array(_ words: [[UInt8]]) -> [UInt8] {
        Array("*\(words.count)\r\n".utf8) + words.flatMap { Array("$\($0.count)\r\n".utf8) + $0 + [0x0D, 0x0A] }
    }

    /// As a line that means the same: every byte that could mean something else is escaped.
    private func line(_ words: [[UInt8]]) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        let quoted = words.map { word in
            [UInt8(ascii: "\"")] + word.flatMap { byte -> [UInt8] in
                (0x61...0x7A).contains(byte) ? [byte] : Array("\\x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } + [UInt8(ascii: "\"")]
        }
        return Array(quoted.joined(separator: [0x20])) + [0x0D, 0x0A]
    }

    private func words(_ command: RESPCommand) -> [[UInt8]] { (0..<command.count).map { command[$0] } }

    private func all(_ reader: RESPReader) throws(RESPFault) -> [[[UInt8]]] {
        var commands: [[[UInt8]]] = []
        while let command = try reader.next() { commands.append(words(command)) }
        return commands
    }

    // MARK: Commands

    func test_commands_cutAnywhere_comeOutWholeAndInOrder() throws {
        var random = SeededGenerator(seed: 31)
        for round in 0..<300 {
            var sent: [[[UInt8]]] = []
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let words = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    random.bytes(Int.random(in: 0...(round % 10 == 0 ? 5_000 : 12), using: &random))
                }
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes += Array(["\r\n", "*0\r\n", "*-1\r\n", "  \t\n"][Int.random(in: 0..<4, using: &random)].utf8)
                case 1 where round % 10 != 0:
                    // The first byte of a line decides what it is, and here it is a quote.
                    bytes += line(words)
                    sent.append(words)
                default:
                    bytes += array(words)
                    sent.append(words)
                }
            }
            let reader = RESPReader()
            var seen: [[[UInt8]]] = []
            var rest = bytes[...]
            let pieceMax = [1, 3, 40, 100_000][round % 4]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...pieceMax, using: &random))
                rest = rest.dropFirst(piece.count)
                reader.append(Array(piece))
                seen += try all(reader)
            }
            XCTAssertEqual(seen, sent)
            XCTAssertEqual(reader.pendingBytes, 0)
        }
    }

    /// Words that are gathered apart, among others, in pieces that end anywhere.
    func test_largeWords_cutAnywhere_comeOutWholeAndInOrder() throws {
        var random = SeededGenerator(seed: 34)
        for round in 0..<40 {
            let sent = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    let edge = RESPReader.largeBytesMin
                    let counts = [3, edge - 1, edge, edge + 1, 3 * edge, 700_000]
                    return random.bytes(counts[Int.random(in: 0..<counts.count, using: &random)])
                }
            }
            let reader = RESPReader()
            var seen: [[[UInt8]]] = []
            var rest = sent.flatMap(array)[...]
            var given = 0
            let pieceMax = [1_000, 70_000, 400_000, 9_000_000][round % 4]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...pieceMax, using: &random))
                rest = rest.dropFirst(piece.count)
                given += piece.count
                reader.append(Array(piece))
                seen += try all(reader)
                let taken = sent.prefix(seen.count).reduce(0) { $0 + array($1).count }
                XCTAssertEqual(reader.pendingBytes, given - taken)
            }
            XCTAssertEqual(seen, sent)
        }
    }

    /// Taken while they come, in pieces that end anywhere.
    func test_largeWords_haveTheirDigests_andSmallOnesNone() throws {
        var random = SeededGenerator(seed: 35)
        for _ in 0..<30 {
            let edge = RESPReader.largeBytesMin
            let words = [3, edge - 1, edge, edge + 1, 200_000].shuffled(using: &random).map { random.bytes($0) }
            let reader = RESPReader()
            var rest = array(words)[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...70_000, using: &random))
                rest = rest.dropFirst(piece.count)
                reader.append(Array(piece))
                guard let command = try reader.next() else { continue }
                for (index, word) in words.enumerated() {
                    XCTAssertEqual(command.digest(index), word.count < edge ? nil : ContentDigest(of: word), "\(word.count)")
                }
            }
        }
    }

    func test_largeWord_withoutItsEnd_isRefused() {
        let count = RESPReader.largeBytesMin
        let bytes = Array("*1\r\n$\(count)\r\n".utf8) + [UInt8](repeating: 7, count: count)
        XCTAssertNil(fault(bytes + [0x0D], RESPReader()))
        XCTAssertEqual(fault(bytes + [0x0D, 0x07], RESPReader()), "Protocol error: expected CRLF after a bulk string")
    }

    func test_next_ofPartOfACommand_waits_andTakesNothingBehindItEarly() throws {
        let reader = RESPReader()
        let bytes = array([Array("GET".utf8), Array("key".utf8)])
        for count in 1..<bytes.count {
            let part = RESPReader()
            part.append(Array(bytes.prefix(count)))
            XCTAssertNil(try part.next(), "\(count) bytes")
            part.append(Array(bytes.dropFirst(count)))
            XCTAssertEqual(try part.next().map(words), [Array("GET".utf8), Array("key".utf8)])
        }
        reader.append(bytes + bytes.dropLast())
        XCTAssertEqual(try all(reader).count, 1)
        reader.append([0x0A])
        XCTAssertEqual(try all(reader).count, 1)
    }

    func test_pipeline_ofManyCommands_isReadInTime() throws {
        let one = array([Array("SET".utf8), Array("key".utf8), Array("value".utf8)])
        let reader = RESPReader()
        var count = 0
        for _ in 0..<20 {
            reader.append(Array((0..<5_000).map { _ in one }.joined()))
            while try reader.next() != nil { count += 1 }
        }
        XCTAssertEqual(count, 100_000)
    }

    // MARK: Faults

    private func fault(_ bytes: [UInt8], _ reader: RESPReader) -> String? {
        reader.append(bytes)
        do throws(RESPFault) {
            while try reader.next() != nil {}
            return nil
        } catch {
            return String(decoding: error.message, as: UTF8.self)
        }
    }

    func test_hostileInput_isRefusedInRedissWords_andNothingFollows() {
        let long = String(repeating: "1", count: 70_000)
        let cases: [(String, String)] = [
            ("*x\r\n", "invalid multibulk length"), ("*\r\n", "invalid multibulk length"),
            ("*+1\r\n", "invalid multibulk length"), ("*01\r\n", "invalid multibulk length"),
            ("*-0\r\n", "invalid multibulk length"), ("*-9223372036854775809\r\n", "invalid multibulk length"),
            ("* 1\r\n", "invalid multibulk length"), ("*1048577\r\n", "invalid multibulk length"),
            ("*9223372036854775808\r\n", "invalid multibulk length"), ("*-\r\n", "invalid multibulk length"),
            ("*\(long)", "too big mbulk count string"), ("*\(long)\r\n", "invalid multibulk length"),
            ("*1\r\nx\r\n", "expected '$', got 'x'"), ("*2\r\n$1\r\na\r\n:1\r\n", "expected '$', got ':'"),
            ("*1\r\n$x\r\n", "invalid bulk length"), ("*1\r\n$-1\r\n", "invalid bulk length"),
            ("*1\r\n$16777217\r\n", "invalid bulk length"), ("*1\r\n$9223372036854775807\r\n", "invalid bulk length"),
            ("*2\r\n$1\r\na\r\n$9223372036854775807\r\n", "invalid bulk length"),
            ("*1\r\n$\(long)", "too big bulk count string"), ("*1\r\n$3\r\nabcde", "expected CRLF after a bulk string"),
            ("\(long)", "too big inline request"), ("GET \(long)\r\n", "too big inline request"),
            ("GET \"key\r\n", "unbalanced quotes in request"), ("GET 'key\r\n", "unbalanced quotes in request"),
            ("GET \"a\"b\r\n", "unbalanced quotes in request"), ("GET \"a\\\r\n", "unbalanced quotes in request"),
        ]
        for (input, wanted) in cases {
            let reader = RESPReader()
            XCTAssertEqual(fault(Array(input.utf8), reader), "Protocol error: " + wanted, String(input.prefix(40)))
            XCTAssertTrue(reader.isClosed)
            XCTAssertNil(fault(array([Array("PING".utf8)]), reader))
            XCTAssertEqual(reader.pendingBytes, 0)
        }
    }

    func test_wordsTogether_overTheLimitOfACommand_areRefused() {
        let reader = RESPReader(bulkBytesMax: 10, commandBytesMax: 15)
        XCTAssertNil(fault(Array("*2\r\n$10\r\n0123456789\r\n$5\r\n01234\r\n".utf8), reader))
        XCTAssertNil(fault(Array("*2\r\n$10\r\n0123456789\r\n".utf8), reader))
        XCTAssertEqual(fault(Array("$6\r\n".utf8), reader), "Protocol error: invalid bulk length")
    }

    /// A word is put into memory when it has come, not when it is announced.
    func test_announcedLengths_allocateNothing() throws {
        let before = try virtualBytes()
        let readers = (0..<1_000).map { _ in RESPReader() }
        for index in readers.indices {
            XCTAssertNil(fault(Array("*1048576\r\n$16777216\r\nabc".utf8), readers[index]))
        }
        XCTAssertLessThan(try virtualBytes() - before, 256 << 20)
        XCTAssertEqual(readers.reduce(0) { $0 + $1.pendingBytes }, 1_000 * 24)
    }

    /// Of this process.
    private func virtualBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try XCTUnwrap(fields.first.flatMap { Int($0) }) * 4_096
    }

    func test_randomBytes_neverTrap_andKeepNoMoreThanCame() {
        var random = SeededGenerator(seed: 32)
        let telling = Array("*$-0123456789\r\n\"'\\ xG".utf8)
        var faults = 0
        for _ in 0..<20_000 {
            let reader = RESPReader(bulkBytesMax: 100, commandBytesMax: 200)
            var given = 0
            for _ in 0..<3 {
                let bytes: [UInt8] = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                    Int.random(in: 0..<8, using: &random) == 0
                        ? UInt8.random(in: 0...255, using: &random)
                        : telling[Int.random(in: 0..<telling.count, using: &random)]
                }
                given += bytes.count
                if fault(bytes, reader) != nil { faults += 1 }
                XCTAssertLessThanOrEqual(reader.pendingBytes, given)
            }
        }
        XCTAssertGreaterThan(faults, 5_000)
    }

    /// What comes in pieces is what comes at once, faults included.
    func test_randomBytes_cutAnywhere_meanTheSame() {
        var random = SeededGenerator(seed: 33)
        let telling = Array("*$12\r\n\r\n\r\n\"a ".utf8)
        for _ in 0..<20_000 {
            let bytes: [UInt8] = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                telling[Int.random(in: 0..<telling.count, using: &random)]
            }
            func read(_ pieces: [[UInt8]]) -> ([[[UInt8]]], String?) {
                let reader = RESPReader()
                var commands: [[[UInt8]]] = []
                for piece in pieces {
                    reader.append(piece)
                    do throws(RESPFault) {
                        while let command = try reader.next() { commands.append(words(command)) }
                    } catch {
                        return (commands, String(decoding: error.message, as: UTF8.self))
                    }
                }
                return (commands, nil)
            }
            let (whole, cut) = (read([bytes]), read(bytes.map { [$0] }))
            XCTAssertEqual(whole.0, cut.0, "\(bytes)")
            XCTAssertEqual(whole.1, cut.1, "\(bytes)")
        }
    }

    // MARK: What fuzzing has kept

    func test_corpus_howeverItComes_meansTheSame() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent("Fuzz/Corpus/resp"), includingPropertiesForKeys: nil)
        XCTAssertGreaterThan(files.count, 10)
        var commands = 0, faults = 0
        for file in files.sorted(by: { $0.path < $1.path }) {
            let input = [UInt8](try Data(contentsOf: file)).dropFirst()
            let whole = reading(of: input, pieces: input.count)
            for size in [1, 2, 7] {
                let again = reading(of: input, pieces: size)
                XCTAssertEqual(again.commands, whole.commands, file.lastPathComponent)
                XCTAssertEqual(again.fault, whole.fault, file.lastPathComponent)
            }
            commands += whole.commands.count
            faults += whole.fault == nil ? 0 : 1
        }
        XCTAssertGreaterThan(commands, 0)
        XCTAssertGreaterThan(faults, 0)
    }

    private func reading(of bytes: ArraySlice<UInt8>, pieces size: Int) -> (commands: [[[UInt8]]], fault: RESPFault?) {
        let reader = RESPReader(bulkBytesMax: 2_000, commandBytesMax: 4_000)
        var found: [[[UInt8]]] = []
        var rest = bytes
        while !rest.isEmpty {
            reader.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            do throws(RESPFault) {
                while let command = try reader.next() { found.append(words(command)) }
            } catch {
                return (found, error)
            }
        }
        return (found, nil)
    }
}
