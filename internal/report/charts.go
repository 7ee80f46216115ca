package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// chart is a list of bars. Its height and what stands above each other is in pixels;
// what lies beside each other is in percent of its width, which the window decides.
type chart struct {
	Title  string
	Height int
	Bars   []bar
	More   string // about bars that are left out
}

// bar is one of them. Suppressed findings stand behind the others, in a pale piece.
type bar struct {
	Label, Note, Hint, Class string
	Link                     string // id of what it stands for; "" none
	Count, Suppressed        int
	gravity                  audit.Severity
	TextY, Y                 int // of the label and of the bar
	span                     span
}

// span is where a bar begins, and how long its pieces are, in percent.
type span struct{ start, full, pale float64 }

// Of the width a bar and its number have what the label beside it leaves; a label of
// words stands above.
const (
	beside     = 24.0 // percent that a label beside a bar takes
	chartRoom  = 80.0 // percent in which bars end; the rest is for numbers
	chartRow   = 28   // pixels of a row with the label beside the bar
	chartTall  = 46   // and of one with the label above
	chartLines = 8    // bars for rules; more are told, and stand in the table
	noteRunes  = 42   // of a title, so that it fits into 400 pixels
)

func percent(n float64) string { return fmt.Sprintf("%.1f%%", n) }

// X is where a bar begins.
func (b bar) X() string { return percent(b.span.start) }

// Width is how long the piece is that stands for what nobody has accepted.
func (b bar) Width() string { return percent(b.span.full) }

// PaleX is where the piece of what is suppressed begins.
func (b bar) PaleX() string { return percent(b.span.start + b.span.full) }

// PaleWidth is how long that is.
func (b bar) PaleWidth() string { return percent(b.span.pale) }

// End is where the number behind a bar stands, and NumberY its base line.
func (b bar) End() string { return percent(b.span.start + b.span.full + b.span.pale) }

// NumberY is the base line of the number behind a bar.
func (b bar) NumberY() int { return b.Y + 12 }

// Total is all that a bar stands for.
func (b bar) Total() int { return b.Count + b.Suppressed }

// newChart sets the measures of bars. The longest takes the room that there is, and
// whatever is not nothing can be seen.
func newChart(title string, bars []bar, above bool) chart {
	start, row := beside, chartRow
	if above {
		start, row = 0, chartTall
	}
	longest := 1
	for _, b := range bars {
		longest = max(longest, b.Total())
	}
	length := func(n int) float64 {
		if n <= 0 {
			return 0
		}
		return max(.5, float64(n)/float64(longest)*(chartRoom-start))
	}
	for i := range bars {
		b := &bars[i]
		b.span = span{start, length(b.Count), length(b.Suppressed)}
		b.TextY, b.Y = i*row+14, i*row+2
		if above {
			b.Y = i*row + 20
		}
	}
	return chart{Title: title, Height: max(1, len(bars)) * row, Bars: bars}
}

// severityChart has a bar for each severity, worst first.
func (d *document) severityChart() chart {
	bars := make([]bar, 0, audit.Critical)
	for s := audit.Critical; s >= audit.Info; s-- {
		b := bar{Label: s.String(), Class: s.String(), Hint: "findings of severity " + s.String()}
		for i := range d.Findings {
			switch f := &d.Findings[i]; {
			case f.Severity != s:
			case f.Status == audit.Suppressed:
				b.Suppressed++
			default:
				b.Count++
			}
		}
		bars = append(bars, b)
	}
	return newChart("Findings by severity", bars, false)
}

// answerChart has a bar for each answer that a rule may give about an object.
func (d *document) answerChart() chart {
	var sum audit.Result
	for _, r := range d.Results {
		sum.Found += r.Found
		sum.Passed += r.Passed
		sum.NotChecked += r.NotChecked
		sum.Suppressed += r.Suppressed
	}
	return newChart("Answers of the rules", []bar{
		{Label: "passed", Class: "passed", Count: sum.Passed}, {Label: "found", Class: "high", Count: sum.Found},
		{Label: "not checked", Class: "info", Count: sum.NotChecked}, {Label: "suppressed", Class: "info pale", Count: sum.Suppressed},
	}, false)
}

// ruleChart has a bar for each rule that found something, longest first, and of these
// the gravest.
func (d *document) ruleChart() chart {
	var bars []bar
	place := map[string]int{}
	for i := range d.Findings {
		f := &d.Findings[i]
		at, known := place[f.Rule]
		if !known {
			at = len(bars)
			place[f.Rule] = at
			b := bar{Label: f.Rule}
			if r, declared := d.ruleAt[f.Rule]; declared {
				b.Hint, b.Link = d.Rules[r].Title, ruleID(r)
				b.Note = shortened(b.Hint, noteRunes)
			}
			bars = append(bars, b)
		}
		bars[at].gravity = max(bars[at].gravity, f.Severity)
		if f.Status == audit.Suppressed {
			bars[at].Suppressed++
		} else {
			bars[at].Count++
		}
	}
	slices.SortStableFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(b.Total(), a.Total()), cmp.Compare(b.gravity, a.gravity), cmp.Compare(a.Label, b.Label))
	})
	for i := range bars {
		bars[i].Class = bars[i].gravity.String()
	}
	if len(bars) <= chartLines {
		return newChart("Findings by rule", bars, true)
	}
	left := len(bars) - chartLines
	c := newChart("Findings by rule", bars[:chartLines], true)
	c.More = count(left, "more rule") + " with findings: see the table of rules."
	return c
}

// shortened is text of so many characters at most.
func shortened(text string, runes int) string {
	if all := []rune(text); len(all) > runes {
		return string(all[:runes-1]) + "…"
	}
	return text
}
