@testable import Simulator

extension Fault {
    /// The name of its case. A new case must be named here, and so be covered.
    var name: String {
        switch self {
        case .crash: "crash"
        case .power: "power"
        case .powerAll: "powerAll"
        case .restart: "restart"
        case .restartAll: "restartAll"
        case .wipe: "wipe"
        case .move: "move"
        case .pause: "pause"
        case .clog: "clog"
        case .unclog: "unclog"
        case .isolate: "isolate"
        case .split: "split"
        case .healAll: "healAll"
        case .breakConnection: "breakConnection"
        case .slowWay: "slowWay"
        case .jumpClock: "jumpClock"
        case .drift: "drift"
        case .stallDisk: "stallDisk"
        case .failDisk: "failDisk"
        case .join: "join"
        case .leave: "leave"
        case .stop: "stop"
        case .forget: "forget"
        case .maim: "maim"
        case .rot: "rot"
        }
    }

    /// All of them.
    static let names: Set<String> = [
        "crash", "power", "powerAll", "restart", "restartAll", "wipe", "move", "pause", "clog", "unclog",
        "isolate", "split", "healAll", "breakConnection", "slowWay", "jumpClock", "drift", "stallDisk",
        "failDisk", "join", "leave", "stop", "forget", "maim", "rot",
    ]
}
