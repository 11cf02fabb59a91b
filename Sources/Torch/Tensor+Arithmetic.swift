internal import CTorch

// Element by element; shapes broadcast as in NumPy.
extension Tensor {
  /// eˣ.
  public func exponential() -> Tensor { .make("exponential") { ct_tensor_exp(handle, $0) } }

  /// ln x.
  public func logarithm() -> Tensor { .make("logarithm") { ct_tensor_log(handle, $0) } }

  /// ln(1 + x), exact near 0.
  public func logarithmOfOnePlus() -> Tensor { .make("logarithmOfOnePlus") { ct_tensor_log1p(handle, $0) } }

  /// eˣ − 1, exact near 0.
  public func exponentialMinusOne() -> Tensor { .make("exponentialMinusOne") { ct_tensor_expm1(handle, $0) } }

  /// √x.
  public func squareRoot() -> Tensor { .make("squareRoot") { ct_tensor_sqrt(handle, $0) } }

  /// x².
  public func squared() -> Tensor { .make("squared") { ct_tensor_square(handle, $0) } }

  /// |x|.
  public func absolute() -> Tensor { .make("absolute") { ct_tensor_abs(handle, $0) } }

  /// −1, 0 or 1.
  public func sign() -> Tensor { .make("sign") { ct_tensor_sign(handle, $0) } }

  /// tanh x.
  public func hyperbolicTangent() -> Tensor { .make("hyperbolicTangent") { ct_tensor_tanh(handle, $0) } }

  /// 1 / (1 + e⁻ˣ).
  public func sigmoid() -> Tensor { .make("sigmoid") { ct_tensor_sigmoid(handle, $0) } }

  /// max(x, 0).
  public func rectified() -> Tensor { .make("rectified") { ct_tensor_relu(handle, $0) } }

  /// x · sigmoid(x).
  public func swish() -> Tensor { .make("swish") { ct_tensor_silu(handle, $0) } }

  /// x · Φ(x).
  public func gaussianErrorLinear() -> Tensor { .make("gaussianErrorLinear") { ct_tensor_gelu(handle, $0) } }

  /// x where positive, else eˣ − 1.
  public func exponentialLinear() -> Tensor { .make("exponentialLinear") { ct_tensor_elu(handle, $0) } }

  /// ln(1 + eˣ).
  public func softplus() -> Tensor { .make("softplus") { ct_tensor_softplus(handle, $0) } }

  /// ln sigmoid(x).
  public func logSigmoid() -> Tensor { .make("logSigmoid") { ct_tensor_log_sigmoid(handle, $0) } }

  /// The greatest whole number that is not above x.
  public func floor() -> Tensor { .make("floor") { ct_tensor_floor(handle, $0) } }

  /// The nearest whole number, halves to even.
  public func rounded() -> Tensor { .make("rounded") { ct_tensor_round(handle, $0) } }

  /// ln Γ(x).
  public func logGamma() -> Tensor { .make("logGamma") { ct_tensor_lgamma(handle, $0) } }

  /// The derivative of ln Γ(x).
  public func digamma() -> Tensor { .make("digamma") { ct_tensor_digamma(handle, $0) } }

  /// erf x.
  public func errorFunction() -> Tensor { .make("errorFunction") { ct_tensor_erf(handle, $0) } }

  /// 1 / x.
  public func reciprocal() -> Tensor { .make("reciprocal") { ct_tensor_reciprocal(handle, $0) } }

  /// Whether each element is not a number.
  public func isNaN() -> Tensor { .make("isNaN") { ct_tensor_isnan(handle, $0) } }

  /// Whether each element is a finite number.
  public func isFinite() -> Tensor { .make("isFinite") { ct_tensor_isfinite(handle, $0) } }

  /// Whether each element is zero.
  public func logicalNot() -> Tensor { .make("logicalNot") { ct_tensor_logical_not(handle, $0) } }

  /// x where it is positive, else x · slope.
  public func leakyRectified(slope: Double = 0.01) -> Tensor {
    .make("leakyRectified") { ct_tensor_leaky_relu_scalar(handle, slope, $0) }
  }

  /// x to a power.
  public func power(_ exponent: Double) -> Tensor { .make("power") { ct_tensor_pow_scalar(handle, exponent, $0) } }

