import Protocol
import XCTest

@testable import Cluster

final class MemberListsTests: XCTestCase {
    private func list(_ names: [String]) throws -> [Member] {
        try names.map { Member(node: try XCTUnwrap(NodeID($0)), disk: DiskID(rawValue: UInt64($0.count))) }
    }

    private func address(_ list: [Member]) -> UnsafeRawPointer? { list.withUnsafeBytes(\.baseAddress) }

    func test_shared_ofEqualLists_isOneInMemory() throws {
        var lists = MemberLists()
        let first = lists.shared(try list(["a", "b"]))
        let second = lists.shared(try list(["a", "b"]))
        XCTAssertEqual(second, try list(["a", "b"]))
        XCTAssertEqual(address(first), address(second))
    }

    func test_shared_ofAnotherOrder_isAnotherList() throws {
        var lists = MemberLists()
        _ = lists.shared(try list(["a", "b"]))
        XCTAssertEqual(lists.shared(try list(["b", "a"])), try list(["b", "a"]))
    }

    func test_shared_ofAConfiguration_isEqualToIt() throws {
        var lists = MemberLists()
        let members = try list(["a", "b"])
        for repair in [nil, Repair(after: 3, lost: members, source: members[1])] {
            let configuration = Configuration(epoch: 7, members: members, base: Version(rawValue: 9), repair: repair)
            XCTAssertEqual(lists.shared(configuration), configuration)
        }
    }

    func test_shared_ofMoreThanItKeeps_isStillEqual() throws {
        var lists = MemberLists()
        for number in 0..<3_000 {
            let names = try list(["n\(number)"])
            XCTAssertEqual(lists.shared(names), names)
        }
    }
}
