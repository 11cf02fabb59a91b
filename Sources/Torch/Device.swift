internal import CTorch

/// Where tensors live and are computed.
public enum Device: Hashable, Sendable, CustomStringConvertible {
  /// The processor.
  case cpu
  /// A CUDA device by its index.
  case cuda(Int)

  init(_ code: ct_device) { self = code < 0 ? .cpu : .cuda(Int(code)) }

  var code: ct_device {
    switch self {
    case .cpu: -1
    case .cuda(let index): ct_device(index)
    }
  }

  /// `cpu`, or `cuda:0` and so on.
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }

  /// The number of CUDA devices that this machine and this libtorch offer.
  public static var cudaCount: Int { Int(ct_cuda_count()) }

  /// Reads `cpu`, `cuda` or `cuda:1`, and makes sure that the device is there.
  ///
  /// - Throws: ``TorchError`` where the name is none of these or the machine lacks the device.
  public init(named name: String) throws(TorchError) {
    if name == "cpu" {
      self = .cpu
      return
    }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.first == "cuda", parts.count <= 2, let index = parts.count == 2 ? Int(parts[1]) : 0, index >= 0 else {
      throw TorchError("device '\(name)' is not known; expected cpu, cuda or cuda:N.")
    }
    let count = Self.cudaCount
    guard count > 0 else {
      throw TorchError("device '\(name)' is not here: this machine or this libtorch has no CUDA; use --device cpu.")
    }
    guard index < count else {
      throw TorchError("device '\(name)' is not here: the CUDA devices are cuda:0 to cuda:\(count - 1).")
    }
    self = .cuda(index)
  }
}
