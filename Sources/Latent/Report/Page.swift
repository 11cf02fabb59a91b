internal import CAssets
internal import Codecs

/// What every page is made of: one HTML file that opens from disk and draws its charts from the data it carries.
///
/// All texts are HTML already.
struct Page {
  /// The window's title.
  var title: String
  /// What kind of page this is.
  var eyebrow: String
  /// Its heading.
  var heading: String
  /// The sentences below it.
  var lead: String
  /// What it shows; empty ones are left out.
  var sections: [String]
  /// What its charts are drawn from, as JSON.
  var data: String
  /// What draws them, in order.
  var scripts: [String]
  /// The element that brings the charts' library; empty where there is none.
  var library: String
  /// What to tell readers whose page has no charts' library.
  var missing = "The charts need the file plotly.min.js beside this page, which is not there."
  /// What to tell readers without JavaScript.
  var withoutScripts = "The charts need JavaScript."

  /// The element that brings the library from beside the page; empty where it was not put there.
  static func libraryBeside(_ hasCharts: Bool) -> String { hasCharts ? "<script src=\"plotly.min.js\"></script>" : "" }

  /// Puts the charts' library into a page's folder, where it was built in; whether it was.
  ///
  /// - Parameter folder: Empty for the one that the process is in.
  /// - Throws: A codec's error where it cannot be written.
  static func placeLibrary(in folder: String) throws -> Bool {
    let plotly = ct_asset_plotly()
    guard plotly.count > 0 else { return false }
    try AtomicFile.write(to: folder.isEmpty ? "plotly.min.js" : "\(folder)/plotly.min.js") {
      try $0.append(UnsafeRawBufferPointer(start: plotly.bytes, count: plotly.count))
    }
    return true
  }

  /// The whole file.
  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(title) – Latent</title>
    <link rel="icon" href="data:,">
    <style>
    \(ReportPage.style)
    </style>
    </head>
    <body\(library.isEmpty ? " class=\"without-charts\"" : "")>
    <main>
    <header>
    <p class="eyebrow">Latent · \(eyebrow)</p>
    <h1>\(heading)</h1>
    <p class="lead">\(lead)</p>
    <p class="notice" id="no-charts"\(library.isEmpty ? "" : " hidden")>\(missing)</p>
    <noscript><style>.drawn, .key { display: none; }</style><p class="notice">\(withoutScripts)</p></noscript>
    </header>
    \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
    </main>
    <script type="application/json" id="data">\(data)</script>
    \(library)
    \(scripts.map { "<script>\n\($0)\n</script>" }.joined(separator: "\n"))
    </body>
    </html>

    """
  }
}
