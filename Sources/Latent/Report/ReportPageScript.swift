/// What the page does besides its charts: copying, and smooth pictures where the window is too narrow for whole pixels.
extension ReportPage {
  static let script = #"""
    "use strict";

    /** Pixels stay crisp unless a picture is shown smaller than it is, where leaving out pixels would distort it. */
    function chooseRendering() {
      for (const picture of document.querySelectorAll(".sheet img")) {
        const isShrunk = picture.clientWidth * devicePixelRatio < picture.naturalWidth - 1;
        picture.style.imageRendering = isShrunk ? "auto" : "pixelated";
      }
    }
    addEventListener("load", chooseRendering);
    addEventListener("resize", chooseRendering);

    /** Copies an element's text, also where the clipboard is closed to pages from disk. */
    async function copyText(element) {
      try {
        await navigator.clipboard.writeText(element.textContent);
        return true;
      } catch {
        const range = document.createRange();
        range.selectNodeContents(element);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
        return document.execCommand("copy");
      }
    }
    for (const button of document.querySelectorAll("button[data-copies]")) {
      button.addEventListener("click", async () => {
        const done = await copyText(document.getElementById(button.dataset.copies));
        button.textContent = done ? "Copied" : "Press Ctrl+C";
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
    }
    """#
}
