package dev.lockstep.train;

/** The version of this build. */
public final class Version {
  private Version() {}

  /** As the jar's manifest has it; {@code development} where there is no jar. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
