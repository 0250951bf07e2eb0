import XCTest

@testable import Protocol

final class JSONRequestParserTests: XCTestCase {
    private let parser = JSONRequestParser()

    private func parse(_ text: String) throws(JSONRequestError) -> JSONRequest { try parser.parse(Array(text.utf8)) }

    private func error(_ bytes: [UInt8], line: UInt = #line) throws -> JSONRequestError {
        do throws(JSONRequestError) {
            let request = try parser.parse(bytes)
            XCTFail("no error, but \(request)", line: line)
            throw JSONRequestError(JSONFault("none"))
        } catch {
            return error
        }
    }

    private func assert(_ text: String, fails message: String, line: UInt = #line) throws {
        XCTAssertEqual(try error(Array(text.utf8), line: line).message, message, line: line)
    }

    private func set(_ value: String, ttl: UInt64? = nil) -> JSONRequest.Kind {
        .operation(.set(value: Array(value.utf8), ttlMilliseconds: ttl))
    }

    // MARK: - Sound requests

    func test_parse_ofEachType_isItsOperation() throws {
        let key = Array("k".utf8)
        XCTAssertEqual(try parse(#"{"type":"GET","key":"k"}"#), JSONRequest(kind: .operation(.get), key: key))
        XCTAssertEqual(try parse(#"{"type":"DELETE","key":"k"}"#), JSONRequest(kind: .operation(.delete), key: key))
        XCTAssertEqual(try parse(#"{"type":"SET","key":"k","value":"v"}"#), JSONRequest(kind: set("v"), key: key))
        XCTAssertEqual(try parse(#"{"type":"SET","key":"k","value":""}"#), JSONRequest(kind: set(""), key: key))
        XCTAssertEqual(try parse(#"{"type":"STATUS"}"#), JSONRequest(kind: .status))
    }

    func test_parse_ofAtomicOperations_isWhatTheySay() throws {
        let v = Array("v".utf8)
        for (fields, operation) in [
            (#""type":"INCR""#, .add(1)), (#""type":"incr","by":-0"#, .add(0)),
            (#""type":"INCR","by":-9223372036854775808"#, .add(.min)),
            (#""type":"APPEND","value":"v""#, .append(v)),
            (#""type":"APPEND","value":"dg==","encoding":"base64""#, .append(v)),
            (#""type":"CAS","value":"v","expect":null"#, .compareAndSet(expect: .absent, value: v)),
            (#""type":"Cas","expect":"","value":"v""#, .compareAndSet(expect: .value([]), value: v)),
            (
                #""encoding":"base64","type":"CAS","expect":"AP8=","value":"dg==""#,
                .compareAndSet(expect: .value([0, 0xFF]), value: v)
            ),
            (
                #""type":"CAS","if":"3.17","value":"v""#,
                .compareAndSet(expect: .version(Version(epoch: 3, sequence: 17)), value: v)
            ),
            (
                #""type":"SET","value":"v","if_present":true,"keep_ttl":true,"get":true"#,
                .write(Write(.set(v), if: .present, for: .kept, answersOld: true))
            ),
            (#""type":"SET","value":"v","if_absent":true,"ttl":1"#, .write(Write(.set(v), if: .absent, for: .milliseconds(1_000)))),
            (#""type":"SET","value":"v","if_absent":false,"get":false,"ttl":null"#, .set(value: v, ttlMilliseconds: nil)),
            (#""type":"DELETE","get":true,"if":"3.17""#,
                .write(Write(.delete, if: .version(Version(epoch: 3, sequence: 17)), for: .forever, answersOld: true))),
            (#""type":"SETRANGE","offset":3,"value":"v""#, .write(Write(.overwrite(offset: 3, v), for: .kept))),
            (#""type":"INCRBYFLOAT","by":-1.5e3"#, .write(Write(.addDecimal(Array("-1.5e3".utf8)), for: .kept))),
            (#""type":"INCR","ttl":2"#, .write(Write(.add(1), for: .milliseconds(2_000)))),
            (#""type":"EXPIRE","ttl":0.5"#, .write(Write(.keep, for: .milliseconds(500)))),
            (#""type":"EXPIRE","ttl":null"#, .write(Write(.keep, for: .forever))),
        ] as [(String, Protocol.Operation)] {
            XCTAssertEqual(try parse("{\"key\":\"k\",\(fields)}").kind, .operation(operation), fields)
        }
    }

    private func batch(_ lines: String...) -> String {
        var text: [UInt8] = []
        JSONText.append(lines.joined(separator: "\n"), to: &text)
        return "{\"type\":\"BATCH\",\"value\":\(String(decoding: text, as: UTF8.self))}"
    }

    func test_parse_ofABatch_isItsWrites() throws {
        let request = try parse(
            batch(#"{"type":"SET","key":"{u}a","value":"1","if_absent":true}"#, #"{"type":"INCR","key":"{u}b"}"#))
        let items = [
            KeyedWrite(key: Array("{u}a".utf8), write: Write(.set([49]), if: .absent, for: .forever)),
            KeyedWrite(key: Array("{u}b".utf8), write: Write(.add(1), for: .kept)),
        ]
        XCTAssertEqual(request, JSONRequest(kind: .operation(.batch(items)), key: Array("{u}a".utf8)))
        var bytes: [UInt8] = []
        try request.write(to: &bytes)
        XCTAssertEqual(try parser.parse(bytes.dropLast()), request)
    }

    func test_parse_ofAWrongBatch_saysWhatIsWrong() throws {
        let set = #"{"type":"SET","key":"{u}a","value":"1"}"#
        try assert(#"{"type":"BATCH"}"#, fails: "missing value")
        try assert(batch(""), fails: "a batch without writes")
        try assert(batch(set, #"{"type":"GET","key":"{u}a"}"#), fails: "write 1 of the batch: only writes, without client and seq")
        try assert(batch(#"{"type":"SET","key":"a"}"#), fails: "write 0 of the batch: missing value")
        try assert(batch(set, "nonsense"), fails: "write 1 of the batch: bad JSON: expected an object, that is {, and found n")
        try assert(batch(set, #"{"type":"SET""#), fails: "write 1 of the batch has no end")
        try assert(batch(batch(set)), fails: "write 0 of the batch: a batch within a batch")
        try assert(batch(set, #"{"type":"DELETE","key":"b"}"#), fails: "keys of a batch must be of one slot: give them one {tag}")
        try assert(#"{"type":"BATCH","key":"a","value":""}"#, fails: "a batch has no key of its own")
        try assert(#"{"type":"BATCH","ttl":1,"value":""}"#, fails: "conditions, ttl and get belong to the writes of a batch")
        let many = String(repeating: set, count: Limits.batchWritesMax + 1)
        try assert(batch(many), fails: "a batch of more than \(Limits.batchWritesMax) writes")
    }

    func test_parse_ofNames_keepsThem() throws {
        for (fields, name) in [
            (#""client":"\u0063","seq":18446744073709551615"#, RequestName(client: [99], sequence: .max, isRetry: false)),
            (#""retry":true,"seq":0,"client":"c""#, RequestName(client: [99], sequence: 0, isRetry: true)),
            (#""retry":false,"seq":0,"client":"c""#, RequestName(client: [99], sequence: 0, isRetry: false)),
        ] {
            XCTAssertEqual(try parse("{\"type\":\"DELETE\",\"key\":\"k\",\(fields)}").name, name)
        }
        XCTAssertNil(try parse(#"{"type":"DELETE","key":"k"}"#).name)
    }

    func test_parse_ofWrongAtomicOperations_saysWhatIsWrong() throws {
        let amount = "by must be a whole number of at most 64 bits"
        let version = "if must be a version as an answer gave it, such as \"3.17\""
        let exclude = "expect, if, if_absent and if_present exclude each other"
        let offset = "offset must be a whole number from 0 on, of at most 64 bits"
        let together = "client and seq belong together, and retry to both"
        let sequence = "seq must be a whole number from 0 on, of at most 64 bits"
        for (fields, message) in [
            (#""type":"INCR","by":1.0"#, amount), (#""type":"INCR","by":1e3"#, amount),
            (#""type":"INCR","by":9223372036854775808"#, amount),
            (#""type":"INCR","by":null"#, "field \"by\" must be a number, not null"),
            (#""type":"INCR","by":{}"#, "nesting: field \"by\" must not be an object or array"),
            (#""type":"APPEND""#, "missing value"),
            (#""type":"APPEND","value":null"#, "field \"value\" must be a string, not null"),
            (#""type":"CAS","expect":"a""#, "missing value"), (#""type":"CAS","value":"a""#, "missing expect or if"),
            (#""type":"CAS","value":"a","expect":1"#, "field \"expect\" must be a string, or null for no value, not a number"),
            (#""type":"CAS","value":"YQ==","expect":"a","encoding":"base64""#, "bad base64 in field \"expect\""),
            (#""type":"CAS","value":"a","if":null"#, "field \"if\" must be a string, not null"),
            (#""type":"CAS","value":"a","if":"""#, version), (#""type":"CAS","value":"a","if":"3""#, version),
            (#""type":"CAS","value":"a","if":"3.1.7""#, version), (#""type":"CAS","value":"a","if":"+3.1""#, version),
            (#""type":"CAS","value":"a","if":"16777216.1""#, version),
            (#""type":"CAS","value":"a","if":"1.1099511627776""#, version),
            (#""type":"CAS","value":"a","if":"1.1","expect":null"#, exclude),
            (#""type":"SET","value":"a","if_absent":true,"if_present":true"#, exclude),
            (#""type":"SET","value":"a","if_absent":1"#, "field \"if_absent\" must be true or false, not a number"),
            (#""type":"SET","value":"a","get":"yes""#, "field \"get\" must be true or false, not a string"),
            (#""type":"GET","if":"1.1""#, "expect, if, if_absent and if_present are for writes"),
            (#""type":"SET","value":"a","keep_ttl":true,"ttl":1"#, "ttl and keep_ttl exclude each other"),
            (#""type":"EXPIRE""#, "missing ttl: a number of seconds, or null for ever"),
            (#""type":"SETRANGE","value":"a""#, "missing offset"), (#""type":"SETRANGE","offset":1"#, "missing value"),
            (#""type":"SETRANGE","value":"a","offset":-1"#, offset), (#""type":"SETRANGE","value":"a","offset":1.5"#, offset),
            (#""type":"INCRBYFLOAT""#, "missing by"),
            (#""type":"INCRBYFLOAT","by":"0.1""#, "field \"by\" must be a number, not a string"),
            (#""type":"DELETE","client":"a""#, together), (#""type":"DELETE","seq":1"#, together),
            (#""type":"DELETE","retry":true"#, together), (#""type":"DELETE","client":"","seq":1"#, "empty client"),
            (#""type":"DELETE","client":7,"seq":1"#, "field \"client\" must be a string, not a number"),
            (#""type":"DELETE","client":"a","seq":-1"#, sequence), (#""type":"DELETE","client":"a","seq":0.5"#, sequence),
            (#""type":"DELETE","client":"a","seq":18446744073709551616"#, sequence),
            (#""type":"DELETE","client":"a","seq":1,"retry":"true""#, "field \"retry\" must be true or false, not a string"),
            (#""type":"DELETE","seq":1,"seq":1,"client":"a""#, "duplicate field \"seq\""),
        ] {
            try assert("{\"key\":\"k\",\(fields)}", fails: message)
        }
        let long = String(repeating: "c", count: 257)
        try assert(
            "{\"type\":\"DELETE\",\"key\":\"k\",\"client\":\"\(long)\",\"seq\":1}",
            fails: "client of 257 bytes is over the limit of 256 bytes")
    }

    func test_parse_ofType_ignoresCase() throws {
        for type in ["get", "Get", "gEt"] {
            XCTAssertEqual(try parse("{\"type\":\"\(type)\",\"key\":\"k\"}").kind, .operation(.get))
        }
        XCTAssertEqual(try parse(#"{"type":"status"}"#).kind, .status)
    }

    func test_parse_ofAnyOrderAndWhiteSpace_isTheSame() throws {
        let expected = JSONRequest(kind: set("v", ttl: 1500), key: Array("k".utf8), consistency: .all, id: Array("7".utf8))
        XCTAssertEqual(try parse(#"{"type":"SET","key":"k","value":"v","ttl":1.5,"consistency":"all","id":7}"#), expected)
        XCTAssertEqual(try parse("{ \"id\"\t:\r\n7 , \"ttl\" : 1.5,\"consistency\":\"ALL\" ,\n\"value\":\"v\",\"key\":\"k\",\"type\":\"SET\" }"), expected)
        XCTAssertEqual(try parse(#"{"\u0074ype":"S\u0045T","k\u0065y":"k","value":"v","ttl":1.5,"consistency":"all","id":7}"#), expected)
    }

    func test_parse_ofConsistency_isTheLevel() throws {
        for level in Consistency.allCases {
            XCTAssertEqual(try parse("{\"type\":\"GET\",\"key\":\"k\",\"consistency\":\"\(level.name)\"}").consistency, level)
        }
        XCTAssertEqual(try parse(#"{"type":"GET","key":"k"}"#).consistency, .quorum)
    }

    func test_parse_ofID_keepsItByteForByte() throws {
        let ids = ["1", "-0", "1.0", "1E+2", "123456789012345678901234567890", "1e400", "\"\"", "\"a\\u0041\\n\"", "true", "false", "null"]
        for id in ids {
            XCTAssertEqual(try parse("{\"id\": \(id) ,\"type\":\"GET\",\"key\":\"k\"}").id, Array(id.utf8))
        }
        XCTAssertNil(try parse(#"{"type":"GET","key":"k"}"#).id)
    }

    func test_parse_ofUnknownFields_ignoresThem() throws {
        let text = #"{"type":"GET","x":1e999,"key":"k","y":"\n","z":null,"status":true,"Type":"SET","timestamp":"2026-11-21T09:00:00Z"}"#
        XCTAssertEqual(try parse(text), JSONRequest(kind: .operation(.get), key: [UInt8(ascii: "k")]))
    }

    func test_parse_ofEscapes_isWhatTheyMean() throws {
        let request = try parse(#"{"type":"GET","key":"\"\\\/\b\f\n\r\t\u0000\u00e9\u20AC\ud83d\uDE00é"}"#)
        XCTAssertEqual(String(decoding: request.key, as: UTF8.self), "\"\\/\u{8}\u{C}\n\r\t\0é€😀é")
    }

    func test_parse_ofBase64_isThePlainValue() throws {
        let request = try parse(#"{"type":"SET","key":"k","value":"AP8=","encoding":"base64"}"#)
        XCTAssertEqual(request.kind, .operation(.set(value: [0, 0xFF], ttlMilliseconds: nil)))
    }

    func test_parse_ofTTL_isMilliseconds() throws {
        let cases: [(String, UInt64)] = [
            ("1", 1000), ("0.25", 250), ("1e1", 10_000), ("0.0001", 1), ("1.001", 1001), ("3153600000", 3_153_600_000_000),
        ]
        for (text, milliseconds) in cases {
            XCTAssertEqual(try parse("{\"type\":\"SET\",\"key\":\"k\",\"value\":\"v\",\"ttl\":\(text)}").kind, set("v", ttl: milliseconds))
        }
    }

    func test_parse_ofKeyAndValueAtTheirLimits_isSound() throws {
        let key = String(repeating: "é", count: Limits.keyBytesMax / 2)
        XCTAssertEqual(try parse("{\"type\":\"GET\",\"key\":\"\(key)\"}").key.count, Limits.keyBytesMax)
        let value = String(repeating: "x", count: Limits.valueBytesMax)
        XCTAssertEqual(try parse("{\"type\":\"SET\",\"key\":\"k\",\"value\":\"\(value)\"}").kind, set(value))
    }

    // MARK: - Errors

    func test_parse_ofBadJSON_fails() throws {
        let texts = [
            "{", "{}}", "{,}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"a":1 "b":2}"#, #"{"a":1;"b":2}"#,
            #"{a:1}"#, #"{'a':1}"#, #"{1:1}"#, #"{"a":01}"#, #"{"a":1.}"#, #"{"a":.5}"#, #"{"a":+1}"#, #"{"a":-}"#,
            #"{"a":1e}"#, #"{"a":0x1}"#, #"{"a":NaN}"#, #"{"a":True}"#, #"{"a":tru}"#, #"{"a":nulll}"#, #"{"a":"b"c}"#,
            #"{"a":"b" "c"}"#, #"{"a":"b""c"}"#, #"{"a":1"c"}"#, #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\u12G4"}"#, #"{"a":"\"}"#,
            #"{"a":"b}"#, "{\"a\":\"\u{1}\"}", "{\"a\":\"\\n\n\"}", #"{"a":1}{}"#, #"{"a":1}x"#, #"{"a":1 2}"#, #"{"a"x:1}"#, #"{"a":x1}"#, "", " ", "[", "1",
            "{\"a\":1\u{0}}", "{\"a\"\u{B}:1}", #"{"a":1]"#, #"{"a\":1}"#, #"{"a":[1}"#, "/**/{}",
        ]
        for text in texts {
            let message = try error(Array(text.utf8)).message
            XCTAssertTrue(message.hasPrefix("bad JSON: ") || message.hasPrefix("nesting: "), "\(text): \(message)")
        }
    }

    func test_parse_ofOtherThanAnObject_fails() throws {
        for text in ["[]", "\"a\"", "1", "null"] { try assert(text, fails: "bad JSON: not an object") }
    }

    func test_parse_ofType_missingOrUnknown_fails() throws {
        try assert(#"{}"#, fails: "missing type")
        try assert(#"{"key":"k"}"#, fails: "missing type")
        try assert(#"{"type":"PUT","key":"k"}"#, fails: #"unknown type "PUT""#)
        try assert(#"{"type":"","key":"k"}"#, fails: #"unknown type """#)
        try assert(#"{"type":"RESPONSE","key":"k"}"#, fails: "type RESPONSE is not a request")
        let long = String(repeating: "x", count: 65)
        try assert("{\"type\":\"\(long)\"}", fails: "unknown type \"\(long.dropLast())…\"")
    }

    func test_parse_ofKey_missingEmptyOrTooLong_fails() throws {
        try assert(#"{"type":"GET"}"#, fails: "missing key")
        try assert(#"{"type":"GET","key":""}"#, fails: "empty key")
        let key = String(repeating: "x", count: Limits.keyBytesMax + 1)
        try assert("{\"type\":\"GET\",\"key\":\"\(key)\"}", fails: "key of 4097 bytes is over the limit of 4096 bytes")
        XCTAssertNil(try error(Array("{\"type\":\"GET\",\"key\":\"\(key)\"}".utf8)).key)
    }

    func test_parse_ofValue_missingOrTooLong_fails() throws {
        try assert(#"{"type":"SET","key":"k"}"#, fails: "missing value")
        let value = String(repeating: "x", count: Limits.valueBytesMax + 1)
        try assert(
            "{\"type\":\"SET\",\"key\":\"k\",\"value\":\"\(value)\"}",
            fails: "value of 16777217 bytes is over the limit of 16777216 bytes")
    }

    func test_parse_ofKnownFieldsWithAnotherType_fails() throws {
        for name in ["type", "key", "value", "timestamp", "consistency", "encoding"] {
            for (value, kind) in [("1", "a number"), ("true", "a boolean"), ("null", "null")] {
                try assert("{\"\(name)\":\(value)}", fails: "field \"\(name)\" must be a string, not \(kind)")
            }
        }
        for (value, kind) in [("\"1\"", "a string"), ("false", "a boolean")] {
            try assert("{\"ttl\":\(value)}", fails: "field \"ttl\" must be a number, not \(kind)")
        }
    }

    func test_parse_ofNesting_failsWhateverTheField() throws {
        for name in ["type", "key", "value", "timestamp", "id", "consistency", "ttl", "encoding", "other"] {
            for value in ["{}", "[]", #"{"a":[1,{"b":"}"}]}"#, String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)] {
                try assert("{\"\(name)\":\(value)}", fails: "nesting: field \"\(name)\" must not be an object or array")
            }
        }
    }

    func test_parse_ofDuplicateField_fails() throws {
        for name in ["type", "key", "value", "timestamp", "consistency", "encoding", "id", "other"] {
            let text = "{\"\(name)\":\"base64\",\"x\":1,\"\(name)\":\"base64\"}"
            let message = try error(Array(text.utf8)).message
            let earlier = name == "type" || name == "consistency"
            XCTAssertEqual(message, earlier ? "unknown \(name) \"base64\"" + (name == "type" ? "" : "; it is one, quorum or all") : "duplicate field \"\(name)\"")
        }
        try assert(#"{"type":"GET","type":"GET","key":"k"}"#, fails: #"duplicate field "type""#)
        try assert(#"{"consistency":"one","consistency":"one"}"#, fails: #"duplicate field "consistency""#)
        try assert(#"{"ttl":1,"ttl":1}"#, fails: #"duplicate field "ttl""#)
        try assert(#"{"type":"GET","key":"k","k\u0065y":"k"}"#, fails: #"duplicate field "key""#)
    }

    func test_parse_ofTooManyFields_fails() throws {
        let fields = (0..<Limits.jsonFieldsMax).map { "\"f\($0)\":1" }.joined(separator: ",")
        try assert("{\(fields)}", fails: "missing type")
        try assert("{\(fields),\"type\":\"GET\"}", fails: "more than 64 fields")
    }

    func test_parse_ofInvalidUTF8_fails() throws {
        let sequences: [[UInt8]] = [
            [0xFF], [0xC0, 0x80], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xF5, 0x80, 0x80, 0x80],
        ]
        for sequence in sequences {
            for field in ["key", "value", "other", "id"] {
                let bytes = Array("{\"type\":\"GET\",\"\(field)\":\"".utf8) + sequence + Array("\"}".utf8)
                XCTAssertEqual(try error(bytes).message, "invalid UTF-8")
            }
        }
    }

    func test_parse_ofLoneSurrogate_fails() throws {
        for text in [#"\ud800"#, #"\udbffx"#, #"\udc00"#, #"\udfff"#, #"\ud800\ud800"#, #"\ud800\n"#, #"\ud800\u0041"#, #"\ude00\ud83d"#, #"\udc00\udc00"#] {
            for field in ["type", "key", "value", "id", "timestamp", "other", "node"] {
                try assert("{\"\(field)\":\"\(text)\"}", fails: "lone surrogate (field \"\(field)\")")
            }
            try assert("{\"\(text)\":1}", fails: "lone surrogate")
        }
    }

    func test_parse_ofBadBase64_fails() throws {
        for value in ["A", "AP8", "A P8=", "AP9=", "é"] {
            try assert("{\"type\":\"SET\",\"key\":\"k\",\"value\":\"\(value)\",\"encoding\":\"base64\"}", fails: #"bad base64 in field "value""#)
        }
    }

    func test_parse_ofTTLOutOfRange_fails() throws {
        for ttl in ["0", "-1", "-0.5", "0e5", "3153600000.1", "1e400", "99999999999999999999999"] {
            try assert(
                "{\"type\":\"SET\",\"key\":\"k\",\"value\":\"v\",\"ttl\":\(ttl)}",
                fails: "ttl must be a positive number of seconds, at most 3153600000")
        }
    }

    func test_parse_ofUnknownWords_fails() throws {
        try assert(#"{"consistency":"two"}"#, fails: #"unknown consistency "two"; it is one, quorum or all"#)
        try assert(#"{"encoding":"hex"}"#, fails: #"unknown encoding "hex"; it is base64 or left out"#)
    }

    func test_parse_ofIDTooLong_fails() throws {
        let id = String(repeating: "1", count: Limits.jsonIDBytesMax)
        XCTAssertEqual(try parse("{\"type\":\"STATUS\",\"id\":\(id)}").id?.count, 1024)
        try assert("{\"type\":\"STATUS\",\"id\":\(id)1}", fails: "id of 1025 bytes is over the limit of 1024 bytes")
    }

    func test_parse_ofAnyError_tellsIDAndKeyWhereverTheyStand() throws {
        for text in [
            #"{"type":"PUT","key":"k","id":"i"}"#, #"{"id":"i","key":"k"}"#, #"{"x":[{"id":1}],"key":"k","id":"i","type":"GET"}"#,
            #"{"id":"i","key":"k","type":"SET","ttl":0,"value":"v"}"#, #"{"id":"i","key":"k","type":}"#,
        ] {
            let error = try error(Array(text.utf8))
            XCTAssertEqual(error.id, Array("\"i\"".utf8), text)
            XCTAssertEqual(error.key, Array("k".utf8), text)
            XCTAssertFalse(error.closes)
        }
    }

    // MARK: - Properties

    func test_parse_ofMutatedRequests_neverTraps_andKeepsItsPromises() {
        var random = SeededGenerator(seed: 7)
        let seeds = [
            #"{"type":"SET","key":"a\"b","value":"\ud83d\ude00 text","ttl":1.5,"id":"x","consistency":"one"}"#,
            #"{"type":"GET","key":"kéy","id":12.5e3,"other":null}"#,
            #"{"type":"SET","key":"k","value":"AP8=","encoding":"base64"}"#,
        ].map { Array($0.utf8) }
        let alphabet = Array("{}[]\",:\\u dD08eE+-.\n".utf8) + [0, 0x80, 0xC3, 0xED, 0xFF]
        var sound = 0
        for round in 0..<30_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[at] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                case 1: bytes.remove(at: at)
                default: bytes.insert(alphabet[Int.random(in: 0..<alphabet.count, using: &random)], at: at)
                }
            }
            do throws(JSONRequestError) {
                let request = try parser.parse(bytes)
                sound += 1
                XCTAssertNotNil(String(validating: request.key, as: UTF8.self))
                XCTAssertTrue((1...Limits.keyBytesMax).contains(request.key.count))
            } catch {
                XCTAssertFalse(error.message.isEmpty)
            }
        }
        XCTAssertGreaterThan(sound, 500)
    }

    func test_parse_ofRandomBytes_neverTraps() {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<10_000 {
            let bytes = [UInt8(ascii: "{")] + random.bytes(Int.random(in: 0...150, using: &random))
            XCTAssertNil(try? parser.parse(bytes))
        }
    }
}
