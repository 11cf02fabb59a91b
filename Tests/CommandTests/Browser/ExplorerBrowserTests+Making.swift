import Foundation
import Testing

extension ExplorerBrowserTests {
  @Test("Morph plays along the path, and saves it as a strip and as a film")
  func morph() async throws {
    try await explored.show("morph", parameters: "&from=3&to=8")
    try await page.wait("The path is there", until: "document.querySelectorAll('#view-morph .step').length === 16")
    try await page.press("Play")
    try await page.wait(
      "It plays",
      until: "document.querySelector('#view-morph .step[aria-current]')?.getAttribute('aria-label') === 'Step 4'")
    try await page.press("Pause")
    for (button, beginning) in [("Save strip (PNG)", "137,80,78,71"), ("Save film (GIF)", "71,73,70,56")] {
      try await page.evaluate(
        """
        if (!window.made) { window.made = URL.createObjectURL; }
        window.saved = null;
        URL.createObjectURL = (blob) => { window.saved = blob; return window.made.call(URL, blob); };
        """)
      try await page.press(button)
      try await page.wait("A file is saved by “\(button)”", until: "window.saved")
      let isPicture = try await page.evaluate(
        """
        const first = new Uint8Array(await window.saved.slice(0, 4).arrayBuffer());
        const picture = await createImageBitmap(window.saved);
        return String([...first]) === "\(beginning)" && picture.width >= 200;
        """)
      #expect(isPicture as? Bool == true, "“\(button)” saves a picture of its kind.")
    }
  }

  @Test("What is painted over is filled in several times, and what is not stays as it is")
  func fill() async throws {
    try await explored.show("fill", parameters: "&row=5")
    try await page.press("Clear")
    try await page.drag(on: "#view-fill canvas[role=application]", [(0.2, 0.7), (0.5, 0.75), (0.8, 0.7)])
    try await page.wait(
      "Something is hidden", until: "/hidden/.test(document.querySelector('#hidden-part').textContent)")
    let completions = "#view-fill .results .sheet canvas"
    try await page.wait("Completions come", until: "document.querySelectorAll('\(completions)').length === 8")
    let keeps = try await page.evaluate(
      """
      const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, 8, 8).data.filter((_, index) => index % 4 === 0);
      const original = pixels(document.querySelector("#view-fill .results .figures canvas"));
      const all = [...document.querySelectorAll("\(completions)")].map(pixels);
      const top = [...Array(24).keys()];
      const differ = [...Array(64).keys()].filter((place) => all.some((one) => one[place] !== all[0][place]));
      return [all.every((one) => top.every((place) => one[place] === original[place])), differ.length];
      """)
    let found = try #require(keeps as? [Any])
    #expect(found.first as? Bool == true, "The rows above the stroke are the original's.")
    #expect((found.last as? NSNumber)?.intValue ?? 0 > 0, "The completions differ.")
  }

  @Test("An attribute goes on and off a row by the slider")
  func edit() async throws {
    try await explored.show("edit", parameters: "&row=5")
    try await page.wait(
      "The row is edited", until: "document.querySelectorAll('#view-edit .figures.large canvas').length === 2")
    let pictures = "#view-edit .figures.large > :last-child canvas"
    let before = try await page.picture(pictures)
    try await page.evaluate("document.querySelector('#view-edit section input[type=range]').focus()")
    try await page.type(String(repeating: BrowserPage.Key.right, count: 80))
    try await page.wait(
      "The picture follows",
      until: "document.querySelector('\(pictures)').toDataURL() !== \(BrowserPage.quoted(before))")
    try await page.press("Back to 0")
    try await page.wait(
      "It comes back", until: "document.querySelector('\(pictures)').toDataURL() === \(BrowserPage.quoted(before))")
  }
}
