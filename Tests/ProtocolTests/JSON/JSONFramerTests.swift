import XCTest

@testable import Protocol

final class JSONFramerTests: XCTestCase {
    /// What came out: objects as their text, faults as `! message`, a closing one as `!! message`.
    private func frames(_ pieces: [[UInt8]], max: Int = Limits.jsonObjectBytesMax) -> [String] {
        var framer = JSONFramer(objectBytesMax: max)
        var found: [String] = []
        for piece in pieces {
            framer.append(piece)
            while let frame = framer.next() {
                switch frame {
                case .object(let range): found.append(String(decoding: framer.bytes[range], as: UTF8.self))
                case .fault(let fault): found.append((fault.closes ? "!! " : "! ") + fault.message)
                }
            }
        }
        return found
    }

    private func frames(_ text: String, max: Int = Limits.jsonObjectBytesMax) -> [String] {
        frames([Array(text.utf8)], max: max)
    }

    private let stray = "! bad JSON: expected an object, that is {, and found "
    private let endless = "! bad JSON: a string without an end before the end of the line"
    private let nextOne = "! bad JSON: the object has no end before the next one"
    private let otherKind = "! bad JSON: a bracket closes what another kind opened"

    // MARK: - Objects

    func test_next_ofObjectsWithAnythingBetween_findsEach() {
        let expected = ["{}", #"{"a":1}"#, #"{ "b" : "x" }"#]
        for separator in ["", " ", "\n", "\r\n\t  \n"] {
            XCTAssertEqual(frames(expected.joined(separator: separator)), expected)
        }
    }

    func test_next_ofBracketsAndEscapesInStrings_isNotMisled() {
        for text in [#"{"a":"}{][\"}"}"#, #"{"a\\":"\\"}"#, #"{"a":"\\\"}"}"#, #"{"":"\u007b"}"#, "{\"long enough for words}\":\"ééé\\\\\"}"] {
            XCTAssertEqual(frames(text + text), [text, text])
        }
    }

    func test_next_ofNestedObject_findsItsEnd() {
        let text = #"{"a":{"b":[1,{"c":[]},[[]]]},"d":[]}"#
        XCTAssertEqual(frames(text + "{}"), [text, "{}"])
        let deep = #"{"a":"# + String(repeating: "[", count: 100) + String(repeating: "]", count: 100) + "}"
        XCTAssertEqual(frames(deep + "{}"), [deep, "{}"])
    }

    func test_next_ofUnfinishedObject_waits() {
        XCTAssertEqual(frames(#"{"a":1"#), [])
        XCTAssertEqual(frames(#"{"a":"}"#), [])
        XCTAssertEqual(frames(#"{"a":"\"#), [])
        XCTAssertEqual(frames("  \n "), [])
    }

    // MARK: - Faults

    func test_next_ofStrayBytes_isOneFault_andGoesOnWithTheNextLine() {
        XCTAssertEqual(frames("xy z {}\n{}"), [stray + "x", "{}"])
        XCTAssertEqual(frames("[1]\n\"a\"\n{}"), [stray + "[", stray + "\"", "{}"])
        XCTAssertEqual(frames("{}}\n{}"), ["{}", stray + "}", "{}"])
        XCTAssertEqual(frames([[0xFF, 0xFE, 10], Array("{}".utf8)]), [stray + "byte 255", "{}"])
        XCTAssertEqual(frames("null"), [stray + "n"])
    }

    func test_next_ofStringAcrossTheLine_isAFaultAtOnce_andGoesOnWithTheNextLine() {
        XCTAssertEqual(frames("{\"type\":\"GET,\"key\":\"a\"}\n{}"), [endless, "{}"])
        XCTAssertEqual(frames("{\"a\":\"b\\\n\"}\n{}"), [endless, stray + "\"", "{}"])
    }

    func test_next_ofObjectWithoutEnd_goesOnWithTheNextOne() {
        XCTAssertEqual(frames("{\"a\":1\n{\"b\":2}\n{}"), [nextOne, "{\"b\":2}", "{}"])
        XCTAssertEqual(frames("{\"a\":1 {\"b\":2}\n{}"), [nextOne, "{}"])
        XCTAssertEqual(frames("{{}}\n{}"), [nextOne, "{}"])
    }

    func test_next_ofMismatchedBrackets_isAFault_andGoesOnWithTheNextLine() {
        XCTAssertEqual(frames("{\"a\":[1}\n{}"), [otherKind, "{}"])
        XCTAssertEqual(frames("{\"a\":1]}\n{}"), [otherKind, "{}"])
    }

    // MARK: - Limits

    func test_next_ofObjectAtTheLimit_isFound_andBeyondItCloses() {
        let text = #"{"a":"bcdefgh"}"#
        XCTAssertEqual(frames(text + text, max: text.utf8.count), [text, text])
        let closed = "!! the object is over the limit of \(text.utf8.count - 1) bytes"
        XCTAssertEqual(frames(text + "\n{}", max: text.utf8.count - 1), [closed])
        XCTAssertEqual(frames(Array(text.utf8).map { [$0] }, max: text.utf8.count - 1), [closed])
    }

    func test_append_beyondTheLimit_keepsNothing() {
        var framer = JSONFramer(objectBytesMax: 100)
        framer.append(Array("{\"a\":\"".utf8))
        XCTAssertNil(framer.next())
        for _ in 0..<200 {
            framer.append([UInt8](repeating: 0x61, count: 10))
            _ = framer.next()
            XCTAssertLessThanOrEqual(framer.pendingBytes, 110)
        }
        XCTAssertTrue(framer.isClosed)
        XCTAssertEqual(framer.pendingBytes, 0)
        XCTAssertNil(framer.next())
    }

    func test_next_ofRefusedObjectWithoutEnd_closesSoon() {
        let filler = String(repeating: " ", count: Limits.jsonRefusedBytesMax)
        XCTAssertEqual(frames("{\"a\":[" + filler), ["!! nesting: an object or array within the object"])
        let fields = String(repeating: "\"a\":1,", count: Limits.jsonFieldsMax)
        XCTAssertEqual(frames("{" + fields + filler), ["!! more than \(Limits.jsonFieldsMax) fields"])
    }

    func test_append_ofMuch_keepsOnlyTheUnfinishedObject() {
        var framer = JSONFramer()
        let object = Array("{\"type\":\"GET\",\"key\":\"abc\"}\n".utf8)
        var found = 0
        for round in 0..<1000 {
            framer.append(round == 999 ? object : object + object.prefix(5))
            while framer.next() != nil { found += 1 }
            framer.append(object.dropFirst(5).map { $0 })
            while framer.next() != nil { found += 1 }
            XCTAssertLessThan(framer.bytes.count, 4 * object.count)
        }
        XCTAssertGreaterThanOrEqual(found, 1999)
    }

    // MARK: - Properties

    /// Sound and unsound objects, in one stream.
    private var mixed: [UInt8] {
        Array(
            """
            {"type":"SET","key":"k","value":"a \\" } \\\\"}{"type":"GET","key":"é😀"}
            xyz {"lost":1}
            {"a":"no end
            {"a":[1,{"b":"]"}]} {"c":1
            {"type":"GET"}{"a":]}
            }
            [1,2]
            {"last":"\\u00e9\\ud83d\\ude00"}
            """.utf8)
    }

    func test_next_ofStreamSplitAnywhere_findsTheSame() {
        let whole = frames([mixed])
        XCTAssertEqual(whole.filter { $0.hasPrefix("{") }.count, 5)
        XCTAssertEqual(whole.filter { $0.hasPrefix("!") }.count, 6)
        for cut in 0...mixed.count {
            XCTAssertEqual(frames([Array(mixed[..<cut]), Array(mixed[cut...])]), whole, "cut at \(cut)")
        }
        XCTAssertEqual(frames(mixed.map { [$0] }), whole)
        XCTAssertEqual(frames(mixed.flatMap { [[$0], []] }), whole)
    }

    func test_next_ofGarbageSplitAnywhere_findsTheSame() {
        var random = SeededGenerator(seed: 5)
        let alphabet = Array("{}[]\",:\\\n a1".utf8) + [0, 0x80, 0xFF]
        for _ in 0..<3000 {
            let garbage = (0..<Int.random(in: 1...60, using: &random)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
            }
            let whole = frames([garbage], max: 40)
            let cut = Int.random(in: 0...garbage.count, using: &random)
            XCTAssertEqual(frames([Array(garbage[..<cut]), Array(garbage[cut...])], max: 40), whole)
            XCTAssertEqual(frames(garbage.map { [$0] }, max: 40), whole)
        }
    }

    func test_next_ofRandomGarbageThenManyObjects_findsOneOrCloses() {
        var random = SeededGenerator(seed: 6)
        let sound = Array("{\"sound\":1}\n".utf8)
        for _ in 0..<2000 {
            let garbage = random.bytes(Int.random(in: 1...200, using: &random))
            var pieces = [garbage, [10]]
            pieces += Array(repeating: sound, count: 40)
            let found = frames(pieces, max: 300)
            XCTAssertTrue(found.last == "{\"sound\":1}" || found.last?.hasPrefix("!!") == true, "\(found.suffix(2))")
        }
    }
}
