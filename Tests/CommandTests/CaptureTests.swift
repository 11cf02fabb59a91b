import Testing

@Suite("Capturing steps")
struct CaptureTests {
  @Test(
    "On the processor it is refused before anything is read or written",
    arguments: [
      Refusal(
        "train", "digits", "--out", "run", "--set", "training.capture=true",
        says: ["training.capture", "GPU only", "--device cuda"], code: 1),
      Refusal(
        "bench", "--preset", "mnist-small", "--rows", "200", "--set", "training.capture=true",
        says: ["training.capture", "GPU only"], code: 1),
      Refusal("train", "digits", "--out", "run", "--set", "training.capture=yes please", says: ["training.capture"]),
    ])
  func refused(refusal: Refusal) throws {
    try Scratch.with { scratch in try refusal.expect(in: scratch) }
  }
}
