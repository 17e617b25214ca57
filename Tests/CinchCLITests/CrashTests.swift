import Foundation
import Testing

/// A merge that changes twenty tenants is killed before each change it makes to a file.
@Suite struct CrashTests {
    @Test(arguments: 1...2)
    func eachTenantIsOldOrNewAndGoingOnFinishes(_ part: Int) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = [
            "\(Terminal.faults)/kill-rollout", "every",
            "\(try Terminal.executableFolder())/cinch", "20", "\(part)", "2",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(
            decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print("killed rollouts, part \(part) of 2: \(output)", terminator: "")
        #expect(process.terminationStatus == 0, "\(output)")
        let kills = output.split(separator: "\n").last?.split(separator: " ").first
        #expect(kills.flatMap { Int($0) }.map { $0 > 300 } == true, "\(output)")
    }
}
