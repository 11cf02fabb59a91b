internal import CTorch

/// A matrix product or convolution that a layer made: the work that no implementation of the layer can do without.
public struct Product: Sendable {
  let code: ct_product

  /// The products that layers make on this thread while `body` runs, in order.
  public static func recorded<Result>(while body: () throws -> Result) rethrows -> (products: [Product], result: Result)
  {
    let record = ProductRecord()
    let result = try withExtendedLifetime(record) {
      ct_record_products(
        { product, context in
          guard let context else { return }
          Unmanaged<ProductRecord>.fromOpaque(context).takeUnretainedValue().products.append(Product(code: product))
        }, Unmanaged.passUnretained(record).toOpaque())
      defer { ct_record_products(nil, nil) }
      return try body()
    }
    return (record.products, result)
  }

  /// What its factors are of.
  public var precision: Engine.Precision { code.precision == ct_precision_bfloat16 ? .bfloat16 : .float32 }

  /// Seconds of this product by itself, in its precision, forward and backward, each part by the fastest library and memory layout at hand.
  ///
  /// - Parameter rounds: Each part is the median of so many.
  public func seconds(on device: Device, rounds: Int) -> Double {
    var seconds = 0.0
    demand("product", ct_product_seconds(code, device.code, Int32(rounds), &seconds))
    return seconds
  }

  /// Multiplications and additions, forward and backward.
  public var operations: Double {
    let passes = code.has_input_gradient ? 3.0 : 2.0
    let isLinear = code.kind == ct_product_linear
    let area = isLinear ? 1 : Double(code.height * code.width * code.kernel * code.kernel)
    let stride = Double(code.stride * code.stride)
    let places = isLinear ? 1 : code.kind == ct_product_transposed ? area : area / stride
    return 2 * passes * Double(code.count * code.inputs * code.outputs) * places
  }
}

/// What the engine fills while products are recorded.
private final class ProductRecord {
  var products: [Product] = []
}
