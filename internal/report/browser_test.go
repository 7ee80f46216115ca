//go:build embedded

package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// The page in a real browser, opened from a file as an administrator does. All share
// one browser, since its start costs more than most of them.
func TestBrowser(t *testing.T) {
	b := openBrowser(t)
	page := write(t, report.HTML, sample(), true)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *browser)
	}{
		{"outline", checkOutline}, {"filter", checkFilter}, {"sort", checkSort}, {"keyboard", checkKeyboard}, {"map", checkMap}, {"links", checkLinks},
		{"themes", checkThemes}, {"narrow", checkNarrow}, {"picture", checkPicture}, {"paper", checkPaper},
	} {
		t.Run(test.name, func(t *testing.T) {
			b.logged(t, "performance") // what was before is no matter of this test
			b.show(t, page)
			test.run(t, b)
			checkQuiet(t, b)
		})
	}
	t.Run("hostile", func(t *testing.T) { checkHostile(t, b) })
	t.Run("many", func(t *testing.T) { checkMany(t, b) })
}

// checkQuiet fails if the page has complained, or asked anybody for anything.
func checkQuiet(t *testing.T, b *browser) {
	t.Helper()
	if said := b.logged(t, "browser"); len(said) > 0 {
		t.Errorf("the console says %q", said)
	}
	for _, text := range b.logged(t, "performance") {
		var event struct {
			Message struct {
				Method string
				Params struct {
					DocumentURL string
					Request     struct{ URL string }
				}
			}
		}
		if err := json.Unmarshal([]byte(text), &event); err != nil {
			t.Fatal(err)
		}
		asked := event.Message.Params
		if event.Message.Method == "Network.requestWillBeSent" && strings.HasPrefix(asked.DocumentURL, "file:") && asked.Request.URL != asked.DocumentURL {
			t.Errorf("the page asks for %s", asked.Request.URL)
		}
	}
	if n := b.text(t, `return performance.getEntriesByType("resource").length`); n != "0" {
		t.Errorf("the page has loaded %s things", n)
	}
}

// outlineScript tells what the page is made of as assistive technology meets it.
const outlineScript = `
const lines = [];
function visible(e) { return e.checkVisibility({visibilityProperty: true}); }
for (const e of document.querySelectorAll("header, nav, main, footer, section, h1, h2, figure, svg[role], table, [role=search], [role=status], .headline, details.server, details.share")) {
  if (!visible(e)) { continue; }
  const name = e.tagName.toLowerCase();
  const text = function () { return e.textContent.replace(/\s+/g, " ").trim(); };
  if (/^h[12]$/.test(name) || e.className === "headline" || e.classList.contains("headline")) { lines.push(name + " " + text()); continue; }
  if (name === "table") {
    const heads = Array.from(e.tHead.rows[0].cells, function (c) { return c.textContent; });
    lines.push("table " + heads.join(" | ") + ": " + Array.from(e.tBodies[0].rows).filter(visible).length + " rows");
    continue;
  }
  if (name === "details") { lines.push(e.className + " " + e.querySelector("summary").textContent.replace(/\s+/g, " ").trim()); continue; }
  const label = e.getAttribute("aria-label") || (e.getAttribute("aria-labelledby") ? document.getElementById(e.getAttribute("aria-labelledby")).textContent : "");
  if (name === "nav" || e.getAttribute("role") === "status") { lines.push(name + " " + label + ": " + text()); continue; }
  lines.push((name + " " + (e.getAttribute("role") || "") + " " + label).replace(/\s+/g, " ").trim());
}
return lines.join("\n") + "\n";`

// What the page is made of stands in testdata.
func checkOutline(t *testing.T, b *browser) {
	got := b.text(t, outlineScript)
	path := filepath.Join("testdata", "sample.outline")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || got != string(want) {
		t.Errorf("%s is not what the page is made of (%v):\n%s", path, err, got)
	}
}

// shown are the logins of the findings that can be seen, and what the page says of
// their number.
func shown(t *testing.T, b *browser) string {
	t.Helper()
	return b.text(t, `return Array.from(document.querySelectorAll("#findings-table tbody tr")).filter(function (r) { return r.checkVisibility(); })
		.map(function (r) { return r.cells[2].textContent; }).join(" ") + ": " + document.getElementById("filter-count").textContent;`)
}

func checkShown(t *testing.T, b *browser, after, want string) {
	t.Helper()
	if got := shown(t, b); got != want {
		t.Errorf("%s: got %q, want %q", after, got, want)
	}
}

// pick chooses an entry of a list as a person does.
func pick(t *testing.T, b *browser, list, value string) {
	t.Helper()
	b.ask(t, nil, `const list = document.getElementById(arguments[0]); list.value = arguments[1]; list.dispatchEvent(new Event("input", {bubbles: true}));`, list, value)
}

// The filter narrows the findings by text, which may stand in what is folded away, and
// by severity, rule and status, and tells how many are left.
func checkFilter(t *testing.T, b *browser) {
	all := "carol alice dave svc: 4 of 4 findings"
	checkShown(t, b, "at first", all)
	b.press(t, "/", "alice")
	checkShown(t, b, "/ and alice", "alice dave: 2 of 4 findings")
	b.press(t, keyEscape)
	checkShown(t, b, "Escape", all)
	b.press(t, "CN=CAROL")
	checkShown(t, b, "a DN in capitals", "carol: 1 of 4 findings")
	b.press(t, "x")
	checkShown(t, b, "what nothing has", ": 0 of 4 findings")
	b.ask(t, nil, `document.getElementById("filter-clear").click()`)
	checkShown(t, b, "reset", all)
	pick(t, b, "filter-severity", "4")
	checkShown(t, b, "high and above", "carol alice dave: 3 of 4 findings")
	pick(t, b, "filter-rule", "X01")
	checkShown(t, b, "and X01", "alice dave: 2 of 4 findings")
	pick(t, b, "filter-severity", "0")
	pick(t, b, "filter-rule", "")
	pick(t, b, "filter-status", "suppressed")
	checkShown(t, b, "suppressed", "svc: 1 of 4 findings")
}

