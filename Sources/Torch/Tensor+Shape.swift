internal import CTorch

extension Tensor {
  /// The same elements in another shape; one extent may be −1 and follows from the others.
  public func reshaped(_ shape: [Int]) -> Tensor {
    shape.withExtents { extents in
      .make("reshaped") { ct_tensor_reshape(handle, extents.baseAddress, extents.count, $0) }
    }
  }

  /// The same elements repeated along dimensions of extent 1, without a copy.
  public func expanded(_ shape: [Int]) -> Tensor {
    shape.withExtents { extents in
      .make("expanded") { ct_tensor_expand(handle, extents.baseAddress, extents.count, $0) }
    }
  }

  /// The dimensions in another order, without a copy.
  public func permuted(_ order: [Int]) -> Tensor {
    order.withExtents { extents in
      .make("permuted") { ct_tensor_permute(handle, extents.baseAddress, extents.count, $0) }
    }
  }

  /// The last two dimensions swapped, without a copy.
  public func transposed() -> Tensor { permuted(Array(0..<(rank - 2)) + [rank - 1, rank - 2]) }

  /// A part along one dimension, without a copy.
  public func narrowed(along dimension: Int, from start: Int, count: Int) -> Tensor {
    .make("narrowed") { ct_tensor_narrow(handle, Int64(dimension), Int64(start), Int64(count), $0) }
  }

  /// Some of the rows, without a copy.
  public subscript(rows: Range<Int>) -> Tensor { narrowed(along: 0, from: rows.lowerBound, count: rows.count) }

  /// One entry along a dimension, which goes away.
  public func selected(along dimension: Int, _ index: Int) -> Tensor {
    .make("selected") { ct_tensor_select(handle, Int64(dimension), Int64(index), $0) }
  }

  /// One row.
  public subscript(row: Int) -> Tensor { selected(along: 0, row) }

  /// A new dimension of extent 1.
  public func unsqueezed(at dimension: Int) -> Tensor {
    .make("unsqueezed") { ct_tensor_unsqueeze(handle, Int64(dimension), $0) }
  }

  /// Without a dimension of extent 1.
  public func squeezed(at dimension: Int) -> Tensor {
    .make("squeezed") { ct_tensor_squeeze(handle, Int64(dimension), $0) }
  }

  /// Equal parts along a dimension, without a copy.
  public func split(into parts: Int, along dimension: Int = -1) -> [Tensor] {
    let size = extent(dimension) / parts
    return (0..<parts).map { narrowed(along: dimension, from: $0 * size, count: size) }
  }

  /// Tensors one after another along a dimension that they have.
  public static func concatenate(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
    .make("concatenate") { ct_tensor_concatenate(tensors.map(\.handle), tensors.count, Int64(dimension), $0) }
  }

  /// Tensors of one shape along a new dimension.
  public static func stack(_ tensors: [Tensor], along dimension: Int = 0) -> Tensor {
    .make("stack") { ct_tensor_stack(tensors.map(\.handle), tensors.count, Int64(dimension), $0) }
  }

  /// The rows with these numbers, in this order.
  ///
  /// - Parameter indices: One dimension, `int64`.
  public func rows(_ indices: Tensor) -> Tensor {
    .make("rows") { ct_tensor_index_select(handle, 0, indices.handle, $0) }
  }

  /// The columns with these numbers, in this order.
  ///
  /// - Parameter indices: One dimension, `int64`.
  public func columns(_ indices: Tensor) -> Tensor {
    .make("columns") { ct_tensor_index_select(handle, -1, indices.handle, $0) }
  }

  /// For each entry of `indices`, the element with that number along a dimension.
  ///
  /// - Parameter indices: `int64`, of the same rank.
  public func gathered(along dimension: Int, at indices: Tensor) -> Tensor {
    .make("gathered") { ct_tensor_gather(handle, Int64(dimension), indices.handle, $0) }
  }

  /// A new last dimension that is 1 at each element's number and 0 elsewhere.
  ///
  /// - Returns: `int64`.
  public func oneHot(classes: Int) -> Tensor { .make("oneHot") { ct_tensor_one_hot(handle, Int64(classes), $0) } }

  /// Pictures at another size, antialiased.
  ///
  /// - Returns: Shape `[count, channels, height, width]` from the same; floating point.
  public func resized(height: Int, width: Int) -> Tensor {
    .make("resized") { ct_tensor_resize(handle, Int64(height), Int64(width), $0) }
  }
}

extension Tensor {
  /// Some rows of bytes at another scale, in one pass.
  ///
  ///     (bytes − offset) / scale
  ///
  /// - Parameter rows: Their numbers, `int64`.
  /// - Returns: Shape `[rows, columns]`, `float32`.
  public func scaledRows(_ rows: Tensor, offset: Double, scale: Double) -> Tensor {
    .make("scaledRows") { ct_tensor_scaled_rows(handle, rows.handle, offset, scale, $0) }
  }
}
