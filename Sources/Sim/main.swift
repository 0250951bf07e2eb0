import Simulator

SimulatorProgram.run()
