import Foundation
import XCTest

@testable import Protocol

final class Base64Tests: XCTestCase {
    func test_encode_ofTheRFCsVectors_isTheirForm() {
        let vectors = ["": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=", "foobar": "Zm9vYmFy"]
        for (plain, text) in vectors {
            XCTAssertEqual(Base64.encode(Array(plain.utf8)), Array(text.utf8))
            XCTAssertEqual(Base64.decode(Array(text.utf8)), Array(plain.utf8))
        }
    }

    func test_encode_ofAnyBytes_equalsFoundations_andDecodesBack() {
        var random = SeededGenerator(seed: 3)
        for count in 0..<200 {
            let bytes = random.bytes(count)
            let text = Base64.encode(bytes)
            XCTAssertEqual(String(decoding: text, as: UTF8.self), Data(bytes).base64EncodedString())
            XCTAssertEqual(Base64.decode(text), bytes)
        }
    }

    func test_decode_ofOtherText_isNil() {
        let texts = [
            "Z", "Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zm9v\n", " Zm9", "Zm9v Zm9v", "Zg==Zm9v",
            "Zm9vZ-_v", "Zm=v", "Zm9ö",
        ]
        for text in texts { XCTAssertNil(Base64.decode(Array(text.utf8)), text) }
    }

    func test_decode_ofEveryLastGroup_takesOneFormOfEachBytes() {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let pad = UInt8(ascii: "=")
        var found: Set<[UInt8]> = []
        var forms = 0
        for first in alphabet {
            for second in alphabet {
                for text in [[first, second, pad, pad]] + alphabet.map({ [first, second, $0, pad] }) {
                    guard let bytes = Base64.decode(text) else { continue }
                    forms += 1
                    found.insert(bytes)
                }
            }
        }
        XCTAssertEqual(forms, 256 + 65_536)
        XCTAssertEqual(found.count, 256 + 65_536)
    }

    func test_decode_ofRandomText_isNilOrEncodesBack() {
        var random = SeededGenerator(seed: 4)
        let alphabet = Array("ABCabc019+/=".utf8)
        var decoded = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in alphabet[Int.random(in: 0..<12, using: &random)] }
            guard let bytes = Base64.decode(text) else { continue }
            decoded += 1
            XCTAssertEqual(Base64.encode(bytes), text)
        }
        XCTAssertGreaterThan(decoded, 1000)
    }
}
