import Testing
import Torch

@Suite struct TensorValueTests {
  private func comesBack<Value: Torch.Element & Equatable>(_ values: [Value]) {
    let tensor = Tensor(values, shape: [values.count, 1])
    #expect(tensor.type == Value.kind && tensor.shape == [values.count, 1] && tensor.count == values.count)
    #expect(tensor.values(as: Value.self) == values)
    #expect(tensor.bytes.count == values.count * Value.kind.byteCount)
  }

  @Test func `arrays of every element type come back as they went in`() {
    comesBack([UInt8.min, 1, 254, .max])
    comesBack([Int32.min, -1, 0, 7, .max])
    comesBack([Int64.min, -1, 0, 1 << 53 + 1, .max])
    comesBack([-Float.infinity, -0.0, .leastNonzeroMagnitude, .pi, .greatestFiniteMagnitude, .infinity])
    comesBack([-Double.infinity, -0.0, .leastNonzeroMagnitude, .pi, .greatestFiniteMagnitude, .infinity])
    comesBack([true, false, false, true])
    comesBack([Double]())
  }

  @Test(arguments: ElementKind.allCases)
  func `small whole numbers survive a conversion to every element type`(kind: ElementKind) {
    let numbers: [Double] = kind == .bool ? [0, 1, 1, 0] : [0, 1, 2, 250]
    let there = Tensor(numbers).to(type: kind)
    #expect(there.type == kind)
    #expect(there.doubles == numbers)
    #expect(there.bytes.count == numbers.count * kind.byteCount)
  }

  @Test func `elements of a view come in the view's order`() {
    let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(!matrix.transposed().isContiguous)
    #expect(matrix.transposed().values(as: Float.self) == [1, 4, 2, 5, 3, 6])
    #expect(matrix.narrowed(along: 1, from: 1, count: 2).values(as: Int32.self) == [2, 3, 5, 6])
    #expect(matrix.transposed().contiguous().isContiguous)
  }

  @Test func `a scalar has no dimensions and one element`() {
    let scalar = Tensor(2.5, type: .float64)
    #expect(scalar.shape.isEmpty && scalar.rank == 0 && scalar.count == 1 && scalar.item == 2.5)
    #expect("\(scalar)" == "Tensor[] float64 2.5")
  }

  @Test func `creation fills what it names`() {
    #expect(Tensor.full([2, 2], 3.5).doubles == [3.5, 3.5, 3.5, 3.5])
    #expect(Tensor.zeros([3], type: .int64).values(as: Int64.self) == [0, 0, 0])
    #expect(Tensor.ones([2], type: .bool).values(as: Bool.self) == [true, true])
    #expect(Tensor.identity(2, type: .float64).doubles == [1, 0, 0, 1])
    #expect(Tensor.range(4).values(as: Int64.self) == [0, 1, 2, 3])
  }

  @Test func `a copy has memory of its own, a view has not`() {
    let tensor = Tensor([1, 2, 3, 4] as [Double], shape: [2, 2])
    let copy = tensor.copied()
    let view = tensor[1]
    tensor.copy(from: Tensor(9, type: .float64))
    #expect(copy.doubles == [1, 2, 3, 4])
    #expect(view.doubles == [9, 9])
  }

  @Test func `not-a-number and infinities are found`() {
    #expect(Tensor([1, -2] as [Float]).isAllFinite)
    #expect(!Tensor([1, .nan] as [Float]).isAllFinite)
    #expect(!Tensor([1, -.infinity] as [Float]).isAllFinite)
    let mixed = Tensor([0, .nan, .infinity] as [Double])
    #expect(mixed.isNaN().values(as: Bool.self) == [false, true, false])
    #expect(mixed.isFinite().values(as: Bool.self) == [true, false, false])
  }

  /// Owns memory and says when it is let go.
  private final class Owner {
    let memory: UnsafeMutableRawBufferPointer
    private let released: () -> Void

    init(_ values: [Float], released: @escaping () -> Void) {
      memory = .allocate(byteCount: 4 * values.count, alignment: 16)
      self.released = released
      values.withUnsafeBytes { memory.copyMemory(from: $0) }
    }

    deinit {
      memory.deallocate()
      released()
    }
  }

  @Test func `the owner of memory lives as long as the last view of it and is released once`() {
    var releases = 0
    var view: Tensor?
    do {
      let owner = Owner([1, 2, 3, 4]) { releases += 1 }
      let tensor = Tensor(over: owner.memory, shape: [2, 2], type: .float32, owner: owner)
      tensor[0].copy(from: Tensor(7))
      #expect(
        owner.memory.bindMemory(to: Float.self)[1] == 7, "the tensor should be over the owner's memory, not a copy")
      view = tensor[1]
    }
    #expect(releases == 0)
    #expect(view?.doubles == [3, 4])
    view = nil
    #expect(releases == 1)
  }

  @Test func `the owner of no memory is not kept`() {
    var releases = 0
    var tensor: Tensor?
    do {
      let owner = Owner([1]) { releases += 1 }
      tensor = Tensor(over: owner.memory, shape: [0, 3], type: .float32, owner: owner)
    }
    #expect(releases == 1)
    #expect(tensor?.shape == [0, 3] && tensor?.doubles == [])
  }

  @Test func `a shape that does not fit stops the program at the operation`() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2] as [Float]) + Tensor([1, 2, 3] as [Float]) }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2] as [Float], shape: [3]) }
  }

  @Test func `a device that is not there is refused in a sentence that names the remedy`() throws {
    #expect(try Device(named: "cpu") == .cpu)
    for name in ["gpu", "cuda:x", "cuda:-1", "cuda:0:1", ""] {
      #expect(throws: TorchError.self) { try Device(named: name) }
    }
    let missing = "cuda:\(Device.cudaCount)"
    let error = try #require(throws: TorchError.self) { try Device(named: missing) }
    #expect(error.description.contains("'\(missing)' is not here"))
  }
}
