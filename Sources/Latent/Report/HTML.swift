/// Pieces of HTML.
enum HTML {
  /// Text that a browser shows as it is, within elements and quoted attributes.
  static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 64 && #"<>&"'"#.utf8.contains($0) }) else { return text }
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }

  /// A table whose first cell in each row names it, in a box of its own that scrolls.
  ///
  /// - Parameter label: What the table is, for those who hear the page.
  /// - Parameter rows: Cells of text; they are escaped here, as are the headers.
  static func table(_ label: String, header: [String], rows: [[String]], marked: (Int) -> Bool = { _ in false })
    -> String
  {
    let head = header.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let body = rows.enumerated().map { index, cells in
      let first = cells.first.map { "<th scope=\"row\">\(escaped($0))</th>" } ?? ""
      let rest = cells.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
      return "<tr\(marked(index) ? " class=\"marked\"" : "")>\(first)\(rest)</tr>"
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(escaped(label))">
      <table><thead><tr>\(head)</tr></thead><tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  /// A section with its heading; empty where it has no content.
  ///
  /// - Parameter isDrawn: Whether nothing is left of it without charts.
  static func section(_ heading: String, id: String, isDrawn: Bool = false, _ content: String) -> String {
    content.isEmpty
      ? ""
      : """
      <section id="\(id)" aria-labelledby="\(id)-title"\(isDrawn ? " class=\"drawn\"" : "")>
      <h2 id="\(id)-title">\(heading)</h2>
      \(content)
      </section>
      """
  }

  /// A chart to be drawn, under its title.
  ///
  /// - Parameter description: What it shows, for those who cannot see it.
  static func chart(_ id: String, title: String = "", description: String, kind: String = "") -> String {
    let heading = title.isEmpty ? "" : "<h3>\(escaped(title))</h3>"
    return """
      <figure class="chart-figure \(kind)" hidden>\(heading)\
      <div class="chart" id="\(id)" role="img" aria-label="\(escaped(description))"></div></figure>
      """
  }
}
