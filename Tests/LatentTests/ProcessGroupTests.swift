import Foundation
import Latent
import Testing
import Torch

/// What needs no second process; Tests/CommandTests starts several.
@Suite struct ProcessGroupTests {
  @Test(arguments: [1, 2, 3, 4, 7])
  func `the shares of a step are each of its rows once, and their weights add up to one`(size: Int) {
    for count in [1, 2, 3, 5, 6, 32, 1001] {
      let shares = (0..<size).map { ProcessGroup.Share(rank: $0, size: size, count: count) }
      #expect(shares.filter { $0.counted > 0 }.flatMap { Array($0.rows) } == Array(0..<count))
      #expect(shares.allSatisfy { !$0.rows.isEmpty && $0.rows.upperBound <= count })
      #expect(abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
      let counted = shares.map(\.counted)
      #expect((counted.max() ?? 0) - (counted.min() ?? 0) <= 1, "None waits long for another.")
    }
  }

  @Test func `a process alone takes all rows and tells nobody`() throws {
    let group = ProcessGroup.alone
    let tensor = Tensor([1, 2, 3] as [Float])
    group.sum(tensor)
    #expect(tensor.values() == [1, 2, 3] as [Float])
    #expect(group.sum([1.5]) == [1.5] && group.gather([7]) == [[7]] && group.any(true) && !group.any(false))
    #expect(try group.first { 5 } == 5)
    #expect(refusal { try group.together { throw LatentError("no") } } == "no")
  }

  @Test func `tensors laid flat are parts of one block, in the order that they have in memory`() {
    let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    let flat = FlatTensors(like: [matrix.transposed(), Tensor(0)])
    flat.copy(from: [matrix.transposed(), Tensor(7.5)])
    #expect(flat.parts[0].values() == [1, 4, 2, 5, 3, 6] as [Float])
    #expect(flat.parts[1].item == 7.5)
    #expect(Array(flat.block.values(as: Float.self).prefix(6)) == [1, 2, 3, 4, 5, 6])
    flat.block.copy(from: flat.block * 2)
    #expect(flat.parts[0].values() == [2, 8, 4, 10, 6, 12] as [Float] && flat.parts[1].item == 15)
  }

  @Test func `a run of a version that knew no processes is used and gone on with`() throws {
    let scratch = try ScratchFolder()
    defer { scratch.remove() }
    let folder = RunFolder("\(scratch.path)/run")
    let whole = try TrainingRuns.uninterrupted(TrainingRuns.configuration(), in: RunFolder("\(scratch.path)/whole"))
    _ = try Run.create(TrainingRuns.configuration(), in: folder).train { report in
      if case .epoch = report { .stop } else { .proceed }
    }
    func forget(_ text: String) throws -> String {
      var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      try #require(object.removeValue(forKey: "processes") != nil)
      return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
    for path in [folder.checkpoint, folder.model] {
      let file = try Safetensors(Data(contentsOf: URL(fileURLWithPath: path)), name: path)
      var metadata = file.metadata
      metadata["latent.configuration"] = try forget(#require(metadata["latent.configuration"]))
      var bytes = Data()
      try Safetensors(file.tensors, metadata: metadata).write { bytes.append(contentsOf: $0) }
      try bytes.write(to: URL(fileURLWithPath: path))
    }
    let manifest = try forget(String(contentsOfFile: folder.manifest, encoding: .utf8))
    try manifest.write(toFile: folder.manifest, atomically: true, encoding: .utf8)
    let text = try String(contentsOfFile: folder.configuration, encoding: .utf8)
    try text.replacing("processes: 1\n", with: "").write(
      toFile: folder.configuration, atomically: true, encoding: .utf8)
    #expect(try Manifest.read(folder).processes == 1)
    #expect(try TrainedModel.load(folder.path).configuration.processes == 0)
    _ = try Run.resume(folder).train { _ in .proceed }
    #expect(try TrainingRuns.Result(folder) == whole)
  }
}
