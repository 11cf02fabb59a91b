import Codecs
import Testing
import Torch

import Latent

@Suite("A sheet of pictures")
struct ReportPictureSheetTests {
  /// The bytes of one pixel.
  func pixel(_ picture: Picture, _ x: Int, _ y: Int) -> [UInt8] {
    let start = (y * picture.width + x) * picture.channels
    return Array(picture.pixels[start..<start + picture.channels])
  }

  let gap = PictureSheet.gap

  @Test("Every pixel becomes a square of its own shade, and all else is the gaps' grey")
  func exactness() throws {
    let values = (0..<5 * 6).map { Float($0) / 29 }
    let sheet = try PictureSheet(Tensor(values, shape: [5, 6]), shape: [2, 3], columns: 2, enlargement: 4).picture()
    #expect(sheet.channels == 1)
    #expect(sheet.width == 2 * 12 + 3 * gap)
    #expect(sheet.height == 3 * 8 + 4 * gap)
    var expected = [UInt8](repeating: PictureSheet.gapShade, count: sheet.width * sheet.height)
    for index in 0..<5 {
      for y in 0..<8 {
        for x in 0..<12 {
          let (row, column) = (gap + index / 2 * (8 + gap) + y, gap + index % 2 * (12 + gap) + x)
          expected[row * sheet.width + column] = UInt8((values[index * 6 + y / 4 * 3 + x / 4] * 255).rounded())
        }
      }
    }
    #expect(sheet.pixels == expected)
  }

  @Test("Reconstructions stand right below their originals, pairs further apart")
  func pairs() throws {
    let originals = Tensor.ones([3, 4]), reconstructions = Tensor.zeros([3, 4])
    let sheet = try PictureSheet(
      originals: originals, reconstructions: reconstructions, shape: [2, 2], columns: 2, enlargement: 1
    ).picture()
    #expect(sheet.width == 2 * 2 + 3 * gap)
    #expect(sheet.height == 4 * 2 + 4 * gap + PictureSheet.pairGap)
    let second = gap + 2 * (2 + gap) + PictureSheet.pairGap - gap
    for (y, shade) in [(gap, 255), (2 * gap + 2, 0), (second, 255), (second + 2 + gap, 0)] as [(Int, UInt8)] {
      #expect(pixel(sheet, gap, y) == [shade])
    }
    #expect((gap + 4 + gap..<second).allSatisfy { pixel(sheet, gap, $0) == [PictureSheet.gapShade] })
    #expect(pixel(sheet, 2 * gap + 2, second) == [PictureSheet.gapShade])
  }

  @Test("Values beyond 0 … 1 are cut off and what is not a number is magenta")
  func clamping() throws {
    let values: [Float] = [-3, 7, .infinity, -.infinity]
    let sheet = try PictureSheet(Tensor(values, shape: [1, 4]), shape: [1, 4], columns: 9, enlargement: 1).picture()
    #expect((0..<4).map { pixel(sheet, gap + $0, gap) } == [[0], [255], [255], [0]])
    let broken = try PictureSheet(Tensor([Float.nan, 1], shape: [1, 2]), shape: [1, 2], columns: 1, enlargement: 1)
      .picture()
    #expect(pixel(broken, gap, gap) == [255, 0, 255])
    #expect(pixel(broken, gap + 1, gap) == [255, 255, 255])
    #expect(pixel(broken, 0, 0) == [UInt8](repeating: PictureSheet.gapShade, count: 3))
  }

  @Test("Colours keep their channels")
  func colour() throws {
    let values: [Float] = [1, 0.2, 0, 0, 0.4, 1]
    let sheet = try PictureSheet(Tensor(values, shape: [1, 6]), shape: [1, 2, 3], columns: 1, enlargement: 3).picture()
    #expect(sheet.channels == 3)
    #expect(pixel(sheet, gap + 2, gap + 2) == [255, 51, 0])
    #expect(pixel(sheet, gap + 3, gap) == [0, 102, 255])
  }

  @Test("A picture comes out 56 to 112 pixels large where that is possible", arguments: 1...112)
  func enlargement(side: Int) throws {
    let sheet = try PictureSheet(Tensor.zeros([1, side * side]), shape: [side, side], columns: 1).picture()
    let shown = sheet.width - 2 * gap
    #expect(shown % side == 0)
    #expect((56...112).contains(shown))
  }

  @Test("No pictures are refused")
  func nothing() {
    #expect(throws: LatentError.self) { try PictureSheet(Tensor.zeros([0, 4]), shape: [2, 2], columns: 3).picture() }
  }
}
