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
    products: [
        .library(name: "Cinch", targets: ["Cinch"]),
        .executable(name: "cinch", targets: ["CinchCLI"]),
        .library(name: "CinchC", type: .dynamic, targets: ["CinchC"]),
        .library(name: "CinchRemote", targets: ["CinchRemote"]),
        .executable(name: "cinch-serve", targets: ["CinchServe"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Only what answers or asks over HTTP is built with these.
        .package(
            url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        // The history leg and the tenant leg, both on the pure schema model.
        .target(name: "CinchSchema", swiftSettings: strict),
        .target(
            name: "CinchGit",
            dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: strict),
        .target(
            name: "CinchSQLite",
            dependencies: ["CSQLite", "CinchSchema"],
            swiftSettings: strict),
        .target(
            name: "CinchRepository",
            dependencies: ["CinchGit", "CinchSchema"],
            swiftSettings: strict),
        .target(
            name: "CinchMaterializer",
            dependencies: ["CinchSQLite", "CinchSchema"],
            swiftSettings: strict),

        // The scripts of the folder 'hooks', by way of links, inside the program.
        .target(
            name: "CinchHooks",
            resources: [
                "post-materialize-notify", "post-merge-notify", "pre-materialize-rehearsal",
                "pre-merge-approval", "pre-merge-gate", "pre-receive",
            ].map { .embedInCode($0) },
            swiftSettings: strict),

        // The SDK, the only module with both legs in view, and the command line over it.
        .target(
            name: "Cinch",
            dependencies: [
                "CinchGit", "CinchHooks", "CinchMaterializer", "CinchRepository", "CinchSQLite",
                "CinchSchema",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .target(
            name: "CinchCodegen", dependencies: ["Cinch", "CinchSchema"], swiftSettings: strict),
        .target(
            name: "CinchSite",
            dependencies: ["Cinch", "CinchGit", "CinchRepository", "CinchSchema"],
            swiftSettings: strict),
        .executableTarget(
            name: "CinchCLI",
            dependencies: [
                "Cinch", "CinchCodegen", "CinchGit", "CinchMaterializer", "CinchRepository",
                "CinchSQLite", "CinchSchema", "CinchSite",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),

        // The same for other languages: a shared library with a C interface.
        .target(
            name: "CinchC", dependencies: ["Cinch"], exclude: ["include"], swiftSettings: strict),

        // The API over HTTP, and the SDK's way to it: products of their own, so that the command line
        // is built without NIO.
        .target(
            name: "CinchServer",
            dependencies: [
                "Cinch",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "CinchServe",
            dependencies: [
                "Cinch", "CinchSQLite", "CinchServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(
            name: "CinchRemote",
            dependencies: [
                "Cinch", .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: strict),

        .target(name: "CinchTestSupport", path: "Tests/CinchTestSupport", swiftSettings: strict),
        .testTarget(
            name: "CinchSchemaTests",
            dependencies: ["CinchSchema", "CinchSQLite", "CinchTestSupport"],
            exclude: ["Fixtures"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchGitTests",
            dependencies: ["CinchGit", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchSQLiteTests",
            dependencies: ["CinchSQLite", "CinchSchema", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchRepositoryTests",
            dependencies: ["CinchGit", "CinchRepository", "CinchSchema", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchMaterializerTests",
            dependencies: ["CinchMaterializer", "CinchSQLite", "CinchSchema", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchTests",
            dependencies: [
                "Cinch", "CinchGit", "CinchMaterializer", "CinchRepository", "CinchSQLite",
                "CinchSchema",
                "CinchTestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "CinchServerTests",
            dependencies: ["Cinch", "CinchGit", "CinchRemote", "CinchServer"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchSiteTests",
            dependencies: ["Cinch", "CinchGit", "CinchSchema", "CinchSite", "CinchTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CinchCLITests",
            dependencies: ["CinchTestSupport"],
            exclude: ["Transcripts"],
            swiftSettings: strict),
        .testTarget(
            name: "Interoperability",
            dependencies: ["CinchGit", "CinchTestSupport"],
            path: "Tests/Interoperability",
            swiftSettings: strict),
    ]
)
