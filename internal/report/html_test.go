package report_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/report"
)

// element is an element of a page with all that is in it.
type element struct {
	name     string
	attr     map[string]string
	children []*element
	text     string // of itself and of all below
	gathered []byte // of text
}

// parsePage reads a page, which is well-formed XML, and gives all its elements in order.
func parsePage(t *testing.T, page string) []*element {
	t.Helper()
	var all, open []*element
	decoder := xml.NewDecoder(strings.NewReader(page))
	for {
		token, err := decoder.Token()
		if err == io.EOF && len(open) == 0 {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := &element{name: token.Name.Local, attr: map[string]string{}}
			for _, a := range token.Attr {
				e.attr[a.Name.Local] = a.Value
			}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			}
			all, open = append(all, e), append(open, e)
		case xml.EndElement:
			last := open[len(open)-1]
			last.text, open = string(last.gathered), open[:len(open)-1]
		case xml.CharData:
			for _, e := range open {
				e.gathered = append(e.gathered, token...)
			}
		}
	}
}

func named(all []*element, name string) []*element {
	return slices.DeleteFunc(slices.Clone(all), func(e *element) bool { return e.name != name })
}

// inertHTML holds a page to what ours has: no other elements, no handler, no address.
func inertHTML(t *testing.T, page string) {
	known := strings.Fields("html head meta title style script body a header h1 h2 h3 p dl div dt dd nav main section figure figcaption svg g text tspan rect" +
		" code wbr label input select option button table caption thead tbody tr th td span bdi details summary ul li footer")
	all := parsePage(t, page)
	ids := map[string]bool{}
	for _, e := range all {
		if !slices.Contains(known, e.name) {
			t.Errorf("there is an element %s", e.name)
		}
		if id, has := e.attr["id"]; has {
			if ids[id] || id == "" || strings.ContainsAny(id, " \"'<>") {
				t.Errorf("the id %q is there twice, or is none", id)
			}
			ids[id] = true
		}
	}
	for _, e := range all {
		for name, value := range e.attr {
			switch {
			case strings.HasPrefix(name, "on"), name == "src", name == "style", name == "action", name == "srcdoc", name == "srcset", name == "formaction":
				t.Errorf("%s has the attribute %s", e.name, name)
			case name == "href" && !ids[strings.TrimPrefix(value, "#")], name == "href" && !strings.HasPrefix(value, "#"):
				t.Errorf("%s leads to %q", e.name, value)
			case name == "aria-labelledby" && !ids[value]:
				t.Errorf("%s is called by %q, which is not there", e.name, value)
			}
		}
	}
	if len(named(all, "script")) != 1 || len(named(all, "style")) != 1 {
		t.Errorf("%d scripts and %d styles, want one of each", len(named(all, "script")), len(named(all, "style")))
	}
}

func TestHTML_isInert(t *testing.T) { inertHTML(t, write(t, report.HTML, sample(), true)) }

