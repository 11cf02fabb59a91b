// swift-tools-version: 6.2
import PackageDescription

import class Foundation.FileManager

/// The folder that holds libtorch's `include/` and `lib/`: `LIBTORCH`, or the one that `make setup` puts beside this file.
let libtorch = Context.environment["LIBTORCH"] ?? "\(Context.packageDirectory)/.libtorch"

/// libtorch is there as a wheel's unnamed binary, which no package manager describes; hence the flags.
let torchHeaders: [CXXSetting] = [
  .unsafeFlags(["-isystem", "\(libtorch)/include", "-isystem", "\(libtorch)/include/torch/csrc/api/include"])
]

/// Libraries are looked for where the build found them and, once installed, beside the command.
let torchLibraries: [LinkerSetting] = [
  .unsafeFlags(
    ["-L\(libtorch)/lib"]
      + ["\(libtorch)/lib", "$ORIGIN"].flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }),
  .linkedLibrary("torch"), .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary("m"),
  .linkedLibrary("stdc++"),
]

/// CUDA registers its kernels when its libraries load, so the linker must keep them although nothing names them.
let cudaLibraries: [LinkerSetting] =
  FileManager.default.fileExists(atPath: "\(libtorch)/lib/libtorch_cuda.so")
  ? [.unsafeFlags(["--no-as-needed", "-ltorch_cuda", "-lc10_cuda"].flatMap { ["-Xlinker", $0] })] : []

/// CUDA's own headers, in its toolkit or in the wheel beside torch's; only the capture of training steps needs them.
let cudaHeaders = [
  Context.environment["CUDA_HOME"].map { "\($0)/include" }, "\(libtorch)/../nvidia/cu13/include",
  "/usr/local/cuda/include",
].compactMap { $0 }.first { FileManager.default.fileExists(atPath: "\($0)/cuda_runtime_api.h") }

let cudaGraphs: [CXXSetting] =
  cudaLibraries.isEmpty
  ? [] : cudaHeaders.map { [.unsafeFlags(["-isystem", $0]), .define("CT_CUDA_GRAPHS")] } ?? []

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "latent",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Latent", targets: ["Latent"]),
    .library(name: "Torch", targets: ["Torch"]),
    .executable(name: "latent", targets: ["LatentCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
  ],
  targets: [
    .target(name: "CTorch", cxxSettings: torchHeaders + cudaGraphs, linkerSettings: torchLibraries + cudaLibraries),
    .target(name: "Torch", dependencies: ["CTorch"], swiftSettings: strict),
    .systemLibrary(name: "CPNG", path: "Sources/SystemLibraries/CPNG", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(
      name: "CTurboJPEG", path: "Sources/SystemLibraries/CTurboJPEG", providers: [.apt(["libturbojpeg0-dev"])]),
    .systemLibrary(name: "CZlib", path: "Sources/SystemLibraries/CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CArchive", path: "Sources/SystemLibraries/CArchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "Codecs", dependencies: ["CPNG", "CTurboJPEG", "CZlib", "CArchive"], swiftSettings: strict),
    .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
    .target(name: "CAssets", cSettings: [.unsafeFlags(["-std=c23"])]),
    .target(name: "Latent", dependencies: ["Torch", "Codecs", "CAssets", "CMPI", "Yams"], swiftSettings: strict),
    .target(name: "CExplorerAssets", cSettings: [.unsafeFlags(["-std=c23"])]),
    .target(
      name: "Explorer",
      dependencies: [
        "Latent", "Torch", "CAssets", "CExplorerAssets", .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "Logging", package: "swift-log"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ], exclude: ["Public"], swiftSettings: strict),
    .target(name: "CLaunch"),
    .executableTarget(
      name: "LatentCommand",
      dependencies: [
        "Latent", "Explorer", "CLaunch", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(name: "TorchTests", dependencies: ["Torch"], swiftSettings: strict),
    .testTarget(name: "CodecsTests", dependencies: ["Codecs"], swiftSettings: strict),
    .testTarget(
      name: "LatentTests", dependencies: ["Latent", "Codecs", "Torch"], exclude: ["References"], swiftSettings: strict),
    .testTarget(
      name: "ExplorerTests",
      dependencies: [
        "Explorer", "CExplorerAssets", "Latent", "Torch", .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
      ], swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["LatentCommand"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
