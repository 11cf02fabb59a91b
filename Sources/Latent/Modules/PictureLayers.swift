internal import Torch

/// Rows of `height · width · channels` numbers as pictures `[count, channels, height, width]`.
struct Unflattening: Layer {
  let size: PictureSize
  let channels: Int

  func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    input.reshaped([-1, size.height, size.width, channels]).permuted([0, 3, 1, 2])
  }
}

/// Pictures `[count, channels, height, width]` as rows of `height · width · channels` numbers.
struct Flattening: Layer {
  func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    input.permuted([0, 2, 3, 1]).reshaped([input.extent(0), input.count / max(input.extent(0), 1)])
  }
}

/// A layer of rows applied where there are dimensions in front of them.
struct RowWise: Layer {
  let layer: any Layer

  func callAsFunction(_ input: Tensor, mode: Mode) -> Tensor {
    let front = Array(input.shape.dropLast())
    let output = layer(input.reshaped([-1, input.extent(-1)]), mode: mode)
    return output.reshaped(front + [output.extent(-1)])
  }
}
