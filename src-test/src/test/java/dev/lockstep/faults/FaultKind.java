package dev.lockstep.faults;

/** What may happen to a run. */
enum FaultKind {
  EXECUTOR_KILLED("kill -9 of one executor"),
  ALL_EXECUTORS_KILLED("kill -9 of every executor at once"),
  WORKER_KILLED("kill -9 of a worker, which comes back within three seconds"),
  WORKER_LOST("kill -9 of a worker, which does not come back"),
  DRIVER_KILLED("kill -9 of the driver"),
  SUPERVISED_DRIVER_KILLED("kill -9 of a driver under --supervise"),
  EXECUTOR_FROZEN("SIGSTOP of an executor, for ever"),
  EXECUTOR_PAUSED("SIGSTOP of an executor, SIGCONT up to 15 seconds later"),
  TASK_THROWS("a task that throws, up to three times"),
  TASK_ALWAYS_THROWS("a task that throws every time"),
  CONNECTION_CUT("a connection reset in the middle of a step"),
  NETWORK_SILENT("a network that passes nothing on, for up to 12 seconds"),
  DISK_FULL("a full disk under the run directory"),
  DATANODE_STOPPED("a DataNode stopped, one of three of the HDFS with the data and the run");

  private final String words;

  FaultKind(String words) {
    this.words = words;
  }

  /** For people. */
  String words() {
    return words;
  }
}
