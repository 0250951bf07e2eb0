import Glibc

/// What `torc-node` does once its command line is read.
package enum NodeProgram {
    /// - Returns: the exit code.
    package static func run(_ options: NodeOptions) -> Int32 { Startup.run(options) }

    /// One line on stderr.
    package static func complain(_ line: String) { Logger.emit(line, to: STDERR_FILENO) }
}
