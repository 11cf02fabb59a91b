internal import Foundation
internal import Latent
internal import Torch

/// How observations are answered.
enum Form: String, Sendable {
  /// Bytes of brightness.
  case pixels
  /// Numbers in the data's units.
  case values
}

/// Observations as plain values.
struct Observations: Sendable {
  let form: Form
  let count: Int
  let dimensions: Int
  private(set) var bytes: [UInt8] = []
  private(set) var numbers: [Float] = []

  /// None yet.
  init(_ form: Form, count: Int, dimensions: Int) {
    (self.form, self.count, self.dimensions) = (form, count, dimensions)
  }

  mutating func append(_ other: Observations) {
    self = Observations(
      form, count: count + other.count, dimensions: dimensions, bytes + other.bytes, numbers + other.numbers)
  }

  private init(_ form: Form, count: Int, dimensions: Int, _ bytes: [UInt8], _ numbers: [Float]) {
    (self.form, self.count, self.dimensions, self.bytes, self.numbers) = (form, count, dimensions, bytes, numbers)
  }

  /// Values in the data's units, shape `[count, D]`.
  init(_ values: Tensor, as form: Form, of trained: TrainedModel) {
    let count = values.extent(0)
    switch form {
    case .pixels: self.init(form, count: count, dimensions: values.extent(1), trained.pixels(of: values), [])
    case .values: self.init(form, count: count, dimensions: values.extent(1), [], values.values(as: Float.self))
    }
  }

  /// What stands under `pixels` or `values`.
  var value: any Encodable & Sendable {
    switch form {
    case .pixels: Data(bytes).base64EncodedString()
    case .values: NumberRows(numbers, width: dimensions)
    }
  }

  /// `count`, and `pixels` or `values`.
  var answer: Answer {
    var answer = Answer(["count": count])
    answer.add(form.rawValue, value)
    return answer
  }
}

extension ExploredModel {
  /// What the model makes of codes, one after another.
  ///
  /// - Throws: ``ExplorerError`` where nothing can be drawn, as the decoder gives no numbers there.
  func decoded(_ z: [Float], as form: Form, drawn: Bool, seed: UInt64, index: Int = 0) throws -> Observations {
    let count = z.count / latents
    share(rows: count)
    let codes = Tensor(z, shape: [count, latents]).to(device: trained.device)
    if drawn, !trained.decode(codes, .mean, using: noise("decode", seed: seed)).isAllFinite {
      throw ExplorerError.wrong("the decoder gives no numbers for such a code; give one nearer to 0.")
    }
    let noise = noise("decode", seed: seed, index: index)
    return Observations(trained.decode(codes, drawn ? .draw : .mean, using: noise), as: form, of: trained)
  }
}

extension ExploredModel {
  /// New codes, one after another.
  func sampled(_ count: Int, temperature: Double, seed: UInt64) -> [Float] {
    trained.codes(count, temperature: temperature, using: noise("sample", seed: seed)).values()
  }
}
