import XCTest

@testable import Protocol

/// What `forEachKey` sees of the commands that wait.
final class RESPReaderKeysTests: XCTestCase {
    private func bytes(_ words: [[UInt8]]) -> [UInt8] {
        Array("*\(words.count)\r\n".utf8) + words.flatMap { Array("$\($0.count)\r\n".utf8) + $0 + [0x0D, 0x0A] }
    }

    private func keys(of reader: RESPReader, max: Int = .max) -> [[UInt8]] {
        var found: [[UInt8]] = []
        reader.withBytes { bytes in
            reader.forEachKey(in: bytes) { range in
                found.append(Array(bytes[range]))
                return found.count < max
            }
        }
        return found
    }

    /// The law: they are the second words of the commands that are read next, all there are of those that have come whole
    /// and have two to nine words, up to the first that is another; and nothing is taken.
    func test_anyCommands_cutAnywhere_keysAreTheSecondWordsOfWhatIsReadNext() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let commands = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                (0..<Int.random(in: 1...11, using: &random)).map { _ in
                    (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
                }
            }
            let stream = commands.flatMap(bytes)
            let reader = RESPReader()
            reader.append(Array(stream.prefix(Int.random(in: 0...stream.count, using: &random))))
            for _ in 0..<Int.random(in: 0...3, using: &random) { _ = try reader.next() }
            let found = keys(of: reader)
            var next: [[UInt8]] = []
            while let command = try reader.next(), (2...9).contains(command.count) { next.append(command[1]) }
            XCTAssertEqual(found, next)
        }
    }

    func test_itEndsWhereItIsTold_andBetweenCommandsOnly() throws {
        let reader = RESPReader()
        let increment = bytes([Array("INCR".utf8), Array("n".utf8)])
        reader.append(increment + increment + increment.dropLast())
        XCTAssertEqual(keys(of: reader), [[0x6E], [0x6E]])
        XCTAssertEqual(keys(of: reader, max: 1), [[0x6E]])
        _ = try (reader.next(), reader.next(), reader.next())
        XCTAssertEqual(keys(of: reader), [], "one is being read")
        reader.append(Array(increment.suffix(1)))
        XCTAssertNotNil(try reader.next())
        XCTAssertEqual(reader.pendingBytes, 0)
    }

    func test_anyBytes_harmNothing() throws {
        let pieces = [
            "*2\r\n", "*3\r\n", "*9\r\n", "*10\r\n", "*1\r\n", "*-1\r\n", "$3\r\n", "GET\r\n", "$1\r\n", "k\r\n", "$0\r\n", "\r\n", "$-1\r\n",
            "$9999999\r\n", "INCR n\r\n", "*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n", "*", "$", "\r", "\n", "x",
        ]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...7, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let (reader, other) = (RESPReader(), RESPReader())
            reader.append(Array(text.utf8))
            other.append(Array(text.utf8))
            for key in keys(of: reader) { XCTAssertEqual(try other.next()?[1], key, text) }
        }
    }
}
