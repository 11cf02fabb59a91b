import Foundation
import Testing
import Torch

/// Python with its own reader and writer of the format, where the machine has them.
enum Python {
  static func run(_ script: String, _ arguments: [String] = []) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  static let hasSafetensors = (try? run("import numpy, safetensors.numpy").status) == 0
}

@Suite(.enabled(if: Python.hasSafetensors, "python3 has no modules safetensors and numpy"))
struct SafetensorsPythonTests {
  @Test func `Python reads what is written here`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/here.safetensors"
    let file = Safetensors(
      [
        ("bytes", Tensor([1, 2, 255] as [UInt8])), ("half", Tensor([0.5, -2] as [Float]).to(type: .float16)),
        ("single \"x\"", Tensor([1.5, -2, .infinity] as [Float], shape: [3, 1])),
        ("double", Tensor(0.1, type: .float64)),
        ("long", Tensor([.min, 7] as [Int64])), ("int", Tensor([-3] as [Int32])), ("truth", Tensor([true, false])),
        ("empty", .zeros([2, 0])),
      ], metadata: ["ключ": "a \"b\""])
    try file.data().write(to: URL(fileURLWithPath: path))
    let script = """
      import sys, numpy as np
      from safetensors import safe_open
      with safe_open(sys.argv[1], framework="np") as f:
          assert f.metadata() == {"ключ": 'a "b"'}, f.metadata()
          want = {
              "bytes": np.array([1, 2, 255], np.uint8), "half": np.array([0.5, -2], np.float16),
              'single "x"': np.array([[1.5], [-2], [np.inf]], np.float32), "double": np.array(0.1, np.float64),
              "long": np.array([-2**63, 7], np.int64), "int": np.array([-3], np.int32),
              "truth": np.array([True, False]), "empty": np.zeros((2, 0), np.float32)}
          assert set(f.keys()) == set(want), f.keys()
          for name, array in want.items():
              found = f.get_tensor(name)
              assert found.dtype == array.dtype and found.shape == array.shape, (name, found)
              assert found.tobytes() == array.tobytes(), (name, found)
      """
    let (status, output) = try Python.run(script, [path])
    #expect(status == 0, "\(output)")
  }

  @Test func `what Python writes is read here`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/there.safetensors"
    let script = """
      import sys, numpy as np
      from safetensors.numpy import save_file
      save_file({
          "bytes": np.array([1, 2, 255], np.uint8), "half": np.array([0.5, -2], np.float16),
          "single": np.array([[1.5], [-2]], np.float32), "double": np.array(0.1, np.float64),
          "long": np.array([-2**63, 7], np.int64), "int": np.array([-3], np.int32),
          "truth": np.array([True, False]), "empty": np.zeros((2, 0), np.float32)}, sys.argv[1], {"key": "ä\\n"})
      """
    let (status, output) = try Python.run(script, [path])
    try #require(status == 0, "\(output)")
    let file = try Safetensors(Data(contentsOf: URL(fileURLWithPath: path)), name: path)
    #expect(file.metadata == ["key": "ä\n"])
    #expect(file.tensors.count == 8)
    #expect(file["bytes"]?.values(as: UInt8.self) == [1, 2, 255])
    #expect(file["half"]?.type == .float16 && file["half"]?.doubles == [0.5, -2])
    #expect(file["single"]?.shape == [2, 1] && file["single"]?.values(as: Float.self) == [1.5, -2])
    #expect(file["double"]?.shape == [] && file["double"]?.values(as: Double.self) == [0.1])
    #expect(file["long"]?.values(as: Int64.self) == [.min, 7] && file["int"]?.values(as: Int32.self) == [-3])
    #expect(file["truth"]?.values(as: Bool.self) == [true, false])
    #expect(file["empty"]?.shape == [2, 0])
  }
}
