import CinchGit

extension Timestamp {
    /// As the catalog stores it: `YYYY-MM-DD HH:MM:SS.000`, UTC.
    package var storedText: String {
        let parts = Parts(seconds)
        return "\(parts.date) \(parts.time).000"
    }

    /// As `git log` prints it: `Mon Nov 23 15:07:15 2026 +0000`.
    package var gitText: String {
        let parts = Parts(seconds + Int64(offsetMinutes) * 60)
        let zone = description.split(separator: " ").last ?? ""
        return "\(parts.weekday) \(parts.monthName) \(parts.civil.day) \(parts.time)"
            + " \(parts.civil.year) \(zone)"
    }

    /// As `git blame` prints it: `2026-11-23 15:07:15 +0000`.
    package var shortText: String {
        let parts = Parts(seconds + Int64(offsetMinutes) * 60)
        return "\(parts.date) \(parts.time) \(description.split(separator: " ").last ?? "")"
    }

    /// ISO 8601: `2026-11-23T15:07:15+00:00`.
    package var isoText: String {
        let parts = Parts(seconds + Int64(offsetMinutes) * 60)
        let minutes = abs(offsetMinutes)
        return "\(parts.date)T\(parts.time)\(offsetMinutes < 0 ? "-" : "+")"
            + "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    private struct Parts {
        let civil: CivilDate
        let weekday: String
        let second: Int

        init(_ seconds: Int64) {
            let days = Int((Double(seconds) / 86_400).rounded(.down))
            civil = CivilDate(daysSince1970: days)
            second = Int(seconds) - days * 86_400
            let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
            weekday = names[((days % 7) + 7) % 7]
        }

        var monthName: String {
            [
                "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
            ][civil.month - 1]
        }

        var date: String {
            let year = String(civil.year)
            let padding = String(repeating: "0", count: max(0, 4 - year.count))
            return "\(padding)\(year)-\(two(civil.month))-\(two(civil.day))"
        }

        var time: String { "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))" }
    }
}

private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
