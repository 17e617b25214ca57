import CinchGit
import CinchMaterializer
import CinchSQLite
import CinchSchema

extension CinchError {
    /// The one error type of the SDK for an error of any module below it.
    package init(translating error: any Error) {
        switch error {
        case let error as CinchError: self = error
        case let error as GitError:
            self.init(
                code: Self.code(of: error.code), message: error.message, hint: error.hint,
                cause: error)
        case let error as MaterializerError:
            self.init(
                code: Self.code(of: error.code), message: error.message,
                hint: error.hint ?? Self.hint(for: error.code), cause: error)
        case let error as SQLiteError:
            self.init(
                code: error.isBusy ? .busy : .failed,
                message: "SQLite can't do it: \(error.message)",
                hint: error.isBusy
                    ? "Wait for the other process and run the command again."
                    : "Run 'sqlite3 FILE \"PRAGMA integrity_check\"' on the file if it persists.",
                cause: error)
        case let error as SchemaError:
            self.init(
                code: .invalid, message: "The schema can't be read: \(error)",
                hint: "Correct the statement and run the command again.", cause: error)
        case let error as RenameHints.Failure:
            self.init(code: .invalid, message: "\(error)", hint: error.hint, cause: error)
        default:
            self.init(
                code: .failed, message: "The command did not succeed: \(error)",
                hint: "Nothing was changed; run it again, and report this if it persists.",
                cause: error)
        }
    }

    private static func code(of code: GitError.Code) -> Code {
        switch code {
        case .notFound: .notFound
        case .corrupt: .corrupt
        case .locked: .busy
        case .invalidName, .ambiguous, .tooLarge, .unsupported: .invalid
        case .conflict: .busy
        case .unrelated: .refused
        case .alreadyExists: .exists
        default: .failed
        }
    }

    private static func code(of code: MaterializerError.Code) -> Code {
        switch code {
        case .invalidName: .invalid
        case .exists: .exists
        case .notFound: .notFound
        case .busy, .superseded: .busy
        case .drifted, .unprovenPlan: .stopped
        default: .failed
        }
    }

    private static func hint(for code: MaterializerError.Code) -> String {
        switch code {
        case .invalidName:
            "Use up to 63 of a-z, 0-9, '_', '.' and '-', beginning with a letter or digit."
        case .exists: "Choose another name; 'cinch tenant list' shows those that are taken."
        case .notFound: "See 'cinch tenant list'."
        case .busy: "Wait for the other process and run the command again."
        case .drifted: "Compare the file's schema with 'cinch schema'; it was left as it is."
        case .unprovenPlan: "Split the change into smaller ones; nothing was changed."
        default: "Nothing was lost; look at 'cinch tenant status' and run 'cinch materialize'."
        }
    }
}
