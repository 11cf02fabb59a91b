internal import CTorch

/// Settings of libtorch that hold for the whole process.
public enum Engine {
  /// Which matrix products linear layers use.
  public enum Products: Sendable {
    /// The faster on this processor: oneDNN where MKL holds itself back, MKL on Intel.
    case best
    /// libtorch's default.
    case blas
    /// oneDNN's, with bias and activation in the same pass.
    case oneDNN
  }

  /// libtorch's version, such as `2.13.0`.
  public static var version: String { String(cString: ct_version()) }

  /// The threads that one operation is spread over.
  public static var threads: Int {
    get { Int(ct_threads()) }
    set { ct_set_threads(Int32(newValue)) }
  }

  /// Makes the allocator keep what it has: a training step then meets no page faults. Call once, early.
  public static func prepare() { ct_initialize() }

  /// Chooses the matrix products of linear layers from now on.
  public static func use(_ products: Products) {
    switch products {
    case .best: ct_set_products(ct_products_best)
    case .blas: ct_set_products(ct_products_blas)
    case .oneDNN: ct_set_products(ct_products_onednn)
    }
  }
}
