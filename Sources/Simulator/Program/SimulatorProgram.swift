/// The command `torc-sim`.
package enum SimulatorProgram {
    package static func run() {}
}
