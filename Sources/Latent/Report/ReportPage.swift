internal import Codecs

/// The page of a run: one HTML file that opens from disk, with the charts' library and the pictures beside it.
package enum ReportPage {
  /// Writes `index.html` and, where it was built in, `plotly.min.js` into a folder that has the content's pictures.
  ///
  /// - Throws: `CodecError` where the folder is missing or cannot be written to.
  package static func write(_ content: ReportContent, to folder: String) throws {
    let page = try html(content, hasCharts: Page.placeLibrary(in: folder))
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
      library: Page.libraryBeside(hasCharts),
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
    return Page(
      title: name, eyebrow: eyebrow, heading: name, lead: HTML.escaped(content.sentences.joined(separator: " ")),
      sections: sections, data: try ReportPageData(content).text(),
      scripts: [script, chartScript, latentScript, markScript, judgementScript, checkScript, mapScript],
      library: library, missing: missing, withoutScripts: withoutScripts
    ).html
  }
}
