/// How a rollout is run.
package struct MaterializationOptions: Sendable {
    /// How many tenants are changed at a time.
    package var jobs: Int
    /// Which tenants go first, where there are pauses, and what an error means. Whose files are
    /// given is the caller's to choose.
    package var request: RolloutRequest
    /// Whether plans are only proven and tenants only read, their rows included.
    package var isDryRun: Bool
    /// How many milliseconds a tenant's change waits for those who have the file open.
    package var busyTimeout: Int
    /// The commit the tenants were at, for the catalog.
    package var fromCommit: String?
    /// Asked once tenants were read: false when they are to be brought somewhere else by now.
    ///
    /// A tenant that was brought on meanwhile would otherwise be brought back.
    package var isCurrent: (@Sendable () -> Bool)?
    /// Looked at before each tenant; once true, the rest is skipped. Called from any thread.
    package var isCancelled: (@Sendable () -> Bool)?
    /// Called at each point of each tenant's change, to fail or die there in tests.
    package var fault: (@Sendable (_ tenant: String, FaultPoint) throws -> Void)?

    /// Builds options from their parts.
    package init(
        jobs: Int = 8, request: RolloutRequest = RolloutRequest(), isDryRun: Bool = false,
        busyTimeout: Int = 5000, fromCommit: String? = nil,
        isCurrent: (@Sendable () -> Bool)? = nil,
        isCancelled: (@Sendable () -> Bool)? = nil,
        fault: (@Sendable (_ tenant: String, FaultPoint) throws -> Void)? = nil
    ) {
        self.jobs = jobs
        self.request = request
        self.isDryRun = isDryRun
        self.busyTimeout = busyTimeout
        self.fromCommit = fromCommit
        self.isCurrent = isCurrent
        self.isCancelled = isCancelled
        self.fault = fault
    }
}

/// How far a rollout is.
package struct MaterializationProgress: Hashable, Sendable {
    /// Tenants dealt with, this one included.
    package var done: Int
    /// Tenants of the run.
    package var total: Int
    /// The tenant just dealt with.
    package var entry: MaterializationReport.Entry

    /// Builds a progress note from its parts.
    package init(done: Int, total: Int, entry: MaterializationReport.Entry) {
        self.done = done
        self.total = total
        self.entry = entry
    }
}
