package report

import (
	"cmp"
	"crypto/sha256"
	_ "embed" // the pieces of the page
	"encoding/base64"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

//go:embed assets/page.tmpl
var pageTemplate string

//go:embed assets/page.css
var pageStyle string

//go:embed assets/page.js
var pageScript string

// writeHTML writes one page that loads nothing. Its frame with style and script is ours
// and the same in every report, so that their hashes can stand in the policy, which
// forbids all else; what the report says goes through a template that knows where in
// HTML each value stands. The page is well-formed XML, too.
func writeHTML(out io.Writer, d *document) error {
	slices.SortStableFunc(d.Findings, func(a, b audit.Finding) int { return cmp.Compare(b.Severity, a.Severity) })
	body, err := template.New("page").Funcs(d.pageFunctions()).Parse(pageTemplate)
	if err != nil {
		return err
	}
	style, script := unixLines(pageStyle), unixLines(pageScript)
	policy := "default-src 'none'; style-src '" + hashOf(style) + "'; script-src '" + hashOf(script) + "'; base-uri 'none'; form-action 'none'"
	frame := `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="` + policy + `"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="referrer" content="no-referrer"/>
<meta name="robots" content="noindex"/>
<meta name="color-scheme" content="light dark"/>
<title>Audit of FTP user isolation</title>
<style>` + style + `</style>
</head>
`
	if _, err := io.WriteString(out, frame); err != nil {
		return err
	}
	if err := body.Execute(out, d); err != nil {
		return err
	}
	_, err = io.WriteString(out, "<script>"+script+"</script>\n</body>\n</html>\n")
	return err
}

// pageFunctions are what the template may ask.
func (d *document) pageFunctions() template.FuncMap {
	worst := d.worst()
	return template.FuncMap{
		"severities":  d.severityChart,
		"rules":       d.ruleChart,
		"answers":     d.answerChart,
		"pieces":      pieces,
		"rank":        func(s audit.Severity) int { return int(s) },
		"suppressed":  func(s audit.Status) bool { return s == audit.Suppressed },
		"result":      d.result,
		"ruleID":      ruleID,
		"linkOf":      d.linkOf,
		"ruleTitle":   d.ruleTitle,
		"firing":      d.firing,
		"unchecked":   d.notChecked,
		"when":        func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") },
		"state":       stateWord,
		"homes":       homesOf,
		"homeSize":    homeSize,
		"homePart":    homePart,
		"largest":     largest,
		"grave":       d.grave,
		"size":        sizeOf,
		"free":        freeOf,
		"usedPercent": usedPercent,
		"worst":       func(h audit.Home) string { return worstOf(worst, h) },
		"join":        strings.Join,
		"count":       count,
	}
}

// Headline is what matters most of the report, in a few words.
func (d *document) Headline() string {
	found, _ := d.counts()
	var parts []string
	sum := 0
	for s := audit.Critical; s >= audit.High; s-- {
		if found[s] > 0 {
			parts = append(parts, strconv.Itoa(found[s])+" "+s.String())
		}
		sum += found[s]
	}
	switch {
	case sum == 1:
		return parts[0] + " finding"
	case sum > 1:
		return strings.Join(parts, " and ") + " findings"
	case len(d.Findings) > 0:
		return "Nothing critical or high was found"
	}
	return "Nothing was found"
}

// grave is the class of the headline.
func (d *document) grave() string {
	found, _ := d.counts()
	for s := audit.Critical; s >= audit.High; s-- {
		if found[s] > 0 {
			return s.String()
		}
	}
	return "good"
}

// ruleID is the id of a rule in the page, made of its place: what a rule is called in a
// report from elsewhere need not be unique.
func ruleID(place int) string { return "rule-" + strconv.Itoa(place+1) }

// linkOf is where a rule stands in the page, "" for one that the report does not declare.
func (d *document) linkOf(rule string) string {
	if i, ok := d.ruleAt[rule]; ok {
		return ruleID(i)
	}
	return ""
}

func (d *document) ruleTitle(rule string) string {
	if i, ok := d.ruleAt[rule]; ok {
		return d.Rules[i].Title
	}
	return ""
}

// firing lists the rules with findings, in the order of the findings.
func (d *document) firing() []string {
	var ids []string
	seen := map[string]bool{}
	for i := range d.Findings {
		if id := d.Findings[i].Rule; !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// pieces cuts a path or a DN where a line may break best: behind a separator.
func pieces(text string) []string {
	var list []string
	begun := 0
	for i := 1; i < len(text); i++ {
		if behind := text[i-1]; (behind == '\\' || behind == ',' || behind == '/') && text[i] != behind {
			list = append(list, text[begun:i])
			begun = i
		}
	}
	return append(list, text[begun:])
}

// unixLines undoes what a checkout may have done to line ends: browsers hash text in
// which a line ends with LF.
func unixLines(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// hashOf is a source of a content security policy (CSP 3, section 2.3.1).
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
