/// The sections with charts and pictures.
extension ReportPage {
  /// −ELBO and its terms over epochs, then what was scheduled.
  static func curves(_ content: ReportContent) -> String {
    let data = ReportPageData(content)
    guard let total = data.curves.first else { return "" }
    let isValidated = !total.validation.isEmpty
    let key =
      (isValidated ? "<span class=\"line validation\">validation</span> " : "")
      + "<span class=\"line training\">training</span>"
      + (data.best.map { " <span class=\"line best\">best weights: epoch \(text($0))</span>" } ?? "")
    func figure(_ curve: ReportPageData.Curve, kind: String) -> String {
      HTML.chart(
        curve.id, title: curve.name.prefix(1).uppercased() + curve.name.dropFirst(),
        description: description(of: curve, epochs: data.epochs.count), kind: kind)
    }
    let terms = data.curves.dropFirst().map { figure($0, kind: "small") }
    let schedules = data.schedules.map { figure($0, kind: "small low") }
    return HTML.section(
      "Curves", id: "curves", isDrawn: true,
      """
      <p class="about">Nats per row. Training terms are means over an epoch while the weights changed\
      \(isValidated ? "; validation terms are of the weights at its end" : "; no rows were held out").\
      <span class="with-pointer"> Drag to zoom, double-click to see everything.</span></p>
      <div class="key"><span class="keys">\(key)</span>
      <button type="button" id="beyond" aria-pressed="false" hidden>First epochs in full</button></div>
      \(figure(total, kind: "large"))
      <div class="pair">\(terms.joined(separator: "\n"))\n\(schedules.joined(separator: "\n"))</div>
      """)
  }

  private static func description(of curve: ReportPageData.Curve, epochs: Int) -> String {
    func course(_ name: String, _ values: [Double?]) -> String {
      guard let first = values.first, let last = values.last else { return "" }
      return " \(name) from \(text(first ?? .nan)) to \(text(last ?? .nan))."
    }
    let isSchedule = curve.id.hasPrefix("schedule")
    return "\(curve.name) over \(epochs) \(epochs == 1 ? "epoch" : "epochs")."
      + course(isSchedule ? "It goes" : "Training goes", curve.training) + course("Validation goes", curve.validation)
  }

  /// Reconstructions beside originals and draws from the prior.
  static func pictures(_ content: ReportContent) -> String {
    func figure(_ file: String, _ description: String) -> String {
      "<figure class=\"sheet\"><img src=\"\(HTML.escaped(file))\" alt=\"\(description)\"></figure>"
    }
    let part = HTML.escaped(content.part)
    let reconstructions =
      content.reconstructions.isEmpty
      ? ""
      : HTML.section(
        "Reconstructions", id: "reconstructions",
        "<p class=\"about\">Rows of the data above, what the model makes of each right below.</p>\n"
          + figure(content.reconstructions, "Pairs of pictures: \(part) rows above, their reconstructions below"))
    let samples =
      content.samples.isEmpty
      ? ""
      : HTML.section(
        "Samples", id: "samples",
        "<p class=\"about\">Decoded draws from the prior: what the model thinks the data are like.</p>\n"
          + figure(content.samples, "Pictures decoded from draws of the prior"))
    return [reconstructions, samples].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The divergence of each latent.
  static func latents(_ content: ReportContent) -> String {
    let evaluation = content.evaluation
    guard !evaluation.divergencePerLatent.isEmpty else { return "" }
    let isKnown = content.evaluation.activityPerLatent.count == evaluation.divergencePerLatent.count
    let units = "\(text(evaluation.activeUnits)) of \(text(evaluation.latents))"
    let meaning =
      "when the mean of its posterior varies over rows by more than \(text(Evaluation.activityThreshold)) (variance)"
    let key =
      isKnown
      ? "<p class=\"key\" aria-hidden=\"true\"><span class=\"box active\">active</span> <span class=\"box\">inactive</span></p>"
      : ""
    return HTML.section(
      "Divergence per latent", id: "latents", isDrawn: true,
      """
      <p class="about">What each latent carries, nats per row, the largest first. A latent is active \(meaning); \(units) are. \
      An inactive one stays near the prior and tells the decoder nothing.</p>
      \(key)
      \(HTML.chart("latent-bars", description: "Bars: the divergence of each latent. \(units) latents are active.", kind: "large"))
      """)
  }

  /// The posterior means of rows in a plane.
  static func map(_ content: ReportContent) -> String {
    let map = content.map
    guard !map.x.isEmpty else { return "" }
    let isLabelled = map.labels.count == map.x.count
    let classes = Set(map.labels).count
    let colours =
      isLabelled ? " Colours and shapes are labels; a click on one hides it, a double click shows only that one." : ""
    let description =
      "\(text(map.x.count)) points: posterior means of rows" + (isLabelled ? " of \(classes) labels" : "")
      + (map.axes.isEmpty ? "." : ", by \(map.axes.joined(separator: " and ")).")
    return HTML.section(
      "Map of the latents", id: "map", isDrawn: true,
      """
      <p class="about">The posterior means of \(text(map.x.count)) rows.\(colours)<span id="two-scales" hidden> The two axes have different scales.</span></p>
      <div class="legend" id="map-legend" role="group" aria-label="Labels shown" hidden></div>
      \(HTML.chart("latent-map", description: description, kind: "large"))
      """)
  }
}
