// swift-tools-version: 6.2
import PackageDescription

// The dependencies point one way:
// C* -> Tensors -> Layers -> Models -> Heads -> Datasets/Metrics -> Training -> unit,
// with Inputs and Checkpoints beside Layers, and JSONStream -> Annotations beside all of them.

let strict: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

// The numeric C code is always optimised: at -O0 it runs tens of times slower, and the tests of a
// debug build would crawl.
let optimised: [CSetting] = [
  .unsafeFlags(["-O3", "-fno-math-errno", "-Wall", "-Wextra", "-Werror"])
]

func room(
  _ name: String, _ dependencies: [Target.Dependency], path: String? = nil,
  exclude: [String] = [], resources: [Resource]? = nil
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude, resources: resources,
    swiftSettings: strict)
}

func tests(of name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: dependencies + ["Support"], swiftSettings: strict)
}

func library(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/CLibraries/\(name)", pkgConfig: pkgConfig,
    providers: [.apt([package])])
}

let package = Package(
  name: "UniT",
  products: [
    .executable(name: "unit", targets: ["unit"]),
    .library(
      name: "UniT",
      targets: [
        "Tensors", "Checkpoints", "Layers", "Inputs", "Models", "Heads", "Datasets", "Metrics",
        "Training", "JSONStream", "Annotations", "Scenes",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    library("COpenBLAS", pkgConfig: "openblas", package: "libopenblas-dev"),
    library("CPNG", pkgConfig: "libpng", package: "libpng-dev"),
    library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    library("CJPEG", pkgConfig: "libjpeg", package: "libjpeg-dev"),
    .target(name: "CKernels", cSettings: optimised),
    .target(name: "CImageFiles", dependencies: ["CPNG", "CJPEG"], cSettings: optimised),
    room("Tensors", ["CKernels", "COpenBLAS"]),
    room("Wording", []),
    room("Checkpoints", ["Tensors", "Wording", "CZlib"]),
    room("Recipes", ["Wording", .product(name: "Yams", package: "Yams")]),
    room("Layers", ["Tensors", "Wording"]),
    room("Inputs", ["Tensors", "CKernels", "CImageFiles", "Wording"]),
    room("Models", ["Tensors", "Layers", "Inputs", "Checkpoints", "Wording"]),
    room(
      "Heads",
      [
        "Tensors", "Layers", "Inputs", "Models", "Checkpoints", "Wording",
        .product(name: "Yams", package: "Yams"),
      ], path: "Heads"),
    room("JSONStream", []),
    room("Annotations", ["JSONStream"]),
    room("Metrics", ["Tensors"]),
    room(
      "Scenes", ["Tensors", "Inputs", "Checkpoints", "Recipes"], path: "datasets/Scenes",
      exclude: ["Sample", "Training"], resources: [.copy("Recipes")]),
    room(
      "Datasets",
      [
        "Tensors", "Layers", "Inputs", "Models", "Heads", "Metrics", "Wording", "JSONStream",
        "Annotations", "Checkpoints", "Scenes", .product(name: "Yams", package: "Yams"),
      ],
      path: "datasets",
      exclude: [
        "EasyVQA/Sample", "EasyVQA/Recipes", "EasyVQA/Model", "COCO/Sample", "VOC/Sample",
        "YOLO/Sample", "VisualGenome/Sample", "VQA/Sample", "SNLIVE/Sample", "GLUE/Sample",
        "make_samples.py",
        "Scenes",
      ]),
    room(
      "Training",
      [
        "Tensors", "CKernels", "Layers", "Models", "Heads", "Inputs", "Datasets", "Metrics",
        "Checkpoints", "Wording", "Recipes",
      ]),
    .executableTarget(
      name: "unit",
      dependencies: [
        "Tensors", "Layers", "Models", "Heads", "Inputs", "Datasets", "Metrics", "Checkpoints",
        "Training", "CKernels", "COpenBLAS", "Wording", "JSONStream", "Annotations", "Recipes",
        "Scenes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      resources: [.copy("DefaultModel")], swiftSettings: strict),
    .target(
      name: "Support",
      dependencies: ["Tensors", "Checkpoints", "Layers", "Inputs", "Models", "Heads"],
      path: "Tests/Support", swiftSettings: strict),
    tests(of: "Tensors", ["Tensors"]),
    tests(of: "Checkpoints", ["Checkpoints"]),
    tests(of: "Layers", ["Layers"]),
    tests(of: "Inputs", ["Inputs"]),
    tests(of: "Models", ["Models", "Heads", "Inputs", "Tensors", "Checkpoints", "Layers"]),
    tests(of: "Heads", ["Heads", "Models", "Inputs", "Layers", "Checkpoints", "Tensors"]),
    tests(of: "JSONStream", ["JSONStream"]),
    tests(of: "Annotations", ["Annotations", "JSONStream"]),
    tests(of: "Metrics", ["Metrics", "Tensors"]),
    tests(of: "Scenes", ["Scenes", "Inputs", "Checkpoints", "Recipes", "Annotations", "Tensors"]),
    tests(of: "Datasets", ["Datasets", "Inputs", "Heads", "Models", "Annotations", "Metrics"]),
    tests(
      of: "Training",
      [
        "Training", "CKernels", "Checkpoints", "Heads", "Inputs", "Models", "Tensors", "Datasets",
        "Recipes",
      ]),
    tests(of: "Command", ["unit"]),
  ]
)
