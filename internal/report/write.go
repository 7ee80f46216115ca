package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// Form is a form of document.
type Form string

// The forms.
const (
	SARIF    Form = "sarif"    // SARIF 2.1.0 (OASIS), JSON
	JUnit    Form = "junit"    // JUnit XML, as build servers read it
	Markdown Form = "markdown" // GitHub Flavored Markdown
	HTML     Form = "html"     // one file that loads nothing
)

// Forms returns the names of all forms, for help and completion.
func Forms() []string {
	return []string{string(SARIF), string(JUnit), string(Markdown), string(HTML)}
}

// Write writes a report as a document. complete is false if the audit was cut short,
// which the document then says.
func Write(out io.Writer, form Form, r *audit.Report, complete bool) error {
	d := newDocument(r, complete)
	buffered := bufio.NewWriterSize(out, 64<<10)
	var err error
	switch form {
	case SARIF:
		err = writeSARIF(buffered, d)
	case JUnit:
		err = writeJUnit(buffered, d)
	case Markdown:
		err = writeMarkdown(buffered, d)
	case HTML:
		err = writeHTML(buffered, d)
	default:
		return fmt.Errorf("%q is no form of a report", form)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return buffered.Flush()
}

// document is a report with visible texts, and what several writers count in it.
type document struct {
	audit.Report
	Complete bool
	ruleAt   map[string]int // place of a rule in Rules
	resultAt map[string]int // and of what it said in Results
}

func newDocument(r *audit.Report, complete bool) *document {
	d := &document{Report: visibleReport(r), Complete: complete, ruleAt: map[string]int{}, resultAt: map[string]int{}}
	declared := d.Rules
	d.Rules = nil
	for _, rule := range declared { // once each, whatever the file says
		if _, twice := d.ruleAt[rule.ID]; !twice {
			d.ruleAt[rule.ID] = len(d.Rules)
			d.Rules = append(d.Rules, rule)
		}
	}
	for i := range d.Results {
		if _, twice := d.resultAt[d.Results[i].Rule]; !twice {
			d.resultAt[d.Results[i].Rule] = i
		}
	}
	return d
}

// result returns what a rule said, all zero if there is nothing of it.
func (d *document) result(id string) audit.Result {
	if i, ok := d.resultAt[id]; ok {
		return d.Results[i]
	}
	return audit.Result{Rule: id}
}

// counts returns how many findings there are of each severity, and how many are
// suppressed.
func (d *document) counts() (found [audit.Critical + 1]int, suppressed int) {
	for i := range d.Findings {
		f := &d.Findings[i]
		switch {
		case f.Status == audit.Suppressed:
			suppressed++
		case int(f.Severity) < len(found):
			found[f.Severity]++
		}
	}
	return found, suppressed
}

// Verdict is the report in a sentence or two.
func (d *document) Verdict() string {
	found, suppressed := d.counts()
	var parts []string
	for s := audit.Critical; s >= audit.Info; s-- {
		if found[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", found[s], s))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, "none")
	}
	text := fmt.Sprintf("%s about %s, %d of them with a home. Findings: %s", count(len(d.Rules), "rule"), count(d.Accounts, "account"), d.Homes, strings.Join(parts, ", "))
	if suppressed > 0 {
		text += fmt.Sprintf("; %d suppressed", suppressed)
	}
	if missed := d.notChecked(); missed > 0 {
		text += fmt.Sprintf(". Not checked: %s", count(missed, "answer"))
	}
	text += "."
	if d.Redacted {
		text += " Tokens of this report alone stand for names."
	}
	return text
}

// notChecked returns how often a rule could not tell.
func (d *document) notChecked() int {
	n := 0
	for _, r := range d.Results {
		n += r.NotChecked
	}
	return n
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
