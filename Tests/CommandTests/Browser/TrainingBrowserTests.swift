import Foundation
import Testing

@Suite(
  "The page of a training", .serialized, .enabled(if: WebDriver.path != nil, "needs Chromium and its driver"),
  .watching([
    "--set", "threads=1", "--set", "training.epochs=600", "--set", "training.patience=0", "--set", "model.latents=4",
    "--set", "evaluation.samples=20",
  ]))
struct TrainingBrowserTests {
  @Test("Curves and pictures come while training goes on, and after it the other views")
  func live() async throws {
    let explored = try #require(Explored.current)
    let page = explored.page
    try await page.show(width: 1280, height: 900)
    try await page.open("\(explored.address)/")
    try await page.wait("An epoch is shown", until: "/epoch [0-9]+ of 600/.test(document.body.innerText)")
    try await page.wait("A curve is drawn", until: "document.querySelectorAll('#view-training .js-line').length > 0")
    try await page.wait("Pictures come", until: "document.querySelectorAll('#view-training .live canvas').length >= 10")
    try await page.wait(
      "Training ends", within: 150,
      until: "[...document.querySelectorAll('button')].some((button) => button.textContent === 'Map')")
    try await page.press("Map")
    try await page.wait("The map stands", until: "document.querySelector('#view-map .plot canvas')")
    let complaints = try await page.complaints()
    #expect(complaints.isEmpty)
  }
}
