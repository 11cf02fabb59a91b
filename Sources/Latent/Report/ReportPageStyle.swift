/// The page's look: one column, the reader's own typeface, light or dark as the reader's system is.
extension ReportPage {
  static let style = #"""
    :root {
      color-scheme: light dark;
      --paper: #ffffff; --soft: #f5f6f8; --ink: #1b1e23; --muted: #596069; --line: #dde1e6; --grid: #eceff2;
      --first: #0a62a8; --second: #b6560b; --idle: #8b939d; --warn: #fdf5e4; --warn-line: #b97a10;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171b; --soft: #1c2026; --ink: #e7e9ec; --muted: #a2a9b3; --line: #323942; --grid: #262c34;
        --first: #6db5f2; --second: #f0a15c; --idle: #747e8a; --warn: #2a2415; --warn-line: #d9a441;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
      font-variant-numeric: tabular-nums;
    }
    main { max-width: 1128px; margin: 0 auto; padding: 56px 24px 96px; }
    h1, h2, h3 { font-weight: 600; line-height: 1.2; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
    h1 { font-size: 2.25rem; letter-spacing: -0.015em; }
    h2 { font-size: 1.375rem; letter-spacing: -0.005em; }
    h3 { font-size: 0.9375rem; }
    p, dl, dd, figure, ul { margin: 0; padding: 0; }
    section { margin-top: 72px; }
    :focus-visible { outline: 2px solid var(--first); outline-offset: 3px; border-radius: 2px; }
    .eyebrow { color: var(--muted); font-size: 0.875rem; margin-bottom: 8px; }
    .lead { font-size: 1.125rem; max-width: 68ch; text-wrap: pretty; margin-top: 16px; }
    .about { color: var(--muted); max-width: 74ch; text-wrap: pretty; margin: 8px 0 20px; }
    .notice { margin-top: 20px; color: var(--muted); border-left: 3px solid var(--line); padding-left: 14px; }

    .numbers {
      display: grid; gap: 32px; grid-template-columns: repeat(5, 1fr); border-top: 1px solid var(--line);
      padding-top: 20px;
    }
    .numbers + .numbers { margin-top: 32px; }
    .lead-numbers { grid-template-columns: repeat(2, 1fr); }
    .numbers dt { font-size: 0.9375rem; color: var(--muted); }
    .numbers .value { font-size: 1.5rem; font-weight: 600; line-height: 1.3; letter-spacing: -0.01em; }
    .lead-numbers .value { font-size: 2.25rem; letter-spacing: -0.02em; }
    .numbers .error {
      font-size: 0.58em; font-weight: 400; color: var(--muted); letter-spacing: 0; white-space: nowrap;
    }
    .numbers .note { font-size: 0.8125rem; line-height: 1.45; color: var(--muted); margin-top: 4px; max-width: 52ch; }
    .numbers sub { font-size: 0.75em; line-height: 0; }
    .parts { display: flex; height: 28px; border-radius: 4px; overflow: hidden; gap: 2px; margin-bottom: 24px; }
    .part { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 4px; }
    .part-1 { background: var(--first); }
    .part-2 { background: var(--second); }
    .part-3 { background: var(--idle); }
    .warnings { list-style: none; margin-top: 32px; display: grid; gap: 8px; }
    .warnings li {
      background: var(--warn); border-left: 3px solid var(--warn-line); padding: 10px 16px; max-width: 90ch;
    }

    .key {
      display: flex; flex-wrap: wrap; gap: 4px 24px; font-size: 0.875rem; color: var(--muted); margin-bottom: 16px;
    }
    .keys { display: contents; }
    .key { align-items: center; min-height: 32px; }
    .key span:not(.keys)::before { content: ""; display: inline-block; vertical-align: middle; margin: -2px 8px 0 0; }
    .key .line::before { width: 24px; border-top: 2px solid var(--first); }
    .key .training::before { border-color: var(--second); }
    .key .best::before { border-top: 2px dotted var(--ink); }
    .key .box::before { width: 12px; height: 12px; background: var(--idle); }
    .key .active::before { background: var(--first); }
    .key .dot::before { width: 11px; height: 11px; border-radius: 50%; border: 2px solid var(--ink); }
    .key .samples::before { background: var(--first); border-color: var(--first); }
    .without-charts .drawn, .without-charts .key { display: none; }
    .chart { width: 100%; height: 360px; }
    .small .chart { height: 250px; }
    .low .chart { height: 180px; }
    #curves > .chart-figure + .chart-figure { margin-top: 28px; }
    .square .chart { height: min(520px, 90vw); }
    .pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 32px 40px; margin-top: 32px; }
    .judged { display: grid; grid-template-columns: minmax(0, 1fr); gap: 32px; }
    .judged + .about { margin-top: 20px; }
    .about.between { margin: 24px 0 14px; }
    .pair + .chart-figure, .after-table { margin-top: 24px; }
    .tall { max-height: 720px; overflow-y: auto; margin-bottom: 24px; }
    #latent-map { height: min(680px, 90vw); }
    .legend {
      display: flex; flex-wrap: wrap; gap: 6px; max-height: 200px; overflow-y: auto; margin-bottom: 12px;
      padding: 4px 0;
    }
    .legend[hidden] { display: none; }
    button {
      font: inherit; font-size: 0.875rem; color: var(--ink); background: var(--paper); border: 1px solid var(--line);
      border-radius: 6px; padding: 3px 10px; cursor: pointer; display: inline-flex; align-items: center; gap: 7px;
    }
    button:hover { background: var(--soft); }
    button[aria-pressed="true"] { background: var(--soft); }
    .legend button { background: var(--paper); }
    .legend button[aria-pressed="false"] { color: var(--muted); text-decoration: line-through; }
    .legend button[aria-pressed="false"] svg { opacity: 0.3; }
    button[hidden] { display: none; }
    .sheet figcaption { color: var(--muted); font-size: 0.875rem; margin: 2px 0 10px; }
    .about.after { margin: 14px 0 0; }
    .sheet img { display: block; max-width: 100%; height: auto; image-rendering: pixelated; border-radius: 3px; }

