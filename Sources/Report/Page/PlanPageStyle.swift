/// How the page looks: light and dark, on paper, from a phone to a wide screen. All colours of texts have a contrast
/// of at least 4.5 to 1 with what lies behind them, in both themes.
enum PlanPageStyle {
  /// The one style sheet of the page.
  static let text = """
    :root { color-scheme: light dark; --back: #fff; --raised: #f6f8fa; --line: #d1d9e0; --text: #1f2328;
      --quiet: #59636e; --link: #0550ae; --up: #116329; --down: #a40e26; --same: #59636e; --bar: #0969da;
      --hollow: #59636e; --warn-back: #fff1e5; --warn-line: #bc4c00; --focus: #0969da; }
    @media (prefers-color-scheme: dark) { :root { --back: #0d1117; --raised: #161b22; --line: #30363d;
      --text: #e6edf3; --quiet: #9da7b1; --link: #79c0ff; --up: #56d364; --down: #ff8a82; --same: #9da7b1;
      --bar: #58a6ff; --hollow: #9da7b1; --warn-back: #341a00; --warn-line: #db6d28; --focus: #58a6ff; } }
    * { box-sizing: border-box; }
    html { font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; }
    body { margin: 0 auto; padding: 1.5rem clamp(1rem, 4vw, 3rem) 3rem; max-width: 84rem; background: var(--back);
      color: var(--text); overflow-wrap: break-word; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 2.5rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
    p { margin: 0 0 .75rem; max-width: 48rem; }
    a { color: var(--link); }
    small { color: var(--quiet); font-size: .85em; font-weight: 400; }
    code { font: .88em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; background: var(--raised);
      border: 1px solid var(--line); border-radius: 4px; padding: .05em .35em; overflow-wrap: anywhere; }
    small code, dd code { background: none; border: 0; padding: 0; }
    .lead { font-size: 1.15rem; }
    .note, footer { color: var(--quiet); font-size: .9rem; }
    footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); }
    .facts { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0 0 1rem; }
    .facts div { display: flex; gap: .5rem; flex-wrap: wrap; }
    .facts dt { color: var(--quiet); }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    .cards { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
      margin: 0 0 1rem; padding: 0; }
    .cards li { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; padding: .75rem 1rem; }
    .cards strong { display: block; font-size: 1.6rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
    .cards span { color: var(--quiet); font-size: .9rem; }
    header nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; }
    header nav a { display: inline-block; padding: .25rem 0; }
    .alert { background: var(--warn-back); border: 1px solid var(--warn-line); border-left-width: 6px; border-radius: 6px;
      padding: .75rem 1rem; margin: 1rem 0; max-width: none; }
    .scroll { overflow-x: auto; margin: 0 0 1rem; }
    table { border-collapse: collapse; width: 100%; font-size: .95rem; }
    caption { text-align: left; font-weight: 600; padding: 0 0 .5rem; }
    .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    th, td { text-align: left; vertical-align: top; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { color: var(--quiet); font-size: .85rem; font-weight: 600; vertical-align: bottom; }
    tbody th { font-weight: 400; }
    tfoot th, tfoot td { font-weight: 600; border-bottom: 0; }
    .n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    td small { white-space: nowrap; }
    .who { overflow-wrap: anywhere; }
    .up { color: var(--up); } .down { color: var(--down); } .same { color: var(--same); } .first { color: var(--link); }
    .m, .s { font-variant-numeric: tabular-nums; white-space: nowrap; }
    figure { margin: 0 0 1rem; }
    .pair { display: grid; gap: 1rem 3rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
    @media (min-width: 60rem) { .pair { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
    svg.flow, svg.scores { display: block; width: 100%; max-width: 32rem; height: auto; overflow: visible; }
    svg text { fill: var(--text); font: 13px system-ui, "Noto Sans", sans-serif; }
    svg .name { font-weight: 600; } svg .side, svg .count, svg .tick { fill: var(--quiet); font-size: 12px; }
    .block { fill: var(--text); }
    .stream { fill: var(--same); opacity: .35; } .stream.up { fill: var(--up); opacity: .7; }
    .stream.down { fill: var(--down); opacity: .7; }
    .stream.first { fill: var(--bar); opacity: .6; }
    .stream:hover { opacity: 1; }
    .grid { stroke: var(--line); }
    rect.before { fill: var(--back); stroke: var(--hollow); stroke-width: 1.5; } rect.after { fill: var(--bar); }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: .5rem 0 0; padding: 0;
      font-size: .9rem; }
    .legend .before::before, .legend .after::before { content: ""; display: inline-block; width: .8em; height: .8em;
      margin-right: .4em; border: 2px solid var(--hollow); }
    .legend .after::before { background: var(--bar); border-color: var(--bar); }
    .bar { width: 5rem; height: .6rem; vertical-align: baseline; } .bar .rail { fill: var(--line); }
    .bar .fill { fill: var(--bar); } .bar.blown .fill { fill: var(--down); }
    .share { white-space: nowrap; }
    summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
    #tools { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; align-items: end;
      margin: 0 0 .75rem; }
    #tools[hidden] { display: none; }
    #tools label { display: block; color: var(--quiet); font-size: .85rem; }
    #tools .query { grid-column: span 2; }
    input, select, button { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--quiet);
      border-radius: 6px; padding: .45rem .6rem; min-height: 2.5rem; }
    #tools input, #tools select { display: block; width: 100%; margin-top: .2rem; }
    ::placeholder { color: var(--quiet); opacity: 1; }
    button { cursor: pointer; background: var(--raised); }
    button[aria-disabled=true] { cursor: default; color: var(--quiet); border-color: var(--line); }
    button.sort { background: none; border: 0; padding: .2rem 0; min-height: 0; color: var(--link); font-weight: 600;
      text-align: left; }
    button.sort::after { content: " ↕"; } [aria-sort=ascending] .sort::after { content: " ↑"; }
    [aria-sort=descending] .sort::after { content: " ↓"; }
    :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
    #found { font-variant-numeric: tabular-nums; color: var(--quiet); }
    #pager { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; } #pager[hidden] { display: none; }
    .t code { background: none; border: 0; padding: 0; color: var(--quiet); white-space: nowrap; }
    .n + td:not(.n), .n + th:not(.n) { padding-left: 1rem; }
    @media (max-width: 47.99rem) {
      .wide { min-width: 44rem; }
      .people, .people tbody, .people thead { display: block; }
      .people tr { display: grid; grid-template-columns: 1fr auto; gap: .1rem 1rem; padding: .6rem 0;
        border-bottom: 1px solid var(--line); }
      .people thead tr { display: flex; flex-wrap: wrap; }
      .people:not(.main) thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .people th, .people td { border: 0; padding: 0; }
      .people .w { grid-column: 1; grid-row: 1; } .people .m { grid-column: 2; grid-row: 1; text-align: right; }
      .people .b { grid-column: 1; grid-row: 2; } .people .s { grid-column: 2; grid-row: 2; text-align: right; }
      .people .y, .people .t { grid-column: 1 / -1; color: var(--quiet); font-size: .9rem; }
      .people .t:empty, .people .y:empty { display: none; }
    }
    @media (min-width: 48rem) {
      .people { table-layout: fixed; } .people th:nth-child(1) { width: 27%; } .people th:nth-child(2) { width: 9rem; }
      .people th:nth-child(3) { width: 6.5rem; } .people th:nth-child(4) { width: 10rem; }
      .people.main th:nth-child(5) { width: 14%; } .people .t code { white-space: normal; }
    }
    @media print {
      :root { --back: #fff; --raised: #fff; --line: #aaa; --text: #000; --quiet: #333; --link: #000; --up: #116329;
        --down: #a40e26; --same: #333; --bar: #333; --hollow: #333; --warn-back: #fff; --warn-line: #000; }
      html { font-size: 10pt; } body { padding: 0; max-width: none; }
      header nav, #tools, #pager, summary { display: none; }
      h2, h3, caption { break-after: avoid; } tr, figure, .cards li { break-inside: avoid; }
      h2 { margin-top: 1.2rem; } th, td { padding-top: .2rem; padding-bottom: .2rem; }
      .pair { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } .scroll { overflow: visible; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }
    """
}