  /// x, but never outside the range.
  public func clamped(to range: ClosedRange<Double>) -> Tensor {
    .make("clamped") { ct_tensor_clamp(handle, range.lowerBound, range.upperBound, $0) }
  }

  /// The element of `a` where the condition holds, else that of `b`.
  public static func choose(_ a: Tensor, where condition: Tensor, else b: Tensor) -> Tensor {
    .make("choose") { ct_tensor_where(condition.handle, a.handle, b.handle, $0) }
  }

  /// −x.
  public static prefix func - (a: Tensor) -> Tensor { .make("-") { ct_tensor_neg(a.handle, $0) } }

  /// a + b.
  public static func + (a: Tensor, b: Tensor) -> Tensor { .make("+") { ct_tensor_add(a.handle, b.handle, $0) } }

  /// a + b.
  public static func + (a: Tensor, b: Double) -> Tensor { .make("+") { ct_tensor_add_scalar(a.handle, b, $0) } }

  /// a − b.
  public static func - (a: Tensor, b: Tensor) -> Tensor { .make("-") { ct_tensor_sub(a.handle, b.handle, $0) } }

  /// a − b.
  public static func - (a: Tensor, b: Double) -> Tensor { .make("-") { ct_tensor_sub_scalar(a.handle, b, $0) } }

  /// a · b, element by element.
  public static func * (a: Tensor, b: Tensor) -> Tensor { .make("*") { ct_tensor_mul(a.handle, b.handle, $0) } }

  /// a · b, element by element.
  public static func * (a: Tensor, b: Double) -> Tensor { .make("*") { ct_tensor_mul_scalar(a.handle, b, $0) } }

  /// a / b.
  public static func / (a: Tensor, b: Tensor) -> Tensor { .make("/") { ct_tensor_div(a.handle, b.handle, $0) } }

  /// a / b.
  public static func / (a: Tensor, b: Double) -> Tensor { .make("/") { ct_tensor_div_scalar(a.handle, b, $0) } }

  /// a + b.
  public static func + (a: Double, b: Tensor) -> Tensor { b + a }

  /// a − b.
  public static func - (a: Double, b: Tensor) -> Tensor { -b + a }

  /// a · b.
  public static func * (a: Double, b: Tensor) -> Tensor { b * a }

  /// a / b.
  public static func / (a: Double, b: Tensor) -> Tensor { b.reciprocal() * a }

  /// Where a equals b.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { .make(".==") { ct_tensor_eq(a.handle, b.handle, $0) } }

  /// Where a equals b.
  public static func .== (a: Tensor, b: Double) -> Tensor {
    .make(".==") { ct_tensor_eq_scalar(a.handle, b, $0) }
  }

  /// Where a is below b.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { .make(".<") { ct_tensor_lt(a.handle, b.handle, $0) } }

  /// Where a is below b.
  public static func .< (a: Tensor, b: Double) -> Tensor {
    .make(".<") { ct_tensor_lt_scalar(a.handle, b, $0) }
  }

  /// Where a is not above b.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { .make(".<=") { ct_tensor_le(a.handle, b.handle, $0) } }

  /// Where a is not above b.
  public static func .<= (a: Tensor, b: Double) -> Tensor {
    .make(".<=") { ct_tensor_le_scalar(a.handle, b, $0) }
  }

  /// Where a is above b.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { .make(".>") { ct_tensor_gt(a.handle, b.handle, $0) } }

  /// Where a is above b.
  public static func .> (a: Tensor, b: Double) -> Tensor {
    .make(".>") { ct_tensor_gt_scalar(a.handle, b, $0) }
  }

  /// Where a is not below b.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { .make(".>=") { ct_tensor_ge(a.handle, b.handle, $0) } }

  /// Where a is not below b.
  public static func .>= (a: Tensor, b: Double) -> Tensor {
    .make(".>=") { ct_tensor_ge_scalar(a.handle, b, $0) }
  }

  /// The greater of the two, element by element.
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    .make("maximum") { ct_tensor_maximum(a.handle, b.handle, $0) }
  }

  /// The smaller of the two, element by element.
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    .make("minimum") { ct_tensor_minimum(a.handle, b.handle, $0) }
  }
}
