import Cluster
import Flags
import XCTest

@testable import Bench

final class MixTests: XCTestCase {
    func test_mix_asItIsWritten() throws {
        XCTAssertEqual(try Mix("get:95,set:5"), Mix([(.get, 95), (.set, 5)]))
        XCTAssertEqual(try Mix("PING").verbs, [.ping])
        XCTAssertEqual(try Mix("get:1,del:0").verbs, [.get])
        for workload in Workload.allCases { XCTAssertEqual(try Mix(workload.mix.description), workload.mix) }
    }

    func test_mix_wrong_saysWhat() {
        for (text, words) in [
            ("", "is not one of get, set, del"), ("scan:1", "\"scan\" is not one of"), ("get:x", "the part of get"),
            ("get:-1", "the part of get"), ("get:0", "nothing is left"), ("get:1,get:2", "get stands there twice"),
            ("fill:1", "is not one of"), ("get:1,", "is not one of"), ("get:1:2", "the part of get"),
        ] {
            XCTAssertThrowsError(try Mix(text), text) { error in
                XCTAssertTrue((error as? InvalidValue)?.reason.contains(words) ?? false, "\(error)")
            }
        }
    }

    func test_verb_comesAsOftenAsItsPart() throws {
        let mix = try Mix("get:70,set:20,incr:10")
        var (random, counts): (Random, [Verb: Int]) = (Random(seed: 1), [:])
        for _ in 0..<100_000 { counts[mix.verb(for: random.next()), default: 0] += 1 }
        for (verb, part) in [(Verb.get, 70_000), (.set, 20_000), (.incr, 10_000)] {
            XCTAssertEqual(Double(counts[verb] ?? 0), Double(part), accuracy: 1_000)
        }
        XCTAssertEqual(mix.verb(for: .max), .incr)
        XCTAssertEqual(mix.verb(for: 0), .get)
    }
}
