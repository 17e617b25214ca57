// swift-tools-version: 6.1

import PackageDescription

/// Language mode 6 and the upcoming features every target of ours is written for.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
    name: "CinchDB",
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        // The history leg and the tenant leg, both on the pure schema model.
        .target(name: "CinchSchema", swiftSettings: strict),
        .target(
            name: "CinchGit",
            dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(name: "CinchSQLite", dependencies: ["CSQLite", "CinchSchema"], swiftSettings: strict),
        .target(name: "CinchRepository", dependencies: ["CinchGit", "CinchSchema"], swiftSettings: strict),
        .target(name: "CinchTestSupport", path: "Tests/CinchTestSupport", swiftSettings: strict),
        .testTarget(
            name: "CinchSchemaTests",
            dependencies: ["CinchSchema", "CinchSQLite", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchRepositoryTests",
            dependencies: ["CinchGit", "CinchRepository", "CinchSchema", "CinchTestSupport"],
            swiftSettings: strict),
    ]
)
