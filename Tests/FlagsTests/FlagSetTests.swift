import XCTest

@testable import Flags

private struct Options: Equatable {
    enum Colour: String, CaseIterable { case red, green }
    var id: String?
    var addr = "localhost:8081"
    var join: [String] = []
    var after = Duration.seconds(60)
    var memory = 64 << 20
    var replicas = 3
    var colour = Colour.red
    var insecure = false
}

private var line: FlagSet<Options> {
    FlagSet(
        program: "prog", summary: "a program", operands: "[COMMAND]",
        flags: [
            .value("id", "ID", \.id, .text, "its name"),
            .value("addr", "HOST:PORT", \.addr, .address, "where it listens"),
            .value("join", "ADDR[,ADDR]", \.join, .list(of: .address), "members of a ring"),
            .value("after", "TIME", \.after, .duration, "how long"),
            .value("memory", "BYTES", \.memory, .bytes, "how much"),
            .value("replicas", "N", \.replicas, .integer(in: 1...7), "copies"),
            .value("colour", "NAME", \.colour, .name, "which"),
            .toggle("insecure", \.insecure, "listen anywhere"),
        ])
}

final class FlagSetTests: XCTestCase {
    private func run(_ arguments: String...) throws -> (Options, [String]) {
        guard case .run(let options, let operands) = try line.parse(["prog"] + arguments, into: Options())
        else { throw FlagError.unknown("-help was understood") }
        return (options, operands)
    }

    private func assertFails(_ arguments: String..., with expected: FlagError, at sourceLine: UInt = #line) {
        XCTAssertThrowsError(try line.parse(["prog"] + arguments, into: Options()), line: sourceLine) { error in
            XCTAssertEqual(error as? FlagError, expected, line: sourceLine)
        }
    }

    func test_parse_noArguments_keepsDefaults() throws {
        XCTAssertEqual(try run().0, Options())
        guard case .run(let options, let operands) = try line.parse([], into: Options()) else {
            return XCTFail("not run")
        }
        XCTAssertEqual(options, Options())
        XCTAssertEqual(operands, [])
    }

    func test_parse_oneDashOrTwoAndEquals_areTheSame() throws {
        for arguments in [["-after", "2h"], ["--after", "2h"], ["-after=2h"], ["--after=2h"], ["-af", "2h"]] {
            guard case .run(let options, _) = try line.parse(["prog"] + arguments, into: Options()) else {
                return XCTFail("not run")
            }
            XCTAssertEqual(options.after, .seconds(7200), "\(arguments)")
        }
    }

    func test_parse_everyKind_isSet() throws {
        let (options, operands) = try run(
            "-id", "s1", "-addr", "[::1]:0", "-join", "a:1,b:2", "-after", "1m30s", "-memory", "1GiB",
            "-replicas", "5", "-colour", "green", "-insecure")
        XCTAssertEqual(
            options,
            Options(
                id: "s1", addr: "[::1]:0", join: ["a:1", "b:2"], after: .seconds(90), memory: 1 << 30,
                replicas: 5, colour: .green, insecure: true))
        XCTAssertEqual(operands, [])
    }

    func test_parse_firstOperand_endsTheFlags() throws {
        let (options, operands) = try run("-replicas", "2", "SET", "-insecure", "--", "-5")
        XCTAssertEqual(options.replicas, 2)
        XCTAssertFalse(options.insecure)
        XCTAssertEqual(operands, ["SET", "-insecure", "--", "-5"])
    }

    func test_parse_twoDashesAlone_endTheFlags() throws {
        XCTAssertEqual(try run("--", "-insecure").1, ["-insecure"])
        XCTAssertEqual(try run("-").1, ["-"])
    }

    func test_parse_flagTwice_lastWins() throws {
        XCTAssertEqual(try run("-replicas", "2", "-replicas", "4").0.replicas, 4)
    }

    func test_parse_unknownFlag_namesIt() {
        assertFails("-nonsense", with: .unknown("-nonsense"))
        assertFails("--nonsense=3", with: .unknown("--nonsense"))
        assertFails("-:", with: .unknown("-:"))
        assertFails("-:x", with: .unknown("-:x"))
        assertFails("-replicas", "2", "-z", with: .unknown("-z"))
    }

    func test_parse_ambiguousAbbreviation_namesTheCandidates() {
        assertFails("-i", "x", with: .ambiguous("-i", ["id", "insecure"]))
    }

    func test_parse_missingOrUnwantedValue_saysSo() {
        assertFails("-addr", with: .missingValue(flag: "addr", placeholder: "HOST:PORT"))
        assertFails("-insecure=yes", with: .unwantedValue(flag: "insecure"))
        assertFails("-help=yes", with: .unwantedValue(flag: "help"))
    }

    func test_parse_badValue_namesFlagValueAndReason() {
        assertFails(
            "-replicas", "9",
            with: .badValue(flag: "replicas", value: "9", reason: "not a whole number from 1 to 7"))
        XCTAssertEqual(
            line.complaint(.badValue(flag: "colour", value: "blue", reason: "not one of red, green")),
            "prog: -colour blue: not one of red, green; prog -help shows all flags")
    }

    func test_parse_operandsWhereThereMayBeNone_areRefused() {
        let bare = FlagSet<Options>(program: "prog", summary: "", operands: nil, flags: [])
        XCTAssertThrowsError(try bare.parse(["prog", "x"], into: Options())) {
            XCTAssertEqual($0 as? FlagError, .unexpectedOperand("x"))
        }
    }

    func test_parse_afterAnError_startsAfresh() throws {
        assertFails("-replicas", "2", "-nonsense", with: .unknown("-nonsense"))
        XCTAssertEqual(try run("-replicas", "4").0.replicas, 4)
    }

    func test_parse_onManyThreads_keepsWalksApart() {
        DispatchQueue.concurrentPerform(iterations: 200) { number in
            let replicas = number % 7 + 1
            let request = try? line.parse(
                ["prog", "-after", "\(number)ms", "-insecure", "-replicas", "\(replicas)", "op"],
                into: Options())
            guard case .run(let options, let operands) = request else { return XCTFail("not run") }
            XCTAssertEqual(options.after, .milliseconds(number))
            XCTAssertEqual(options.replicas, replicas)
            XCTAssertEqual(operands, ["op"])
        }
    }

    func test_parse_helpAnywhereAmongTheFlags_isHelp() throws {
        for arguments in [["-help"], ["--help"], ["-replicas", "2", "-help", "-nonsense"]] {
            guard case .help = try line.parse(["prog"] + arguments, into: Options()) else {
                return XCTFail("\(arguments)")
            }
        }
    }

    func test_help_showsEveryFlagWithItsDefault() {
        let lines = line.help(defaults: Options()).split(separator: "\n").map(String.init)
        XCTAssertEqual(lines[1], "usage: prog [FLAGS] [COMMAND]")
        for expected in [
            "-id ID             its name", "where it listens (default localhost:8081)",
            "members of a ring", "how long (default 1m)", "how much (default 64MiB)",
            "copies (default 3)", "which (default red)", "-insecure", "-help",
        ] {
            XCTAssertTrue(lines.contains { $0.contains(expected) }, expected)
        }
    }
}
