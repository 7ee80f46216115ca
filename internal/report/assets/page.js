
"use strict";
// The page says all it has to say without this. Here is what makes it handy: columns
// that sort, findings that can be chosen, and everything opened before it is printed.
// Values are only ever compared, and never become markup. No angle bracket and no
// ampersand stands here: the page stays well-formed XML.
(function () {
  const numbers = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
  const step = 200;      // findings that are shown at first, and more at a time
  const orders = {};     // who keeps the rows of a table, by its id, and sorts them

  function keyOf(row, column) {
    const cell = row.cells[column];
    const key = cell.getAttribute("data-sort");
    return key === null ? cell.textContent.trim() : key;
  }

  function sorted(rows, column, down) {
    const entries = rows.map(function (row) { return {row: row, key: keyOf(row, column)}; });
    entries.sort(function (a, b) { return down ? numbers.compare(b.key, a.key) : numbers.compare(a.key, b.key); });
    return entries.map(function (entry) { return entry.row; });
  }

  function sortBy(table, column, down) {
    const body = table.tBodies[0];
    if (orders[table.id]) {
      orders[table.id](column, down);
    } else {
      body.append(...sorted(Array.from(body.rows), column, down));
    }
  }

  // Numbers and severities begin with the largest.
  function sortNext(head) {
    const now = head.getAttribute("aria-sort");
    if (now) { return now === "ascending"; }
    return head.classList.contains("number") ? true : head.textContent === "Severity";
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", function () {
        const down = sortNext(head);
        for (const other of heads) { other.removeAttribute("aria-sort"); }
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sortBy(table, column, down);
      });
    });
  }

  const filter = document.getElementById("filter");
  if (filter) { chooseFindings(); }

  function chooseFindings() {
    const text = document.getElementById("filter-text");
    const severity = document.getElementById("filter-severity");
    const rule = document.getElementById("filter-rule");
    const status = document.getElementById("filter-status");
    const said = document.getElementById("filter-count");
    const printed = document.getElementById("filter-said");
    const openAll = document.getElementById("open-all");
    const more = document.getElementById("more");
    const body = document.getElementById("findings-table").tBodies[0];
    const texts = new Map();
    let rows = Array.from(body.rows);
    let room = step;

    function textOf(row) {
      if (!texts.has(row)) { texts.set(row, row.textContent.toLowerCase()); }
      return texts.get(row);
    }

    function wanted(row, words) {
      if (Math.sign(Number(severity.value) - Number(row.dataset.severity)) === 1) { return false; }
      if (rule.value ? rule.value !== row.dataset.rule : false) { return false; }
      if (status.value ? status.value !== row.dataset.status : false) { return false; }
      return words === "" ? true : textOf(row).includes(words);
    }

    // What is chosen is also said in words, for paper.
    function inWords() {
      const parts = [];
      for (const field of [severity, rule, status]) {
        if (field.selectedIndex !== 0) { parts.push(field.selectedOptions[0].textContent); }
      }
      if (text.value.trim()) { parts.push("with \u201c" + text.value.trim() + "\u201d"); }
      return parts.join(", ");
    }

    // Only what is shown stays in the page, so that ten thousand findings are no burden.
    function choose() {
      const words = text.value.trim().toLowerCase();
      const chosen = rows.filter(function (row) { return wanted(row, words); });
      const shown = chosen.slice(0, room);
      body.replaceChildren(...shown);
      const all = rows.length + (rows.length === 1 ? " finding" : " findings");
      said.textContent = chosen.length + " of " + all + (shown.length === chosen.length ? "" : ", the first " + shown.length + " shown");
      more.hidden = shown.length === chosen.length;
      printed.hidden = inWords() === "";
      printed.textContent = "Chosen: " + inWords() + ". These are " + chosen.length + " of " + all + ".";
    }

    function chooseAnew() {
      room = step;
      choose();
    }

    for (const field of [text, severity, rule, status]) { field.addEventListener("input", chooseAnew); }
    document.getElementById("filter-clear").addEventListener("click", function () {
      text.value = rule.value = status.value = "";
      severity.value = "0";
      chooseAnew();
      text.focus();
    });
    document.getElementById("more-some").addEventListener("click", function () {
      room += step;
      choose();
    });
    document.getElementById("more-all").addEventListener("click", function () {
      room = Infinity;
      choose();
    });
    openAll.addEventListener("click", function () {
      const open = openAll.getAttribute("aria-pressed") !== "true";
      openAll.setAttribute("aria-pressed", String(open));
      for (const row of rows) { row.querySelector("details").open = open; }
    });
    document.addEventListener("keydown", function (event) {
      const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
      if (event.key === "/" ? !typing : false) {
        event.preventDefault();
        text.focus();
      }
      if (event.key === "Escape" ? event.target === text : false) {
        text.value = "";
        chooseAnew();
      }
    });
    // Paper has room for all that is chosen.
    let before = step;
    window.addEventListener("beforeprint", function () {
      before = room;
      room = Infinity;
      choose();
    });
    window.addEventListener("afterprint", function () {
      room = before;
      choose();
    });
    orders["findings-table"] = function (column, down) {
      rows = sorted(rows, column, down);
      choose();
    };
    for (const row of rows) { row.classList.remove("late"); }
    filter.hidden = false;
    choose();
  }

  // Whatever a link leads to is opened. No id has a character that an address escapes,
  // and one that somebody has cut within an escape is no reason to stop.
  function openTarget() {
    const target = document.getElementById(location.hash.slice(1));
    const row = target ? target.closest("tr") : null;
    if (row) { row.querySelector("details").open = true; }
  }
  window.addEventListener("hashchange", openTarget);
  openTarget();

  let closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.from(document.querySelectorAll("main details:not([open])"));
    for (const one of closed) { one.open = true; }
  });
  window.addEventListener("afterprint", function () {
    for (const one of closed) { one.open = false; }
    closed = [];
  });
}());
