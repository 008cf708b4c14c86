// Where the network inside the process is a module of its own, whoever tests a connector has it with the suite.
#if canImport(SimulatedWeb)
  @_exported import SimulatedWeb
#endif
