import Foundation
import XCTest

@testable import Protocol

/// The examples of docs/protocol.md, answered from a dictionary: what the page says of the protocol holds for
/// this codec.
final class ProtocolExamplesTests: XCTestCase {
    /// One block of the page: what is sent on one connection, and the answers that follow each line.
    private func blocks() throws -> [[Substring]] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../docs/protocol.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        var blocks: [[Substring]] = []
        var isInside = false
        for line in lines {
            if line.hasPrefix("```") {
                isInside = line == "```torc"
                if isInside { blocks.append([]) }
            } else if isInside {
                blocks[blocks.count - 1].append(line)
            }
        }
        return blocks
    }

    /// `"*"` stands for any string.
    private func matches(_ answer: String, _ expected: Substring) throws -> Bool {
        func object(_ text: some StringProtocol) throws -> [String: NSObject] {
            try XCTUnwrap(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: NSObject], String(text))
        }
        let found = try object(answer)
        let wanted = try object(expected)
        guard Set(found.keys) == Set(wanted.keys) else { return false }
        return wanted.allSatisfy { name, value in
            value == "*" as NSString ? found[name] is NSString : value == found[name]
        }
    }

    private var entries: [[UInt8]: Entry] = [:]

    private func answer(_ request: JSONRequest, into output: inout [UInt8]) throws {
        let node = try XCTUnwrap(NodeID("server1"))
        guard case .operation(let operation) = request.kind else {
            return JSONResponseWriter.write(status: Array("{}".utf8), to: request, node: node, into: &output)
        }
        let version = Version(epoch: 1, sequence: 1)
        let time = Timestamp(milliseconds: 0)
        let outcome: Outcome
        switch operation {
        case .get:
            outcome = entries[request.key].map { .found($0) } ?? .notFound
        case .set(let value, _):
            entries[request.key] = Entry(value: value, version: version, timestamp: time, expiry: nil)
            outcome = .written(version: version, timestamp: time)
        case .delete:
            entries[request.key] = nil
            outcome = .written(version: version, timestamp: time)
        case .add, .append, .compareAndSet:
            return XCTFail("\(operation) has no JSON form")
        }
        JSONResponseWriter.write(outcome, to: request, node: node, into: &output)
    }

    /// Every answer to what has arrived, one a line.
    private func answers(_ reader: inout JSONRequestReader) throws -> [String] {
        var output: [UInt8] = []
        while true {
            do throws(JSONRequestError) {
                guard let request = try reader.next() else { break }
                XCTAssertNoThrow(try answer(request, into: &output))
            } catch {
                JSONResponseWriter.write(error, node: try XCTUnwrap(NodeID("server1")), into: &output)
            }
        }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func test_examples_sentInOrder_areAnsweredAsThePageSays() throws {
        let blocks = try blocks()
        XCTAssertGreaterThan(blocks.count, 4)
        for block in blocks {
            var reader = JSONRequestReader(parser: JSONRequestParser())
            let first = try XCTUnwrap(block.first).dropFirst(2)
            XCTAssertEqual(ProtocolSniffer.sniff(Array(first.utf8)), .known(.json))
            var waiting: [String] = []
            for line in block {
                if line.hasPrefix("> ") {
                    XCTAssertEqual(waiting, [], "before \(line)")
                    reader.append(Array((line.dropFirst(2) + "\n").utf8))
                    waiting += try answers(&reader)
                } else {
                    XCTAssertTrue(line.hasPrefix("< "), String(line))
                    guard !waiting.isEmpty else { return XCTFail("no answer for \(line)") }
                    let answer = waiting.removeFirst()
                    XCTAssertTrue(try matches(answer, line.dropFirst(2)), "\(answer) is not as \(line)")
                }
            }
            XCTAssertEqual(waiting, [])
        }
    }
}
