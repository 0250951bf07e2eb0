import Glibc

exit(SimulatorCommand.run(CommandLine.arguments))
