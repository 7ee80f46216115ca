package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// How many users come between two signs of life: of a list, which arrives by the
// page, and of look-ups and changes, each of which waits for the directory.
const (
	listStep   = 1000
	lookupStep = 25
)

// progress counts on standard error while something long goes on. It is silent
// unless somebody watches; beside diagnostics and beside results on the same
// terminal it would only be in the way.
type progress struct {
	doing string // before the count, as in "clearing: "
	every int    // users between two signs of life
	total int    // 0: not known

	out   io.Writer // nil: silent
	count int
	width int // of what stands on the line
}

// show begins to count while results come in a form. Until end, notes of the
// program wipe the line first.
func (p progress) show(a *app, form output.Format) *progress {
	beside := form != output.Table && a.env.IsTerminal(a.env.Stdout) // a table comes at the end
	if a.env.IsTerminal(a.env.Stderr) && !beside && a.verbose == 0 {
		p.out = a.env.Stderr
	}
	a.watch = &p
	return &p
}

// step counts one more.
func (p *progress) step() {
	if p.count++; p.out == nil || p.count%p.every != 0 {
		return
	}
	text := fmt.Sprintf("%s%d users", p.doing, p.count)
	if p.total > 0 {
		text = fmt.Sprintf("%s%d of %d users", p.doing, p.count, p.total)
	}
	_, _ = fmt.Fprint(p.out, "\r"+text)
	p.width = len(text)
}

// end wipes the line, if there is one.
func (p *progress) end() {
	if p != nil && p.width > 0 {
		_, _ = fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.width)+"\r")
		p.width = 0
	}
}
