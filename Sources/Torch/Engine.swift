internal import CTorch

/// Settings of libtorch that hold for the whole process.
public enum Engine {
  /// Which matrix products linear layers use.
  public enum Products: Sendable {
    /// The fastest on this processor: tiles of oneDNN's kernels where it has AVX-512, else oneDNN's products where MKL holds itself back, MKL
    /// on Intel.
    case best
    /// libtorch's default.
    case blas
    /// oneDNN’s, layer by layer, with bias and activation in the same pass.
    case oneDNN
  }

  /// How threads write what all of them read next, such as changed parameters.
  public enum Writing: Sendable {
    /// As is faster where the threads run, by the time that a core takes to change a line of memory which others have read; measured again
    /// every second.
    case measured
    /// Within the caches.
    case withinCaches
    /// Past the caches into memory.
    case pastCaches
  }

  /// libtorch's version, such as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// The threads that one operation is spread over.
  public static var threads: Int {
    get { Int(ct_threads()) }
    set { ct_set_threads(Int32(newValue)) }
  }

  /// What the products of layers are computed in.
  public enum Precision: Sendable {
    /// Single precision.
    case float32
    /// Factors of 8 bits of precision, summed in single precision; everything between products stays in single precision.
    case bfloat16
  }

  /// Runs `body` with the products of layers, and of their gradients, in some precision; the setting belongs to the thread.
  public static func multiplying<Result, Failure: Error>(
    in precision: Precision, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = ct_get_precision()
    ct_set_precision(precision == .float32 ? ct_precision_float32 : ct_precision_bfloat16)
    defer { ct_set_precision(before) }
    return try body()
  }

  /// Whether a device multiplies bfloat16 by instructions of its own; otherwise it is only slower than single precision.
  public static func hasBFloat16(_ device: Device) -> Bool { ct_has_bfloat16(device.code) }

  /// The cores that this process may run on.
  public static var cores: Int { Int(ct_cores()) }

  /// Makes the allocator keep what it has: a training step then meets no page faults. Call once, early.
  public static func prepare() { ct_initialize() }

  /// Chooses how threads write what all of them read from now on; what is computed does not depend on it.
  public static func use(_ writing: Writing) {
    switch writing {
    case .measured: ct_set_writing(ct_writing_measured)
    case .withinCaches: ct_set_writing(ct_writing_near)
    case .pastCaches: ct_set_writing(ct_writing_far)
    }
  }

  /// Chooses the matrix products of linear layers from now on.
  public static func use(_ products: Products) {
    switch products {
    case .best: ct_set_products(ct_products_best)
    case .blas: ct_set_products(ct_products_blas)
    case .oneDNN: ct_set_products(ct_products_onednn)
    }
  }
}
