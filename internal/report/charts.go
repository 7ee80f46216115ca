package report

import (
	"cmp"
	"slices"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// chart is a list of bars, measured in units of its picture.
type chart struct {
	Title  string
	Height int
	Bars   []bar
}

// bar is one of them. Suppressed findings stand behind the others, in a pale piece.
type bar struct {
	Label, Hint, Class string
	Link               string // id of what it stands for; "" none
	Count, Suppressed  int
	Y, Width, Pale     int
}

// Measures of the pictures: a row, and where a bar may begin and how long it may be.
const (
	chartRow   = 26
	chartStart = 84
	chartRoom  = 220
)

// End is where the number behind a bar stands.
func (b bar) End() int { return chartStart + b.Width + b.Pale + 8 }

// Middle is the base line of the texts of a bar.
func (b bar) Middle() int { return b.Y + chartRow/2 + 3 }

// PaleStart is where the piece of what is suppressed begins.
func (b bar) PaleStart() int { return chartStart + b.Width }

// Total is all that a bar stands for.
func (b bar) Total() int { return b.Count + b.Suppressed }

// newChart sets the measures of bars. The longest takes the room that there is, and
// whatever is not nothing can be seen.
func newChart(title string, bars []bar) chart {
	longest := 1
	for _, b := range bars {
		longest = max(longest, b.Total())
	}
	length := func(n int) int {
		if n <= 0 {
			return 0
		}
		return max(2, int(float64(n)/float64(longest)*chartRoom))
	}
	for i := range bars {
		bars[i].Y, bars[i].Width, bars[i].Pale = i*chartRow, length(bars[i].Count), length(bars[i].Suppressed)
	}
	return chart{Title: title, Height: max(1, len(bars)) * chartRow, Bars: bars}
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
	return newChart("Findings by severity", bars)
}

// ruleChart has a bar for each rule that found something, longest first.
func (d *document) ruleChart() chart {
	var bars []bar
	place := map[string]int{}
	for i := range d.Findings {
		f := &d.Findings[i]
		at, known := place[f.Rule]
		if !known {
			at = len(bars)
			place[f.Rule] = at
			b := bar{Label: f.Rule, Class: f.Severity.String()}
			if r, declared := d.ruleAt[f.Rule]; declared {
				b.Hint, b.Class, b.Link = d.Rules[r].Title, d.Rules[r].Severity.String(), ruleID(r)
			}
			bars = append(bars, b)
		}
		if f.Status == audit.Suppressed {
			bars[at].Suppressed++
		} else {
			bars[at].Count++
		}
	}
	slices.SortStableFunc(bars, func(a, b bar) int {
		return cmp.Or(cmp.Compare(b.Total(), a.Total()), cmp.Compare(a.Label, b.Label))
	})
	return newChart("Findings by rule", bars)
}
