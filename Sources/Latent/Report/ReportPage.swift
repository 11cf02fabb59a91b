internal import CAssets
internal import Codecs

/// The page of a run: one HTML file that opens from disk, with the charts' library and the pictures beside it.
package enum ReportPage {
  /// Writes `index.html` and, where it was built in, `plotly.min.js` into a folder that has the content's pictures.
  ///
  /// - Throws: `CodecError` where the folder is missing or cannot be written to.
  package static func write(_ content: ReportContent, to folder: String) throws {
    let plotly = ct_asset_plotly()
    if plotly.count > 0 {
      try AtomicFile.write(to: "\(folder)/plotly.min.js") {
        try $0.append(UnsafeRawBufferPointer(start: plotly.bytes, count: plotly.count))
      }
    }
    let page = try html(content, hasCharts: plotly.count > 0)
    try AtomicFile.write(Array(page.utf8), to: "\(folder)/index.html")
  }

  /// The page.
  ///
  /// - Parameter hasCharts: Whether the charts' library lies beside it; if not, the page shows its curves as a table.
  package static func html(_ content: ReportContent, hasCharts: Bool) throws -> String {
    let sections = [
      measures(content), split(content), curves(content), pictures(content), tables(content), checks(content),
      judgements(content), latents(content), map(content), facts(content), details(content, isOpen: !hasCharts),
    ]
    return try html(
      content, eyebrow: "report of a run", sections: sections,
      library: hasCharts ? "<script src=\"plotly.min.js\"></script>" : "",
      missing:
        "The charts need the file plotly.min.js beside this page, which is not there; the curves are in the tables at the end.",
      withoutScripts: "The charts need JavaScript; the curves are in the tables at the end.")
  }

  /// A page of sections that are drawn from its content.
  ///
  /// - Parameters:
  ///   - library: The element that brings the charts' library; empty where there is none.
  ///   - missing: What to tell readers whose page has no charts' library.
  ///   - withoutScripts: What to tell readers without JavaScript.
  static func html(
    _ content: ReportContent, eyebrow: String, sections: [String], library: String, missing: String,
    withoutScripts: String
  ) throws -> String {
    let name = HTML.escaped(content.name.isEmpty ? "A run" : content.name)
    let hasCharts = !library.isEmpty
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(name) – Latent</title>
      <link rel="icon" href="data:,">
      <style>
      \(style)
      </style>
      </head>
      <body\(hasCharts ? "" : " class=\"without-charts\"")>
      <main>
      <header>
      <p class="eyebrow">Latent · \(eyebrow)</p>
      <h1>\(name)</h1>
      <p class="lead">\(HTML.escaped(content.sentences.joined(separator: " ")))</p>
      <p class="notice" id="no-charts"\(hasCharts ? " hidden" : "")>\(missing)</p>
      <noscript><style>.drawn, .key { display: none; }</style><p class="notice">\(withoutScripts)</p></noscript>
      </header>
      \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
      </main>
      <script type="application/json" id="data">\(try ReportPageData(content).text())</script>
      \(library)
      <script>
      \(script)
      </script>
      <script>
      \(chartScript)
      </script>
      <script>
      \(latentScript)
      </script>
      <script>
      \(markScript)
      </script>
      <script>
      \(judgementScript)
      </script>
      <script>
      \(checkScript)
      </script>
      <script>
      \(mapScript)
      </script>
      </body>
      </html>

      """
  }
}
