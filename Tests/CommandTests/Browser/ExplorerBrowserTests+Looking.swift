import Foundation
import Testing

extension ExplorerBrowserTests {
  @Test("The map shows a row where its code lies, and what the model makes of the place under the pointer")
  func map() async throws {
    try await explored.show("map")
    let picture = "#view-map .decoded canvas"
    try await page.drag(on: ".plot-frame .plot", [(0.3, 0.4), (0.35, 0.45)])
    try await page.wait("A place is decoded", until: "document.querySelector('\(picture)').getClientRects().length")
    let before = try await page.picture(picture)
    try await page.drag(on: ".plot-frame .plot", [(0.3, 0.4), (0.4, 0.5), (0.6, 0.55), (0.75, 0.6)])
    try await page.wait(
      "The picture follows the pointer",
      until: "document.querySelector('\(picture)').toDataURL() !== \(BrowserPage.quoted(before))")
    // The nearest row to the cross, by keys alone.
    try await page.type(BrowserPage.Key.left + BrowserPage.Key.enter)
    try await page.wait("A row is chosen", until: "/row=[0-9]+/.test(location.hash)")
    try await page.wait("The row is shown", until: "document.querySelectorAll('#view-map .pair canvas').length === 2")
    let asIs = try await page.evaluate(
      """
      const row = Number(location.hash.match(/row=([0-9]+)/)[1]);
      const answer = await fetch("/api/runs/0/rows", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ rows: [row] }),
      });
      const pixels = Uint8Array.from(atob((await answer.json()).pixels), (sign) => sign.charCodeAt(0));
      const canvas = document.querySelector("#view-map .pair canvas");
      const shown = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      return canvas.width === 8 && pixels.every((value, index) => shown[4 * index] === value);
      """)
    #expect(asIs as? Bool == true, "The row's own pixels are shown.")
  }

  @Test("Two groups drawn with the lasso make an attribute vector, which Edit then has")
  func lasso() async throws {
    try await explored.show("map")
    try await page.press("Lasso")
    let left = [(0.1, 0.05), (0.48, 0.05), (0.48, 0.95), (0.1, 0.95), (0.1, 0.1)].map { (x: $0.0, y: $0.1) }
    try await page.drag(on: ".plot-frame .plot", left)
    try await page.wait("Group A has rows", until: "/^[0-9]/.test(document.querySelector('.map-below dd').textContent)")
    try await page.drag(on: ".plot-frame .plot", left.map { (x: 1 - $0.x, y: $0.y) })
    try await page.wait(
      "Group B has rows", until: "/^[0-9]/.test(document.querySelectorAll('.map-below dd')[1].textContent)")
    try await page.click(".map-below input[type=text]")
    try await page.type("leftish")
    try await page.press("Make the attribute vector")
    try await page.wait(
      "It is made", until: "document.querySelector('.map-below').textContent.includes('“leftish” has length')")
    try await page.press("Edit with it")
    try await page.wait(
      "Edit has it", until: "document.querySelector('#view-edit')?.textContent.includes('leftish')")
  }

  @Test("A slider's keys change the picture to what the server decodes from the same code")
  func sliders() async throws {
    try await explored.show("sliders", parameters: "&row=3")
    let picture = "#view-sliders .made canvas"
    let before = try await page.picture(picture)
    try await page.evaluate("document.querySelector('#view-sliders .slider-list input').focus()")
    try await page.type(String(repeating: BrowserPage.Key.right, count: 60))
    try await page.wait(
      "The picture follows", until: "document.querySelector('\(picture)').toDataURL() !== \(BrowserPage.quoted(before))"
    )
    try await page.wait(
      "The address has the code, and the picture is its decoding",
      until: """
        await (async () => {
          const z = new URLSearchParams(location.hash.split("?")[1]).get("z")?.split(",").map(Number);
          if (!z) return false;
          const answer = await fetch("/api/runs/0/decode", {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ z: [z] }),
          });
          const pixels = Uint8Array.from(atob((await answer.json()).pixels), (sign) => sign.charCodeAt(0));
          const canvas = document.querySelector("\(picture)");
          const shown = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          // The address keeps three decimals.
          return pixels.every((value, index) => Math.abs(shown[4 * index] - value) <= 2);
        })()
        """)
  }

  @Test("The manifold moves, and a cell's code goes to the sliders")
  func manifold() async throws {
    try await explored.show("manifold")
    let canvas = "#view-manifold .plot canvas"
    let before = try await page.picture(canvas)
    try await page.drag(on: canvas, [(0.5, 0.5), (0.6, 0.6), (0.7, 0.65)])
    try await page.wait(
      "The plane moves", until: "document.querySelector('\(canvas)').toDataURL() !== \(BrowserPage.quoted(before))")
    try await page.drag(on: canvas, [(0.4, 0.4)])
    try await page.press("Take it to Sliders")
    try await page.wait(
      "The sliders have the code", until: "document.querySelector('#view-sliders') && location.hash.includes('z=')")
  }

  @Test("Judge shows the report's own numbers, and rows from the least probable on")
  func judge() async throws {
    try await explored.show("judge")
    let holds = try await page.evaluate(
      """
      const report = await (await fetch("/api/runs/0/report")).json();
      const text = document.querySelector("#view-judge").textContent.replaceAll("−", "-");
      return text.includes(report.evaluation.negativeELBO.toFixed(2)) || text.includes(report.evaluation.negativeELBO.toFixed(3));
      """)
    #expect(holds as? Bool == true, "−ELBO is the report's.")
    try await page.wait("Rows are shown", until: "document.querySelectorAll('#view-judge .pairs li').length >= 10")
    try await page.wait(
      "All are judged", within: 60,
      until:
        "/^(?!.*so far).*rows?, K = /.test(document.querySelector('#view-judge .toolbar [role=status]').textContent)")
    let shown = try await page.evaluate(
      "return [...document.querySelectorAll('#view-judge .pairs li')].map((item) => item.querySelector('button').lastElementChild.textContent)"
    )
    let texts = try #require(shown as? [String])
    let scores = texts.compactMap { Double($0.replacing("−", with: "-").prefix { "0123456789.-".contains($0) }) }
    #expect(
      scores.count == texts.count && scores.count >= 10 && zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 },
      "\(texts)")
  }

  @Test("Training shows the curves of a run that has ended")
  func training() async throws {
    try await explored.show("training")
    try await page.wait("A curve is drawn", until: "document.querySelectorAll('#view-training .js-line').length > 0")
  }
}
