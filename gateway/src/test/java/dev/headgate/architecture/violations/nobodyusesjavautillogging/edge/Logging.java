package dev.headgate.architecture.violations.nobodyusesjavautillogging.edge;

import java.util.logging.Logger;

final class Logging {
  static final Logger LOG = Logger.getLogger("edge");
}
