import Cinch

extension CinchError {
    /// The exit status `cinch` ends with after this error: the one place where codes become
    /// numbers.
    ///
    /// A code that came later than this table is an ordinary failure, 1.
    var exitStatus: Int32 {
        switch code {
        case .conflict: 3
        case .refused: 4
        case .notFound: 5
        case .tenantsFailed: 6
        case .usage: 64
        case .busy: 75
        case .interrupted: 130
        default: 1
        }
    }
}
