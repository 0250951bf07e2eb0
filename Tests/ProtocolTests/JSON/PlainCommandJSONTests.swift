import Foundation
import XCTest

@testable import Protocol

final class PlainCommandJSONTests: XCTestCase {
    private func reader(_ text: String) -> JSONRequestReader { reader(Array(text.utf8)) }

    private func reader(_ bytes: [UInt8]) -> JSONRequestReader {
        let reader = JSONRequestReader(parser: JSONRequestParser())
        reader.append(bytes)
        return reader
    }

    private func plain(_ reader: JSONRequestReader) -> PlainCommand? {
        reader.withBytes { reader.plain(after: nil, in: $0) }
    }

    func test_getAndSet_areFound_andSkipped() throws {
        let reader = reader(
            #"{"type":"GET","key":"k"}{"type": "set", "key": "a b", "value": ""}"# + "\r\n\t " + #"{"type":"STATUS"}"#)
        let get = try XCTUnwrap(plain(reader))
        XCTAssertEqual(reader.bytes(in: get.key), Array("k".utf8))
        XCTAssertNil(get.value)
        XCTAssertTrue(reader.isNext(get))
        reader.skip(get)
        XCTAssertFalse(reader.isNext(get))
        let set = try XCTUnwrap(plain(reader))
        XCTAssertEqual(reader.bytes(in: set.key), Array("a b".utf8))
        XCTAssertEqual(reader.bytes(in: try XCTUnwrap(set.value)), [])
        reader.skip(set)
        XCTAssertNil(plain(reader))
        XCTAssertEqual(try reader.next()?.kind, .status)
        XCTAssertEqual(reader.pendingBytes, 0)
    }

    /// The law: whatever is found to be plain is the request that the reader reads, and the same is left behind it, but for
    /// white space.
    func test_anyBytes_plainIsWhatTheReaderReads() throws {
        let pieces = [
            #"{"type":"#, #"{"type": "#, #"{"type" :"#, #"{"key":"#, #""GET","#, #""get", "#, #""SET","#, #""Set","#, #""PUT","#,
            #""GET""#, #""key":"#, #""key": "#, #""key":"k""#, #""key":"","#, #""k","#, #""value":"#, #""value": "v""#, #""vé""#,
            #""v\n""#, "\"v\u{7F}\"", "\"v\u{1}\"", #""a long value of more than sixteen bytes""#, "}", "} ", "}\n", ",", " ", "\n", "x",
            #"{"type":"GET","key":"k"}"#, #"{"type":"SET","key":"k","value":"v"}"#, #","ttl":5"#, #","id":1"#,
        ]
        var random = SystemRandomNumberGenerator()
        var found = 0
        for _ in 0..<40_000 {
            let text = (0..<Int.random(in: 1...7, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let reader = reader(text)
            guard let command = plain(reader) else { continue }
            found += 1
            let other = self.reader(text)
            let request = try XCTUnwrap(other.next(), text)
            let operation: Protocol.Operation =
                command.value.map { .write(Write(.set(reader.bytes(in: $0)), for: .forever)) } ?? .get
            XCTAssertEqual(request, JSONRequest(kind: .operation(operation), key: reader.bytes(in: command.key)), text)
            reader.skip(command)
            let rest = text.utf8.suffix(other.pendingBytes).drop { $0 == 0x20 || $0 == 0x0A }
            XCTAssertEqual(reader.pendingBytes, rest.count, text)
        }
        XCTAssertGreaterThan(found, 500)
    }

    /// What fuzzing has kept: however it comes, and whether or not what is plain is read as such, it means the same.
    func test_corpus_plainOrNot_meansTheSame() throws {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent("Fuzz/Corpus/json"), includingPropertiesForKeys: nil)
        XCTAssertGreaterThan(files.count, 10)
        var counts = (plain: 0, others: 0, faults: 0)
        for file in files.sorted(by: { $0.path < $1.path }) {
            let input = [UInt8](try Data(contentsOf: file)).dropFirst()
            var counted = (plain: 0, others: 0, faults: 0)
            let whole = reading(of: input, pieces: max(input.count, 1), takesPlain: false, &counted)
            for size in [1, 2, 7, max(input.count, 1)] {
                XCTAssertEqual(reading(of: input, pieces: size, takesPlain: true, &counts), whole, file.lastPathComponent)
            }
        }
        XCTAssertGreaterThan(counts.plain, 5)
        XCTAssertGreaterThan(counts.others, 5)
        XCTAssertGreaterThan(counts.faults, 5)
    }

    private func reading(
        of bytes: ArraySlice<UInt8>, pieces size: Int, takesPlain: Bool, _ counts: inout (plain: Int, others: Int, faults: Int)
    ) -> [Result<JSONRequest, JSONRequestError>] {
        let reader = JSONRequestReader(parser: JSONRequestParser(), objectBytesMax: 2_000)
        var found: [Result<JSONRequest, JSONRequestError>] = []
        var rest = bytes
        while !rest.isEmpty, !reader.isClosed {
            reader.append(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
            while true {
                if takesPlain, let command = plain(reader) {
                    counts.plain += 1
                    let write = command.value.map { Protocol.Operation.write(Write(.set(reader.bytes(in: $0)), for: .forever)) }
                    found.append(.success(JSONRequest(kind: .operation(write ?? .get), key: reader.bytes(in: command.key))))
                    reader.skip(command)
                    continue
                }
                do throws(JSONRequestError) {
                    guard let request = try reader.next() else { break }
                    counts.others += 1
                    found.append(.success(request))
                } catch {
                    counts.faults += 1
                    found.append(.failure(error))
                    if error.closes { break }
                }
            }
        }
        return found
    }

    func test_textsOfAnyLengthAndByte_arePlain_whereTheyNeedNoEscape() throws {
        for byte in UInt8.min...UInt8.max {
            for (count, place) in [(1, 0), (16, 15), (40, 3), (40, 31), (40, 39)] {
                var value = [UInt8](repeating: UInt8(ascii: "v"), count: count)
                value[place] = byte
                let head = Array(#"{"type":"SET","key":"k","value":""#.utf8)
                let reader = reader(head + value + Array("\"}".utf8))
                let isPlain = byte >= 0x20 && byte < 0x80 && byte != JSONText.quote && byte != JSONText.backslash
                XCTAssertEqual(plain(reader)?.value.map { reader.bytes(in: $0) }, isPlain ? value : nil, "\(byte) at \(place)")
            }
        }
    }

    func test_halfARequest_isNone_whereverItEnds() {
        let text = Array(#"{"type":"SET","key":"key","value":"value"}"#.utf8)
        for end in 0..<text.count { XCTAssertNil(plain(reader(Array(text[..<end])))) }
        XCTAssertNotNil(plain(reader(text)))
        let half = reader(Array(text[..<20]))
        XCTAssertNil(try half.next())
        // Its end is no request of its own.
        half.append(Array(#"":1}{"type":"GET","key":"k"}"#.utf8))
        XCTAssertNil(plain(half))
    }

    func test_whatIsTooLongOrEmpty_isLeftToTheReader() {
        let long = String(repeating: "k", count: Limits.keyBytesMax + 1)
        XCTAssertNil(plain(reader(#"{"type":"GET","key":"\#(long)"}"#)))
        XCTAssertNotNil(plain(reader(#"{"type":"GET","key":"\#(long.dropFirst())"}"#)))
        XCTAssertNil(plain(reader(#"{"type":"GET","key":""}"#)))
        let text = #"{"type":"GET","key":"k"}"#
        for (bytesMax, isPlain) in [(text.utf8.count, true), (text.utf8.count - 1, false)] {
            let reader = JSONRequestReader(parser: JSONRequestParser(), objectBytesMax: bytesMax)
            reader.append(Array(("\n " + text).utf8))
            XCTAssertEqual(plain(reader) != nil, isPlain)
        }
    }

    /// The law: an answer is, byte for byte, what it is to the same request read as any other.
    func test_answers_areThoseOfJSONResponseWriter() throws {
        let node = try XCTUnwrap(NodeID("n-1"))
        var writer = JSONPlainWriter(node: node)
        var random = SystemRandomNumberGenerator()
        for step in 0..<2_000 {
            let key = (0..<Int.random(in: 1...40)).map { _ in UInt8.random(in: 0x23...0x5B, using: &random) }
            let bytes: ClosedRange<UInt8> = [0x23...0x5B, 0...0x7F, 0...0xFF][step % 3]
            let value = (0..<Int.random(in: 0...60)).map { _ in UInt8.random(in: bytes, using: &random) }
            let version = Version(rawValue: .random(in: 0...(UInt64.max >> UInt64.random(in: 0...63))))
            let time = Timestamp(milliseconds: .random(in: 0...(1 << UInt64.random(in: 0...63))))
            let entry = Entry(value: value, version: version, timestamp: time, expiry: step % 2 == 0 ? nil : time)
            let outcomes: [Outcome] = [.found(entry), .notFound, .written(version: version, timestamp: time, result: .none)]
            let request = JSONRequest(kind: .operation(.get), key: key)
            for (kind, outcome) in outcomes.enumerated() {
                // Both behind something.
                var wanted: [UInt8] = [1], output: [UInt8] = [1]
                JSONResponseWriter.write(outcome, to: request, node: node, into: &wanted)
                key.withUnsafeBytes { key in
                    switch kind {
                    case 0:
                        EntryRun(CollectionOfOne(KeyedEntry(key: [], entry: entry))).forEach {
                            writer.write(.value($0), key: key, into: &output)
                        }
                    case 1: writer.write(.value(nil), key: key, into: &output)
                    default: writer.write(.written(version, time), key: key, into: &output)
                    }
                }
                XCTAssertEqual(output, wanted, String(decoding: wanted, as: UTF8.self))
            }
        }
    }
}
