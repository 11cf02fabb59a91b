internal import Torch

/// What the matrix products and convolutions of a training step are computed in.
public enum Precision: String, NamedValue {
  /// Single precision.
  case fp32
  /// Factors rounded to bfloat16, 8 bits of precision, and summed in single precision; parameters, what lies between products, terms and
  /// optimizer stay in single precision, and so do validation and evaluation.
  case bf16

  var engine: Engine.Precision {
    switch self {
    case .fp32: .float32
    case .bf16: .bfloat16
    }
  }

  /// Refuses what the device would only be slower with.
  func check(on device: Device) throws(LatentError) {
    guard self == .fp32 || Engine.hasBFloat16(device) else {
      throw LatentError(
        "training.precision: \(device) has no instructions for bf16, which would only be slower there; use fp32.")
    }
  }
}
