/// The one script of the page: search, filters, order and pages for the table of all changes. Without it the page can
/// be read, and shows the largest changes.
enum PlanPageScript {
  /// Texts go into the page as text and never as HTML.
  static let text = #"""
    (function () {
      "use strict";
      const byId = (id) => document.getElementById(id);
      const rowData = byId("plan-rows"), pageData = byId("plan-data"), body = byId("rows");
      if (!rowData || !pageData || !body) return;
      const rows = JSON.parse(rowData.textContent), data = JSON.parse(pageData.textContent);
      const texts = data.texts, words = data.words, labels = data.labels, size = 100;
      const C = 0, ID = 1, MAIL = 2, FROM = 3, TO = 4, HELD = 5, WANTED = 6, WHY = 7, ADD = 8, TAKE = 9;
      const whole = new Intl.NumberFormat(texts.language);
      const points = new Intl.NumberFormat(texts.language, { maximumFractionDigits: 1 });
      const word = (w) => (typeof w === "number" ? words[w] : w);
      const label = (w) => (typeof w === "number" ? labels[w] : w);
      const signed = (n, f) => (n > 0 ? "+" : n < 0 ? "\u2212" : "") + f.format(Math.abs(n));
      const move = (r) => r[TO] - (r[FROM] === null ? 0 : r[FROM]);
      const rank = (b) => (typeof b === "number" && b < data.bands ? b : Infinity);

      // Upper case, accents and đ do not matter, as in models.
      const fold = (s) =>
        /^[\x20-\x7e]*$/.test(s) ? s.toLowerCase()
          : s.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
      const keys = new Array(rows.length);
      const key = (i) => {
        if (keys[i] === undefined) {
          const r = rows[i];
          keys[i] = fold((r[MAIL] === null ? "" : r[MAIL]) + "\n" + word(r[C]) + "/" + r[ID]);
        }
        return keys[i];
      };
      const foldedWords = words.map(fold), foldedLabels = labels.map(fold);

      // --- Which rows, in which order
      const orders = {
        who: (r) => fold(r[MAIL] === null ? r[ID] : r[MAIL]), score: (r) => r[TO], move: move,
        band: (r) => rank(r[WANTED]) === Infinity ? 1e9 : rank(r[WANTED])
      };
      let order = [], sortKey = "size", falling = true, shown = [], page = 0;

      function sort() {
        const value = sortKey === "size" ? (r) => Math.abs(move(r)) : orders[sortKey];
        const values = rows.map(value), sign = falling ? -1 : 1;
        order = rows.map((_, i) => i);
        order.sort(typeof values[0] === "string"
          ? (a, b) => (values[a] < values[b] ? -sign : values[a] > values[b] ? sign : a - b)
          : (a, b) => sign * (values[a] - values[b]) || a - b);
      }

      // A word is found in the address and the id, in the label of a rule, or in a tag.
      function finder(query) {
        const parts = fold(query).split(/\s+/).filter((p) => p !== "").map((p) => ({
          text: p,
          inWord: foldedWords.map((w) => w.includes(p)), inLabel: foldedLabels.map((w) => w.includes(p))
        }));
        const has = (list, step, hits, p) => {
          for (let i = 0; i < list.length; i += step) {
            const w = list[i];
            if (typeof w === "number" ? hits[w] : fold(w).includes(p)) return true;
          }
          return false;
        };
        return (i) => parts.every((p) => key(i).includes(p.text) || has(rows[i][WHY], 2, p.inLabel, p.text)
          || has(rows[i][ADD], 1, p.inWord, p.text) || has(rows[i][TAKE], 1, p.inWord, p.text));
      }

      const kinds = {
        rise: (r) => move(r) > 0, fall: (r) => move(r) < 0, first: (r) => r[FROM] === null,
        up: (r) => r[HELD] !== null && rank(r[WANTED]) < rank(r[HELD]), down: (r) => rank(r[WANTED]) > rank(r[HELD])
      };
      const isBand = (b, wanted) => (wanted === "none" ? b === null : b === Number(wanted));

      function filter() {
        const query = byId("search").value, place = byId("connection").value, kind = byId("kind").value;
        const held = byId("held").value, wanted = byId("wanted").value;
        const finds = query.trim() === "" ? null : finder(query);
        shown = order.filter((i) => {
          const r = rows[i];
          return (place === "" || word(r[C]) === place) && (held === "" || isBand(r[HELD], held))
            && (wanted === "" || isBand(r[WANTED], wanted)) && (kind === "" || kinds[kind](r))
            && (finds === null || finds(i));
        });
        page = 0;
      }

      // --- Into the page
      function piece(name, text, kind) {
        const made = document.createElement(name);
        if (text !== null) made.textContent = text;
        if (kind) made.className = kind;
        return made;
      }
      function cell(name, role, kind, parts) {
        const made = piece(name, null, kind);
        made.setAttribute("role", role);
        made.append(...parts);
        return made;
      }
      function line(r) {
        const made = document.createElement("tr"), m = move(r);
        made.setAttribute("role", "row");
        const place = word(r[C]) + "/" + r[ID], who = cell("th", "rowheader", "w", [
          piece("bdi", r[MAIL] === null ? place : r[MAIL], "who")]);
        if (r[MAIL] !== null) {
          const small = piece("small", null);
          small.append(piece("bdi", place));
          who.append(" ", small);
        }
        who.scope = "row";
        const name = (b) => piece("bdi", b === null ? texts.noBand : word(b));
        const bold = (n) => { const b = piece("b", null); b.append(n); return b; };
        const band = r[HELD] === r[WANTED] ? [name(r[WANTED])] : [name(r[HELD]), " \u2192 ", bold(name(r[WANTED]))];
        const tags = r[ADD].map((t) => "+" + word(t)).concat(r[TAKE].map((t) => "\u2212" + word(t)));
        const why = [];
        for (let i = 0; i < r[WHY].length; i += 2) {
          why.push((i > 0 ? " \u00b7 " : "") + label(r[WHY][i]) + " ", piece("b", signed(r[WHY][i + 1], points)));
        }
        made.append(
          who,
          cell("td", "cell", "s", [
            (r[FROM] === null ? texts.empty : whole.format(r[FROM])) + " \u2192 ", piece("b", whole.format(r[TO]))]),
          cell("td", "cell", "m", [piece("span", (m > 0 ? "\u25b2 " : m < 0 ? "\u25bc " : "\u2022 ") + signed(m, whole),
            m > 0 ? "up" : m < 0 ? "down" : "same")]),
          cell("td", "cell", "b", band),
          cell("td", "cell", "t", tags.flatMap((t, i) => (i > 0 ? [" ", piece("code", t)] : [piece("code", t)]))),
          cell("td", "cell", "y", why));
        return made;
      }
      function draw() {
        const start = page * size, end = Math.min(shown.length, start + size);
        body.replaceChildren(...shown.slice(start, end).map((i) => line(rows[i])));
        const gaps = { a: start + 1, b: end, n: shown.length };
        byId("found").textContent = shown.length === 0 ? texts.nothingFound
          : texts.shown.replace(/\{(.)\}/g, (_, g) => whole.format(gaps[g]));
        const last = Math.max(0, Math.ceil(shown.length / size) - 1);
        for (const [id, isOut] of [["first", page === 0], ["previous", page === 0], ["next", page === last],
          ["last", page === last]]) byId("page-" + id).setAttribute("aria-disabled", String(isOut));
        byId("pager").hidden = last === 0;
      }
      function find() {
        filter();
        draw();
      }
      function turn(to) {
        page = Math.min(Math.max(0, to), Math.max(0, Math.ceil(shown.length / size) - 1));
        draw();
        byId("found").scrollIntoView({ block: "nearest" });
      }

      // --- What people do
      let waiting = 0;
      byId("search").addEventListener("input", () => {
        cancelAnimationFrame(waiting);
        waiting = requestAnimationFrame(find);
      });
      for (const id of ["connection", "held", "wanted", "kind"]) byId(id).addEventListener("change", find);
      byId("tools").addEventListener("reset", () => setTimeout(find, 0));
      byId("tools").addEventListener("submit", (event) => event.preventDefault());
      byId("page-first").addEventListener("click", () => turn(0));
      byId("page-previous").addEventListener("click", () => turn(page - 1));
      byId("page-next").addEventListener("click", () => turn(page + 1));
      byId("page-last").addEventListener("click", () => turn(Infinity));
      const heads = Array.from(document.querySelectorAll("#changes th[data-key]"));
      for (const head of heads) {
        const name = head.dataset.key;
        if (!orders[name]) continue;
        const button = piece("button", head.textContent, "sort");
        button.type = "button";
        button.addEventListener("click", () => {
          falling = sortKey === name ? !falling : name === "score" || name === "move";
          sortKey = name;
          for (const other of heads) other.removeAttribute("aria-sort");
          document.querySelector("#changes caption").textContent = texts.all;
          head.setAttribute("aria-sort", falling ? "descending" : "ascending");
          sort();
          find();
        });
        head.replaceChildren(button);
      }
      for (const note of document.querySelectorAll(".plain")) note.hidden = true;
      byId("tools").hidden = false;
      byId("found").hidden = false;
      sort();
      find();
      // The keys of all rows are made while nothing else is to be done, so that the first search is as fast as others.
      let next = 0;
      const idle = window.requestIdleCallback || ((work) => setTimeout(work, 50));
      const prepare = () => {
        for (const end = Math.min(rows.length, next + 5000); next < end; next++) key(next);
        if (next < rows.length) idle(prepare);
      };
      idle(prepare);
    })();
    """#
}
