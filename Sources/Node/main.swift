import Glibc

exit(NodeCommand.run(CommandLine.arguments))
