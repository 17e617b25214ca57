/// Which version this is.
public enum CinchVersion {
    /// As in `0.1.0`.
    public static let number = "0.1.0"
}
