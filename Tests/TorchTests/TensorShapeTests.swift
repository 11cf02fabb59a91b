import Testing
import Torch

@Suite struct TensorShapeTests {
  private let matrix = Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])

  @Test func `shapes broadcast as in NumPy`() {
    let column = Tensor([10, 20] as [Double], shape: [2, 1])
    let row = Tensor([100, 200, 300] as [Double])
    #expect((matrix + column).doubles == [11, 12, 13, 24, 25, 26])
    #expect((matrix + row).doubles == [101, 202, 303, 104, 205, 306])
    #expect((column * row).shape == [2, 3])
    #expect((column * row).doubles == [1000, 2000, 3000, 2000, 4000, 6000])
    #expect((matrix.unsqueezed(at: 0) - matrix.unsqueezed(at: 1)).shape == [2, 2, 3])
    #expect((Tensor(1, type: .float64) / matrix).doubles[3] == 0.25)
  }

  @Test func `numbers stand on either side of an operator`() {
    let x = Tensor([1, 2, 4] as [Double])
    #expect((1 + x).doubles == [2, 3, 5] && (x + 1).doubles == [2, 3, 5])
    #expect((1 - x).doubles == [0, -1, -3] && (x - 1).doubles == [0, 1, 3])
    #expect((3 * x).doubles == [3, 6, 12] && (x * 3).doubles == [3, 6, 12])
    #expect((8 / x).doubles == [8, 4, 2] && (x / 8).doubles == [0.125, 0.25, 0.5])
    #expect((-x).doubles == [-1, -2, -4])
  }

  @Test func `comparisons say where they hold`() {
    let a = Tensor([1, 2, 3] as [Float])
    let b = Tensor([3, 2, 1] as [Float])
    #expect((a .== b).values() == [false, true, false] && (a .== 3).values() == [false, false, true])
    #expect((a .< b).values() == [true, false, false] && (a .< 2).values() == [true, false, false])
    #expect((a .<= b).values() == [true, true, false] && (a .<= 2).values() == [true, true, false])
    #expect((a .> b).values() == [false, false, true] && (a .> 2).values() == [false, false, true])
    #expect((a .>= b).values() == [false, true, true] && (a .>= 2).values() == [false, true, true])
    #expect((a .== b).logicalNot().values() == [true, false, true])
    #expect(Tensor.choose(a, where: a .< b, else: b).doubles == [1, 2, 1])
    #expect(Tensor.maximum(a, b).doubles == [3, 2, 3] && Tensor.minimum(a, b).doubles == [1, 2, 1])
  }

  @Test func `reductions give hand values, over the named dimensions or over all`() {
    #expect(matrix.sum().item == 21 && matrix.sum().shape.isEmpty)
    #expect(matrix.sum(over: 0).doubles == [5, 7, 9] && matrix.sum(over: -1).doubles == [6, 15])
    #expect(matrix.sum(over: 0, keepingDimensions: true).shape == [1, 3])
    #expect(matrix.sum(over: 0, 1).item == 21)
    #expect(matrix.mean().item == 3.5 && matrix.mean(over: 1).doubles == [2, 5])
    #expect(matrix.maximum().item == 6 && matrix.maximum(over: 0).doubles == [4, 5, 6])
    #expect(matrix.minimum().item == 1 && matrix.minimum(over: 1).doubles == [1, 4])
    #expect(matrix.variance(over: 0).doubles == [2.25, 2.25, 2.25], "the population variance divides by N")
    #expect(matrix.cumulativeSum(along: 1).doubles == [1, 3, 6, 4, 9, 15])
    #expect(matrix.indexOfMaximum().values(as: Int64.self) == [2, 2])
  }

  @Test func `log-sum-exp and softmax do not overflow`() {
    let large = Tensor([1000, 1000] as [Double])
    // ln(2 e¹⁰⁰⁰) = 1000 + ln 2, to the rounding of a number near 1000.
    #expect(abs(large.logSumExp().item - 1000.693_147_180_559_9) < 1e-12)
    #expect(large.softmax().doubles == [0.5, 0.5])
    #expect(large.logSoftmax().doubles.allSatisfy { abs($0 + 0.693_147_180_559_945_3) < 1e-12 })
    #expect(Tensor([-1000, 0] as [Double]).softplus().doubles == [0, 0.693_147_180_559_945_3])
    #expect(Tensor([-1000, 1000] as [Double]).logSigmoid().doubles == [-1000, 0])
  }

  @Test func `the Bernoulli's log-density is exact for certain logits`() {
    let x = Tensor([0, 1, 0.25] as [Double])
    let logits = Tensor([0, 800, -800, 800, -800, 0] as [Double], shape: [2, 3])
    // ln ½; ln 1; 0.25 · (−800) + 0.75 · 0 and, in the second row, −800; −800; ln ½: sums without a rounding of their own.
    let expected = [-0.693_147_180_559_945_3 - 200, -800 - 800 - 0.693_147_180_559_945_3]
    #expect(zip(x.bernoulliLogDensity(logits: logits).doubles, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func `rounding goes to even, floors go down`() {
    let x = Tensor([-1.5, -0.5, 0.5, 1.5, 2.5] as [Double])
    #expect(x.rounded().doubles == [-2, 0, 0, 2, 2])
    #expect(x.floor().doubles == [-2, -1, 0, 1, 2])
    #expect(x.sign().doubles == [-1, -1, 1, 1, 1])
    #expect(x.clamped(to: -1...2).doubles == [-1, -0.5, 0.5, 1.5, 2])
  }

  @Test func `views pick, join and turn`() {
    #expect(matrix.reshaped([3, -1]).shape == [3, 2])
    #expect(matrix.permuted([1, 0]).doubles == [1, 4, 2, 5, 3, 6])
    #expect(matrix[1].doubles == [4, 5, 6] && matrix[0..<1].shape == [1, 3])
    #expect(matrix.selected(along: 1, 2).doubles == [3, 6])
    #expect(matrix.split(into: 3).map(\.doubles) == [[1, 4], [2, 5], [3, 6]])
    #expect(Tensor.concatenate([matrix, matrix], along: 1).shape == [2, 6])
    #expect(Tensor.stack([matrix, matrix]).shape == [2, 2, 3])
    #expect(matrix.rows(Tensor([1, 0, 1] as [Int64])).doubles == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(matrix.columns(Tensor([2, 0] as [Int64])).doubles == [3, 1, 6, 4])
    #expect(matrix.gathered(along: 1, at: Tensor([2, 0] as [Int64], shape: [2, 1])).doubles == [3, 4])
    #expect(Tensor([2, 0] as [Int64]).oneHot(classes: 3).values(as: Int64.self) == [0, 0, 1, 1, 0, 0])
    #expect(matrix.unsqueezed(at: 1).squeezed(at: 1).shape == [2, 3])
    #expect(matrix[0].expanded([4, 3]).doubles == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
  }

  @Test func `a constant picture keeps its value at every size`() {
    let picture = Tensor.full([1, 1, 5, 7], 0.25, type: .float64)
    for (height, width) in [(10, 3), (1, 1), (16, 16)] {
      let resized = picture.resized(height: height, width: width)
      #expect(resized.shape == [1, 1, height, width])
      // The weights of the filter sum to 1 but for rounding.
      #expect(resized.doubles.allSatisfy { abs($0 - 0.25) < 1e-12 })
    }
  }

  @Test func `matrix factors multiply back`() throws {
    let root = Tensor.irregular([4, 4])
    let matrix = root.times(root.transposed()) + Tensor.identity(4, type: .float64)
    func difference(_ a: Tensor, _ b: Tensor) -> Double { (a - b).absolute().maximum().item }
    // Each is a backward stable method on a matrix of condition below 100, so 1e-12 leaves a factor of a hundred.
    let lower = try matrix.cholesky()
    #expect(difference(lower.times(lower.transposed()), matrix) < 1e-12)
    #expect(difference(lower, lower.lowerTriangle()) == 0)
    #expect(difference(lower.times(lower.solvingTriangular(root)), root) < 1e-12)
    #expect(difference(lower.transposed().times(lower.transposed().solvingTriangular(root, upper: true)), root) < 1e-12)
    #expect(difference(matrix.times(matrix.inverse()), Tensor.identity(4, type: .float64)) < 1e-12)
    #expect(abs(matrix.logDeterminant().item - 2 * lower.diagonal().logarithm().sum().item) < 1e-12)
    let (values, vectors) = matrix.symmetricEigen()
    #expect(values.doubles == values.doubles.sorted())
    #expect(difference(matrix.times(vectors), vectors * values) < 1e-12)
  }

  @Test func `a matrix that is not positive definite is refused`() {
    #expect(throws: TorchError.self) { try Tensor([1, 2, 2, 1] as [Double], shape: [2, 2]).cholesky() }
  }
}
