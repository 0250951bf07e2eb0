import XCTest

@testable import Redis

final class GlobTests: XCTestCase {
    private func matches(_ pattern: String, _ text: String) -> Bool {
        Glob.matches(Array(pattern.utf8), Array(text.utf8))
    }

    func test_patterns_matchAsInRedis() {
        for (pattern, text) in [
            ("*", ""), ("*", "abc"), ("a*c", "abbbc"), ("a?c", "abc"), ("[ab]c", "bc"), ("[^a]c", "bc"),
            ("[a-c]x", "bx"), ("[c-a]x", "bx"), ("\\*", "*"), ("[\\]]", "]"), ("a**b", "ab"), ("", ""), ("[abc", "c"),
        ] { XCTAssertTrue(matches(pattern, text), "\(pattern) \(text)") }
        for (pattern, text) in [
            ("", "a"), ("a", ""), ("a?c", "ac"), ("[ab]c", "cc"), ("[^a]c", "ac"), ("\\*", "a"), ("a*b", "ac"), ("a", "ab"),
        ] { XCTAssertFalse(matches(pattern, text), "\(pattern) \(text)") }
    }

    /// The naive way would take 2³⁰ steps.
    func test_manyStars_endSoon() {
        XCTAssertFalse(matches(String(repeating: "a*", count: 30) + "b", String(repeating: "a", count: 2_000)))
    }
}
