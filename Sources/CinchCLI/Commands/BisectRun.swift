import Cinch
import CinchGit

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tests commit after commit with a command, each in a database made for it.
struct BisectRun {
    let database: CinchDatabase
    let command: [String]

    func run() throws {
        guard var testing = try database.bisectState()?.testing else {
            throw CinchError(
                code: .notFound, message: "There is nothing to test",
                hint: "Begin with 'cinch bisect start BAD GOOD'.")
        }
        while true {
            let bisection = try database.bisect(try verdict(on: testing), [testing.hex])
            try BisectOutput.print(bisection, database)
            guard case .test(let next, _)? = bisection?.outcome else { return }
            testing = next
        }
    }

    private func verdict(on commit: ObjectID) throws -> BisectVerdict {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/cinch-bisect.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CinchError(
                code: .failed,
                message:
                    "No folder can be made in '\(parent)': \(String(cString: strerror(errno)))",
                hint: "Set TMPDIR to a folder that can be written.")
        }
        let folder = String(
            decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let path = "\(folder)/schema.db"
        // With whatever the command has left there.
        defer { Project.removeTree(folder) }
        try database.materializeEmpty(commit, at: path)
        var words = command.map { $0 == "{}" ? path : $0 }
        if !command.contains("{}") { words.append(path) }
        let status = ChildProcess.start(words, adding: ["CINCH_COMMIT": commit.hex])
            .map(ChildProcess.wait)
        switch status {
        case 0: return .good
        case 125: return .skip
        case 126, 127, nil:
            throw CinchError(
                code: .failed, message: "'\(command[0])' can't be run",
                hint: "Name a program in your PATH or give its path; 'cinch bisect log' shows what"
                    + " is known.")
        case let status? where status < 128: return .bad
        case let status?:
            throw CinchError(
                code: .failed,
                message: "'\(command[0])' ended with \(status), so nothing is known"
                    + " of \(commit.abbreviated())",
                hint: "A test ends with 0, 125 or 1 to 124; 'cinch bisect log' shows what is known."
            )
        }
    }
}
