
"use strict";
// The page says all it has to say without this. Here is what makes it handy: columns
// that sort, findings that can be chosen, and everything opened before it is printed.
// Values are only ever compared, and never become markup. No angle bracket and no
// ampersand stands here: the page stays well-formed XML.
(function () {
  const numbers = new Intl.Collator("en", {numeric: true, sensitivity: "base"});

  function keyOf(row, column) {
    const cell = row.cells[column];
    const key = cell.getAttribute("data-sort");
    return key === null ? cell.textContent.trim() : key;
  }

  function sortBy(table, column, down) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows, function (row) { return {row: row, key: keyOf(row, column)}; });
    rows.sort(function (a, b) { return down ? numbers.compare(b.key, a.key) : numbers.compare(a.key, b.key); });
    body.append(...rows.map(function (entry) { return entry.row; }));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of heads) { other.removeAttribute("aria-sort"); }
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sortBy(table, column, down);
      });
    });
  }

  const filter = document.getElementById("filter");
  if (filter) {
    const text = document.getElementById("filter-text");
    const severity = document.getElementById("filter-severity");
    const rule = document.getElementById("filter-rule");
    const status = document.getElementById("filter-status");
    const said = document.getElementById("filter-count");
    const openAll = document.getElementById("open-all");
    const rows = Array.from(document.getElementById("findings-table").tBodies[0].rows, function (row) {
      return {row: row, text: row.textContent.toLowerCase(), severity: Number(row.dataset.severity)};
    });

    function wanted(entry) {
      if (Math.sign(Number(severity.value) - entry.severity) === 1) { return false; }
      if (rule.value ? rule.value !== entry.row.dataset.rule : false) { return false; }
      if (status.value ? status.value !== entry.row.dataset.status : false) { return false; }
      return entry.text.includes(text.value.trim().toLowerCase());
    }

    function choose() {
      let shown = 0;
      for (const entry of rows) {
        entry.row.hidden = !wanted(entry);
        if (!entry.row.hidden) { shown++; }
      }
      said.textContent = shown + " of " + rows.length + " findings";
    }

    for (const field of [text, severity, rule, status]) { field.addEventListener("input", choose); }
    document.getElementById("filter-clear").addEventListener("click", function () {
      text.value = rule.value = status.value = "";
      severity.value = "0";
      choose();
      text.focus();
    });
    openAll.addEventListener("click", function () {
      const open = openAll.getAttribute("aria-pressed") !== "true";
      openAll.setAttribute("aria-pressed", String(open));
      for (const entry of rows) { entry.row.querySelector("details").open = open; }
    });
    document.addEventListener("keydown", function (event) {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "/" ? !typing : false) {
        event.preventDefault();
        text.focus();
      }
      if (event.key === "Escape" ? event.target === text : false) {
        text.value = "";
        choose();
      }
    });
    filter.hidden = false;
    choose();
  }

  let closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const one of closed) { one.open = true; }
  });
  window.addEventListener("afterprint", function () {
    for (const one of closed) { one.open = false; }
    closed = [];
  });
}());
