//go:build embedded

package report_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/png" // screenshots
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// contrastScript returns the texts of the page that stand out too little from what is
// behind them (WCAG 2.2, 1.4.3), and how many it has looked at.
const contrastScript = `
function parse(color) {
  const n = color.match(/[\d.]+/g).map(Number);
  return {r: n[0], g: n[1], b: n[2], a: n.length === 4 ? n[3] : 1};
}
function light(c) {
  const f = function (v) { v /= 255; return v > .04045 ? Math.pow((v + .055) / 1.055, 2.4) : v / 12.92; };
  return .2126 * f(c.r) + .7152 * f(c.g) + .0722 * f(c.b);
}
function behind(e) {
  for (; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor);
    if (c.a === 1) { return c; }
    if (c.a !== 0) { throw new Error("a half clear background at " + e.outerHTML.slice(0, 80)); }
  }
  throw new Error("nothing is behind");
}
for (const d of document.querySelectorAll("details")) { d.open = true; }
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), weak = new Set();
let looked = 0;
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !e.checkVisibility() || /^(SCRIPT|title)$/.test(e.tagName)) { continue; }
  looked++;
  const style = getComputedStyle(e), svg = e.namespaceURI.endsWith("svg");
  const a = light(parse(svg ? style.fill : style.color)), b = light(behind(e));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (!(ratio >= 4.5)) { weak.add(ratio.toFixed(2) + " " + e.tagName + "." + e.getAttribute("class") + " " + walker.currentNode.data.trim().slice(0, 40)); }
}
return {looked: looked, weak: Array.from(weak)};`

// In the light and in the dark all texts can be read, and these are two looks.
func checkThemes(t *testing.T, b *browser) {
	papers := map[string]bool{}
	for _, scheme := range []string{"light", "dark"} {
		b.media(t, "screen", scheme)
		var seen struct {
			Looked int
			Weak   []string
		}
		b.ask(t, &seen, contrastScript)
		if seen.Looked < 150 || len(seen.Weak) > 0 {
			t.Errorf("%s: of %d texts these are weak: %q", scheme, seen.Looked, seen.Weak)
		}
		papers[b.text(t, `return getComputedStyle(document.body).backgroundColor`)] = true
	}
	if len(papers) != 2 {
		t.Errorf("the papers are %v", papers)
	}
	b.media(t, "screen", "light")
}

// At 400 pixels nothing sticks out, whatever is open, and everything is still there.
func checkNarrow(t *testing.T, b *browser) {
	b.width(t, 400)
	defer b.width(t, 0)
	b.ask(t, nil, `for (const d of document.querySelectorAll("details")) { d.open = true; }`)
	wide := b.text(t, `const width = document.documentElement.clientWidth, out = Array.from(document.querySelectorAll("body *")).filter(function (e) { return e.checkVisibility() ? e.getBoundingClientRect().right > width + .5 : false; });
		return document.documentElement.scrollWidth - width + " pixels " + out.map(function (e) { return e.tagName + "." + e.className; }).slice(0, 5).join();`)
	if wide != "0 pixels " {
		t.Errorf("what is too wide: %s", wide)
	}
	checkShown(t, b, "narrow", "carol alice dave svc: 4 of 4 findings")
	b.ask(t, nil, `document.querySelectorAll("#findings-table th button")[2].click();`)
	checkShown(t, b, "sorted", "alice carol dave svc: 4 of 4 findings")
}

// picture is what the window shows.
func picture(t *testing.T, b *browser) image.Image {
	t.Helper()
	var text string
	b.call(t, http.MethodGet, "/screenshot", nil, &text)
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	shot, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return shot
}

// Where bars, badges and gauges are said to be, the picture has their colours.
func checkPicture(t *testing.T, b *browser) {
	for _, scheme := range []string{"light", "dark"} {
		b.media(t, "screen", scheme)
		var parts []struct {
			Name, Colour string
			X, Y         float64
		}
		b.ask(t, &parts, `scrollTo(0, 0); const found = [];
			for (const e of document.querySelectorAll("svg .bar:not(.pale), .badge, body")) {
				const r = e.getBoundingClientRect(), s = getComputedStyle(e);
				if (r.width === 0 || r.bottom > innerHeight && e !== document.body) { continue; }
				found.push({name: e.tagName + " " + e.getAttribute("class"), colour: (s.fill !== "rgb(0, 0, 0)" ? s.fill : s.backgroundColor), x: r.left + 4, y: e === document.body ? 4 : r.top + r.height / 2});
			}
			return found;`)
		shot := picture(t, b)
		if size := shot.Bounds().Size(); size.X < 1200 || size.Y < 600 {
			t.Fatalf("the picture has %v", size)
		}
		if len(parts) < 7 {
			t.Errorf("%s: only %v are in the window", scheme, parts)
		}
		colours := map[string]bool{}
		for _, part := range parts {
			red, green, blue, _ := shot.At(int(part.X), int(part.Y)).RGBA()
			got := fmt.Sprintf("rgb(%d, %d, %d)", red>>8, green>>8, blue>>8)
			if got != part.Colour {
				t.Errorf("%s: %s has %s at %.0f, %.0f, want %s", scheme, part.Name, got, part.X, part.Y, part.Colour)
			}
			colours[got] = true
		}
		if len(colours) < 4 {
			t.Errorf("%s: there are only the colours %v", scheme, colours)
		}
	}
	b.media(t, "screen", "light")
}