// The policy forbids all but the page's own style and script, and lets these in.
func TestHTML_policy(t *testing.T) {
	all := parsePage(t, write(t, report.HTML, sample(), true))
	hash := func(name string) string {
		sum := sha256.Sum256([]byte(named(all, name)[0].text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	want := "default-src 'none'; style-src " + hash("style") + "; script-src " + hash("script") + "; base-uri 'none'; form-action 'none'"
	head := named(all, "head")[0].children
	if got := head[1].attr; got["http-equiv"] != "Content-Security-Policy" || got["content"] != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if head[0].attr["charset"] != "utf-8" {
		t.Errorf("the page begins with %v", head[0])
	}
	for _, name := range []string{"style", "script"} {
		text := named(all, name)[0].text
		for _, bad := range []string{"http:", "https:", "url(", "@import", "innerHTML", "eval(", "fetch(", "XMLHttpRequest", "localStorage"} {
			if strings.Contains(text, bad) {
				t.Errorf("the %s has %q", name, bad)
			}
		}
	}
	for _, want := range []string{"prefers-color-scheme: dark", "@media print", "max-width: 48rem", ":focus-visible", "prefers-reduced-motion"} {
		if !strings.Contains(named(all, "style")[0].text, want) {
			t.Errorf("the style says nothing about %s", want)
		}
	}
}

// Every finding has its row, with evidence and remedy, and leads to its rule.
func TestHTML_findings(t *testing.T) {
	r := sample()
	all := parsePage(t, write(t, report.HTML, r, true))
	byID := map[string]*element{}
	for _, e := range all {
		if id := e.attr["id"]; id != "" {
			byID[id] = e
		}
	}
	for i, f := range r.Findings {
		row := byID["finding-"+strconv.Itoa(i)]
		if row == nil || row.name != "tr" {
			t.Fatalf("finding %d has no row", i)
		}
		want := map[string]string{"data-severity": strconv.Itoa(int(f.Severity)), "data-rule": f.Rule, "data-status": f.Status.String()}
		for name, value := range want {
			if row.attr[name] != value {
				t.Errorf("finding %d: %s is %q, want %q", i, name, row.attr[name], value)
			}
		}
		for _, text := range []string{f.Login, f.Location, f.Message, f.Remedy, f.Evidence[0].Name, f.Evidence[1].Value, f.Fingerprint, f.DN, f.GUID, f.SID, f.Suppressed} {
			if !strings.Contains(row.text, text) {
				t.Errorf("finding %d does not say %q", i, text)
			}
		}
	}
	if rows := len(named(all, "tr")); rows != len(r.Findings)+len(r.Rules)+4 { // three heads and one reason
		t.Errorf("%d rows in all", rows)
	}
	for i, rule := range r.Rules {
		row := byID["rule-"+strconv.Itoa(i+1)]
		said := r.Results[i]
		cells := []string{rule.ID, rule.Severity.String(), "0", strconv.Itoa(said.Found), strconv.Itoa(said.Passed), strconv.Itoa(said.NotChecked), strconv.Itoa(said.Suppressed)}
		for j, want := range cells {
			if got := row.children[j].text; got != want {
				t.Errorf("%s: cell %d is %q, want %q", rule.ID, j, got, want)
			}
		}
		if !strings.Contains(row.text, rule.Remedy) || !strings.Contains(row.text, rule.References[0]) {
			t.Errorf("%s: %s", rule.ID, row.text)
		}
	}
	for _, e := range named(all, "th") {
		if e.attr["scope"] != "col" {
			t.Errorf("the head %q has no scope", e.text)
		}
	}
	for _, name := range []string{"input", "select"} {
		for _, e := range named(all, name) {
			if !slices.ContainsFunc(named(all, "label"), func(l *element) bool { return slices.Contains(l.children, e) }) {
				t.Errorf("%s has no label", e.attr["id"])
			}
		}
	}
}

// The map shows every server, share and home with its state and its size.
func TestHTML_map(t *testing.T) {
	all := parsePage(t, write(t, report.HTML, sample(), true))
	places := named(all, "section")[2]
	flat := strings.Join(strings.Fields(places.text), " ")
	for _, want := range []string{
		"fs01 ok 2 shares, 3 homes", "ftp$ ok 3 homes, 3.0 MiB, 1.0 GiB of 4.0 GiB free", "alice alice, dave 3.0 MiB ok critical", "bob bob missing",
		"(the share itself) root not looked at", "gone$ missing 0 homes no such share", "fs02 unreachable 1 share, 1 home port 445 does not answer", `D:\ not looked at 1 home`,
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("%q is not in the map: %s", want, flat)
		}
	}
	gauge := slices.IndexFunc(all, func(e *element) bool { return e.attr["class"] == "gauge" })
	if gauge < 0 || all[gauge].attr["aria-label"] != "75 percent used" {
		t.Error("nothing shows that three quarters of the share are used")
	}
}

// Bars stay in their picture whatever they stand for, and are as long as that.
func TestHTML_charts(t *testing.T) {
	r := sample()
	for i := range 1000 {
		f := r.Findings[1]
		f.Login = fmt.Sprint("user", i)
		r.Findings = append(r.Findings, f)
	}
	all := parsePage(t, write(t, report.HTML, r, true))
	charts := slices.DeleteFunc(named(all, "svg"), func(e *element) bool { return e.attr["class"] != "chart" })
	if len(charts) != 3 {
		t.Fatalf("%d charts", len(charts))
	}
	for i, want := range []string{
		"Findings by severity: critical 1003; high 0; medium 0 and 1 suppressed; low 0; info 0; ",
		"Answers of the rules: passed 39; found 3; not checked 3; suppressed 1; ",
		"Findings by rule: X01 1002; V05 1; V07 0 and 1 suppressed; ",
	} {
		if got := charts[i].attr["aria-label"]; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	bars := slices.DeleteFunc(named(all, "rect"), func(e *element) bool { return !strings.HasPrefix(e.attr["class"], "bar") })
	for _, e := range bars {
		if percentOf(t, e, "x")+percentOf(t, e, "width") > 80.5 {
			t.Errorf("a bar leaves no room for its number: %v", e.attr)
		}
	}
	longest, shortest := bars[0], bars[len(bars)-2] // V07 has a pale one behind
	if percentOf(t, longest, "width") != 56 || percentOf(t, bars[len(bars)-3], "width") != .5 || percentOf(t, shortest, "width") != 0 || !strings.Contains(bars[len(bars)-1].attr["class"], "pale") {
		t.Errorf("the longest bar is %v, and those of V05 and V07 are %v", longest.attr, bars[len(bars)-3:])
	}
}

func percentOf(t *testing.T, e *element, name string) float64 {
	t.Helper()
	text, ok := strings.CutSuffix(e.attr[name], "%")
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !ok {
		t.Fatalf("%s is %q", name, e.attr[name])
	}
	return n
}

// Of many rules those with the most findings have a bar, the gravest first, and in the
// colour of the gravest finding; how many are left out is said.
func TestHTML_manyRules(t *testing.T) {
	r := sample()
	for i := range 20 {
		id := fmt.Sprintf("Z%02d", i)
		r.Rules = append(r.Rules, audit.Rule{ID: id, Title: strings.Repeat("long ", 20), Severity: audit.Low})
		r.Findings = append(r.Findings, audit.Finding{Rule: id, Severity: audit.Low, Status: audit.Found}, audit.Finding{Rule: id, Severity: audit.Info, Status: audit.Found})
	}
	page := write(t, report.HTML, r, true)
	all := parsePage(t, page)
	charts := slices.DeleteFunc(named(all, "svg"), func(e *element) bool { return e.attr["class"] != "chart" })
	if got := charts[2].attr["aria-label"]; !strings.HasPrefix(got, "Findings by rule: X01 2; Z00 2; ") || strings.Count(got, ";") != 8 {
		t.Errorf("got %q", got)
	}
	if !strings.Contains(page, "15 more rules with findings: see the table of rules.") || !strings.Contains(charts[2].text, "Z00 "+strings.Repeat("long ", 8)+"l…") {
		t.Errorf("nothing says what is left out: %s", charts[2].text)
	}
	rows := slices.DeleteFunc(named(all, "tr"), func(e *element) bool { return e.attr["data-severity"] == "" })
	for i := range rows[1:] {
		if rows[i].attr["data-severity"] < rows[i+1].attr["data-severity"] {
			t.Fatalf("row %d is graver than the one above", i+1)
		}
	}
}

// What matters most stands first.
func TestHTML_headline(t *testing.T) {
	found := func(severities ...audit.Severity) *audit.Report {
		r := sample()
		r.Findings = []audit.Finding{}
		for _, s := range severities {
			r.Findings = append(r.Findings, audit.Finding{Rule: "V05", Severity: s, Status: audit.Found})
		}
		return r
	}
	suppressed := found(audit.Critical)
	suppressed.Findings[0].Status = audit.Suppressed
	tests := []struct {
		report      *audit.Report
		want, class string
	}{
		{found(), "Nothing was found", "good"},
		{found(audit.Medium, audit.Low), "Nothing critical or high was found", "good"},
		{suppressed, "Nothing critical or high was found", "good"},
		{found(audit.High), "1 high finding", "high"},
		{found(audit.Critical, audit.High, audit.High), "1 critical and 2 high findings", "critical"},
	}
	for _, test := range tests {
		if page := write(t, report.HTML, test.report, true); !strings.Contains(page, `<p class="headline `+test.class+`">`+test.want+`</p>`) {
			t.Errorf("%q is not in %s", test.want, page)
		}
	}
}

// Findings of a rule that the report does not declare are there as well.
func TestHTML_unknownRule(t *testing.T) {
	r := sample()
	r.Rules, r.Results = []audit.Rule{}, nil
	page := write(t, report.HTML, r, true)
	inertHTML(t, page)
	if all := parsePage(t, page); len(named(all, "tr")) != len(r.Findings)+2 {
		t.Errorf("%d rows", len(named(all, "tr")))
	}
	if text := write(t, report.Markdown, r, true); strings.Count(text, "\n| critical |") != 3 {
		t.Errorf("findings are missing: %s", text)
	}
}

// A finding about something that is called as a user is marks no home.
func TestHTML_marksHomesOfAccountsAlone(t *testing.T) {
	for dn, want := range map[string]int{"CN=catalog,DC=corp": 1, "": 0} {
		r := audit.Report{
			Findings: []audit.Finding{{Rule: "C06", Severity: audit.High, Status: audit.Found, Object: audit.Object{Login: "catalog", DN: dn}}},
			Servers:  []audit.Server{{Name: "fs01", Shares: []audit.Share{{Name: "ftp$", Homes: []audit.Home{{Path: "c", Logins: []string{"catalog"}}}}}}},
		}
		page := write(t, report.HTML, &r, true)
		if got := strings.Count(page, `<span class="worst"><span class="badge high">`); got != want {
			t.Errorf("DN %q: %d homes are marked, want %d", dn, got, want)
		}
	}
}
