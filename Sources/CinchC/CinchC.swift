import Cinch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// The functions of include/cinch.h, which says what they promise.

/// Opens a project.
@c(cinch_open)
public func openProject(
    _ folder: UnsafePointer<CChar>?, _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> UnsafeMutableRawPointer? {
    do {
        let api = try API.open(folder: folder.map { String(cString: $0) })
        return Unmanaged.passRetained(api).toOpaque()
    } catch let failure {
        error?.pointee = CText.copy(APIProblem.response(for: failure).jsonBody.text())
        return nil
    }
}

/// Answers a request.
@c(cinch_invoke)
public func invoke(
    _ project: UnsafeMutableRawPointer?, _ request: UnsafePointer<CChar>?
) -> UnsafeMutablePointer<CChar>? {
    guard let project, let request else {
        return CText.copy(
            APIProblem.response(
                status: 400, code: "usage", detail: "There is no project or no request",
                hint: "Call cinch_open first."
            ).envelope.text())
    }
    let api = Unmanaged<API>.fromOpaque(project).takeUnretainedValue()
    return CText.copy(api.answer(toEnvelope: String(cString: request)).text())
}

/// Frees a text.
@c(cinch_free)
public func freeText(_ text: UnsafeMutablePointer<CChar>?) { free(text) }

/// Closes a project.
@c(cinch_close)
public func closeProject(_ project: UnsafeMutableRawPointer?) {
    guard let project else { return }
    Unmanaged<API>.fromOpaque(project).takeRetainedValue().close()
}

/// The version.
@c(cinch_version)
public func libraryVersion() -> UnsafePointer<CChar>? { UnsafePointer(CText.version) }

enum CText {
    nonisolated(unsafe) static let version = copy(CinchVersion.number)

    /// A copy the caller frees; with no memory left there is nothing better than to stop.
    static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        guard let copy = strdup(text) else { preconditionFailure("There is no memory left") }
        return copy
    }
}