// On paper stands what was chosen, all of it, opened, with words that say what was
// chosen; and what only serves to choose is left out.
func checkPaper(t *testing.T, b *browser) {
	print := func() string {
		t.Helper()
		var paper struct{ Data string }
		b.chrome(t, &paper, "Page.printToPDF", map[string]any{"printBackground": true})
		raw, err := base64.StdEncoding.DecodeString(paper.Data)
		if err != nil || !bytes.HasPrefix(raw, []byte("%PDF-")) || len(raw) < 20_000 {
			t.Fatalf("%d octets of PDF (%v)", len(raw), err)
		}
		return fmt.Sprint(bytes.Count(raw, []byte("/Type /Page\n")))
	}
	b.ask(t, nil, `window.seen = ""; window.addEventListener("beforeprint", function () {
		const folded = Array.from(document.querySelectorAll("main details:not([open])")).filter(function (d) { return d.checkVisibility(); }).length;
		window.seen = folded + " folded, " + Array.from(document.querySelectorAll("#findings-table tbody tr")).length + " findings, " + document.getElementById("filter-said").textContent;
	});`)
	whole := print()
	if got := b.text(t, `return window.seen`); !strings.HasPrefix(got, "0 folded, 4 findings, ") {
		t.Errorf("on paper are %s", got)
	}
	pick(t, b, "filter-severity", "4")
	b.press(t, "/", "alice")
	if part := print(); whole == "0" || part > whole {
		t.Errorf("all findings are on %s pages, some on %s", whole, part)
	}
	if got, want := b.text(t, `return window.seen`), `0 folded, 2 findings, Chosen: high and above, with “alice”. These are 2 of 4 findings.`; got != want {
		t.Errorf("on paper are %q, want %q", got, want)
	}
	b.media(t, "print", "dark")
	got := b.text(t, `return ["#filter", "nav", "#filter-count", ".skip", "#filter-said"].map(function (s) { return document.querySelector(s).checkVisibility(); }).join(" ") + " on " + getComputedStyle(document.body).backgroundColor`)
	if want := "false false false false true on rgb(255, 255, 255)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	b.media(t, "screen", "light")
	if got := b.text(t, `return document.querySelectorAll("main details[open]").length`); got != "3" { // the servers
		t.Errorf("%s are still open", got)
	}
}

// Names that would act if they could do nothing, and are there to be read.
func checkHostile(t *testing.T, b *browser) {
	for _, attack := range attacks {
		text := strings.ReplaceAll(attack.text, "alert(1)", "window.acted=1")
		page := write(t, report.HTML, hostile(text), true)
		b.logged(t, "performance")
		b.show(t, page)
		b.ask(t, nil, `for (const d of document.querySelectorAll("details")) { d.open = true; }
			for (const e of document.querySelectorAll("body *")) { e.dispatchEvent(new MouseEvent("mouseover", {bubbles: true})); e.dispatchEvent(new Event("error")); }
			document.querySelector("#findings-table th button").click();`)
		b.ask(t, nil, `const f = document.getElementById("filter-text"); f.value = "a"; f.dispatchEvent(new Event("input"));`)
		got := b.text(t, `return (window.acted ? "it acted, " : "") + document.scripts.length + " script, " + document.querySelectorAll("img, iframe, object, embed, base, form, link").length + " strangers"`)
		if got != "1 script, 0 strangers" {
			t.Errorf("%s: %s", attack.name, got)
		}
		want := named(parsePage(t, page), "bdi")[0].text // as another parser reads it
		if seen := b.text(t, `return document.querySelector("#findings-table tbody tr").cells[2].textContent`); seen != want {
			t.Errorf("%s: the login is shown as %q, want %q", attack.name, seen, want)
		}
		checkQuiet(t, b)
	}
}

// A report of 10,000 findings can be used: what is open at first is little, and all of
// it is found. The times are told and not judged, since machines differ.
func checkMany(t *testing.T, b *browser) {
	r := sample()
	for i := range 10_000 - len(r.Findings) {
		f := r.Findings[1]
		f.Login = fmt.Sprintf("user%05d", i)
		f.DN = "CN=" + f.Login + ",OU=Partners,DC=corp,DC=example,DC=com"
		r.Findings = append(r.Findings, f)
	}
	page := write(t, report.HTML, r, true)
	began := time.Now()
	b.show(t, page)
	opened := time.Since(began)
	state := func() string { return b.text(t, `return document.getElementById("filter-count").textContent`) }
	if got := state(); got != "10000 of 10000 findings, the first 200 shown" {
		t.Errorf("at first: %s", got)
	}
	var took struct{ First, Next, Sort, All float64 }
	b.ask(t, &took, `const f = document.getElementById("filter-text");
		function timed(act) { const began = performance.now(); act(); document.body.getBoundingClientRect(); return performance.now() - began; }
		function type(text) { return timed(function () { f.value = text; f.dispatchEvent(new Event("input")); }); }
		const took = {first: type("user0999")};
		took.next = type("user09998");
		took.sort = timed(function () { document.querySelectorAll("#findings-table th button")[2].click(); });
		return took;`)
	if got := state(); got != "0 of 10000 findings" && got != "1 of 10000 findings" {
		t.Errorf("chosen: %s", got)
	}
	b.ask(t, nil, `document.getElementById("filter-clear").click(); document.getElementById("more-some").click();`)
	if got := state(); got != "10000 of 10000 findings, the first 400 shown" {
		t.Errorf("more: %s", got)
	}
	t.Logf("%d KiB, opened in %v, first word of the filter %.0f ms, next %.0f ms, sorted in %.0f ms", len(page)>>10, opened.Round(time.Millisecond), took.First, took.Next, took.Sort)
	checkQuiet(t, b)
}
