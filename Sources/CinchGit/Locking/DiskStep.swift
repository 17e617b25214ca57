/// The steps a write is made of, for tests that ask what a crash at each of them leaves behind.
package enum DiskStep {
    /// Called before every step that changes what is on disk, or waits until it is there, with
    /// what is about to happen.
    @TaskLocal package static var observer: (@Sendable (String) -> Void)?
}