    .scroll {
      overflow: auto; width: fit-content; max-width: 100%; max-height: 560px; border: 1px solid var(--line);
      border-radius: 6px;
    }
    table { border-collapse: separate; border-spacing: 0; font-size: 0.875rem; }
    th, td { padding: 6px 18px; text-align: right; white-space: nowrap; font-weight: 400; }
    th:first-child {
      text-align: left; position: sticky; left: 0; background: var(--paper); max-width: 40vw; overflow: hidden;
      text-overflow: ellipsis;
    }
    thead th {
      position: sticky; top: 0; z-index: 1; background: var(--soft); color: var(--muted);
      border-bottom: 1px solid var(--line);
    }
    thead th:first-child { z-index: 2; background: var(--soft); }
    tbody tr + tr > * { border-top: 1px solid var(--grid); }
    tr.marked > * { background: var(--soft); font-weight: 600; }
    .paired tbody tr:nth-child(even) > * { border-top: 0; padding-top: 0; color: var(--first); }
    .paired tbody tr:nth-child(odd) > * { padding-bottom: 2px; }
    .paired tbody tr:nth-child(even) > th { padding-left: 28px; }

    .facts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); column-gap: 40px; margin-top: 16px; }
    .facts div {
      display: flex; gap: 16px; justify-content: space-between; border-top: 1px solid var(--grid); padding: 7px 0;
    }
    .facts dt { color: var(--muted); flex: none; max-width: 50%; }
    .facts dd { text-align: right; overflow-wrap: anywhere; min-width: 0; }
    details { border-top: 1px solid var(--line); }
    details:first-of-type { margin-top: 16px; }
    details:last-of-type { border-bottom: 1px solid var(--line); }
    details[open] { padding-bottom: 24px; }
    summary { padding: 12px 0; cursor: pointer; }
    details h3 { margin: 20px 0 8px; }
    .code { position: relative; }
    .code button { position: absolute; top: 10px; right: 10px; }
    pre {
      margin: 0; padding: 16px 20px; background: var(--soft); border-radius: 6px; overflow: auto; max-height: 560px;
      font: 0.8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    }
    @media (max-width: 860px) {
      .numbers { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px; }
      .pair, .facts { grid-template-columns: minmax(0, 1fr); }
    }
    @media (max-width: 560px) {
      main { padding: 32px 16px 64px; }
      section { margin-top: 56px; }
      h1 { font-size: 1.75rem; }
      .lead { font-size: 1rem; }
      .lead-numbers { grid-template-columns: minmax(0, 1fr); }
      .chart { height: 280px; }
      .small .chart { height: 220px; }
      .low .chart { height: 180px; }
      th, td { padding: 6px 10px; }
    }
    @media (hover: none) { .with-pointer { display: none; } }
    @media print { section { break-inside: avoid; } .scroll, pre, .tall { max-height: none; } }
    """#
}