// Every column of every table sorts both ways, says so, and loses no row.
func checkSort(t *testing.T, b *browser) {
	var tables map[string]int
	b.ask(t, &tables, `return Object.fromEntries(Array.from(document.querySelectorAll("table.sortable"), function (t) { return [t.id, t.tHead.rows[0].cells.length]; }));`)
	if len(tables) != 3 {
		t.Fatalf("the tables are %v", tables)
	}
	for id, columns := range tables {
		for column := range columns {
			got := map[string][]string{}
			for range 2 {
				var sorted struct {
					Order string
					Keys  []string
				}
				b.ask(t, &sorted, `const table = document.getElementById(arguments[0]), heads = Array.from(table.tHead.rows[0].cells), head = heads[arguments[1]];
					head.querySelector("button").click();
					const said = heads.filter(function (h) { return h.hasAttribute("aria-sort"); });
					return {order: said.length === 1 ? head.getAttribute("aria-sort") : "said " + said.length + " times",
						keys: Array.from(table.tBodies[0].rows, function (r) { const c = r.cells[head.cellIndex]; return c.dataset.sort || c.textContent.trim().toLowerCase(); })};`, id, column)
				got[sorted.Order] = sorted.Keys
			}
			up, down := got["ascending"], got["descending"]
			if len(got) != 2 || !slices.IsSortedFunc(up, byNumber) || !slices.IsSortedFunc(down, func(x, y string) int { return byNumber(y, x) }) || len(up) == 0 || len(up) != len(down) {
				t.Errorf("%s, column %d: %v", id, column, got)
			}
		}
	}
}

// byNumber compares numbers as such.
func byNumber(x, y string) int {
	n, errN := strconv.Atoi(x)
	m, errM := strconv.Atoi(y)
	if errN == nil && errM == nil {
		return n - m
	}
	letters := strings.NewReplacer(`\`, "", "$", "", "-", "")
	return strings.Compare(letters.Replace(x), letters.Replace(y))
}

// focused is what has the focus, and whether that can be seen.
func focused(t *testing.T, b *browser) string {
	t.Helper()
	return b.text(t, `const e = document.activeElement, s = getComputedStyle(e);
		return (e.id || e.textContent.trim().slice(0, 24)) + (s.outlineStyle === "none" || parseFloat(s.outlineWidth) === 0 ? " without an outline" : "");`)
}

// The whole page works without a mouse, in the order in which it is read.
func checkKeyboard(t *testing.T, b *browser) {
	want := []string{
		"Skip to the findings", "Overview", "Findings 4", "Servers and homes 3", "Not checked 3", "Rules 5", "X01", "V05", "V07",
		"filter-text", "filter-severity", "filter-rule", "filter-status", "filter-clear", "open-all", "Severity", "Rule", "Login",
	}
	for i, name := range want {
		b.press(t, keyTab)
		if got := focused(t, b); !strings.HasPrefix(got, name) || strings.Contains(got, "without an outline") {
			t.Fatalf("step %d: %q has the focus, want %q", i+1, got, name)
		}
	}
	for _, test := range []struct{ key, want string }{{keyEnter, "alice carol dave svc"}, {keySpace, "svc dave carol alice"}} {
		b.press(t, test.key)
		checkShown(t, b, "a key on Login", test.want+": 4 of 4 findings")
	}
	if got := b.text(t, `return document.activeElement.closest("th").getAttribute("aria-sort")`); got != "descending" {
		t.Errorf("aria-sort is %q", got)
	}
	for range 5 { // Location, Status, Finding, the rule of the first finding, its details
		b.press(t, keyTab)
	}
	open := `const d = document.activeElement.closest("details"); return d ? d.open : "no details";`
	for _, test := range []struct{ key, want string }{{keyEnter, "true"}, {keySpace, "false"}} {
		b.press(t, test.key)
		if got := b.text(t, open); got != test.want {
			t.Errorf("the finding is open: %s, want %s", got, test.want)
		}
	}
}

// Servers, shares and homes open and close by keyboard.
func checkMap(t *testing.T, b *browser) {
	homes := `return Array.from(document.querySelectorAll("#map .homes li")).filter(function (e) { return e.checkVisibility(); }).length;`
	for _, test := range []struct {
		focus, key string
		want       string
	}{
		{"", "", "0"}, {".share summary", keyEnter, "3"}, {".server summary", keySpace, "0"}, {".server summary", keyEnter, "3"}, {".share summary", keySpace, "0"},
	} {
		if test.focus != "" {
			b.ask(t, nil, `document.querySelector(arguments[0]).focus();`, test.focus)
			b.press(t, test.key)
		}
		if got := b.text(t, homes); got != test.want {
			t.Errorf("after a key on %s %s homes are shown, want %s", test.focus, got, test.want)
		}
	}
}

// A link to a rule opens it.
func checkLinks(t *testing.T, b *browser) {
	b.ask(t, nil, `document.querySelector("#findings-table tbody a").click();`)
	if got := b.text(t, `const r = document.querySelector(":target"); return r.cells[0].textContent + " " + r.querySelector("details").open;`); got != "V05 true" {
		t.Errorf("the link leads to %q", got)
	}
	b.ask(t, nil, `location.hash = "#100%"; window.dispatchEvent(new HashChangeEvent("hashchange"));`) // and checkQuiet
}
