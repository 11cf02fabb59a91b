/// Which Latent this is.
public enum Release {
  /// The version of library and command.
  public static let version = "0.1.0"
}
