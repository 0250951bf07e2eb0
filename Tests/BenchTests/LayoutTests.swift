import Protocol
import XCTest

@testable import Bench

final class LayoutTests: XCTestCase {
    private func line(_ address: String, _ slots: String) -> String {
        "83df9fc2df4309e2eb9028958c201d7aaa7eeb86 \(address) master - 0 0 1 connected \(slots)\n"
    }

    private func message(_ text: String) -> String? {
        do throws(BenchError) { _ = try Layout(nodes: text) } catch { return error.message }
        return nil
    }

    func test_lines_giveEverySlotItsPrimary() throws {
        let text = line("127.0.0.1:1@1", "0-99 101 200-16382") + line("h:4@4", "") + line("::1:2@2,name", "100 102-199 16383 [7-<-x]")
        let layout = try Layout(nodes: text)
        XCTAssertEqual(layout.primaries, [NodeAddress(host: "127.0.0.1", port: 1), NodeAddress(host: "::1", port: 2)])
        XCTAssertEqual(layout.owners.count, Slot.count)
        for (slot, owner) in layout.owners.enumerated() {
            XCTAssertEqual(owner, slot == 100 || (102...199).contains(slot) || slot == 16_383 ? 1 : 0, "\(slot)")
        }
    }

    func test_slotsWithoutPrimaryOrWithTwo_areRefused() throws {
        XCTAssertTrue(try XCTUnwrap(message(line("h:1@1", "0-16380"))).contains("3 of 16,384 slots have no primary"))
        XCTAssertTrue(try XCTUnwrap(message("")).contains("16,384 of 16,384"))
        let twice = line("h:1@1", "0-16383") + line("h:2@2", "5")
        XCTAssertTrue(try XCTUnwrap(message(twice)).contains("two primaries of slot 5"))
    }

    func test_nonsense_isRefusedAndDoesNotTrap() {
        for slots in ["x", "-", "5-", "-5", "9-5", "0-16384", "1-2-3", "99999999999999999999", "--"] {
            XCTAssertNotNil(message(line("h:1@1", slots)), slots)
        }
        for address in ["h", "h:", ":1", "h:x@1", "h:70000@1", "@"] { XCTAssertNotNil(message(line(address, "0-16383")), address) }
        for text in ["one two", "\n\n x \n"] { XCTAssertNotNil(message(text), text) }
    }

    func test_bulkReply_inPiecesOfAnySize_isTheSame() {
        for (bytes, outcome) in [
            ("$5\r\nab\ncd\r\n", .text("ab\ncd")), ("$0\r\n\r\n", .text("")), ("-ERR no\r\n", .refused("ERR no")),
            ("$-1\r\n", .refused("$-1")), ("$5000000\r\n", .refused("$5000000")), ("+OK\r\n", .refused("+OK")),
            ("$x\r\n", .refused("$x")), ("$5\r\nabcd\r\n", .incomplete), ("$5", .incomplete), ("\n", .refused("")),
        ] as [(String, BulkReply.Outcome)] {
            for size in 1...bytes.utf8.count {
                var (reply, last) = (BulkReply(), BulkReply.Outcome.incomplete)
                var rest = Array(bytes.utf8)[...]
                while !rest.isEmpty, last == .incomplete {
                    last = Array(rest.prefix(size)).withUnsafeBytes { reply.append($0) }
                    rest = rest.dropFirst(size)
                }
                XCTAssertEqual(last, outcome, "\(bytes) in pieces of \(size)")
            }
        }
    }

    func test_bulkReply_endlessLine_isRefused() {
        var reply = BulkReply()
        let outcome = [UInt8](repeating: 0x41, count: 10_000).withUnsafeBytes { reply.append($0) }
        XCTAssertEqual(outcome, .refused(String(repeating: "A", count: 512)))
    }
}
