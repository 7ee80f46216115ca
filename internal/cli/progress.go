package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	patience  = 500 * time.Millisecond // after which whoever waits is told something
	heartbeat = 200 * time.Millisecond // between two signs of life
)

// progress counts on standard error while something long goes on, with the rate
// and, where the end is known, the time that is left. It is silent unless somebody
// watches; beside diagnostics and beside results on the same terminal it would only
// be in the way.
type progress struct {
	doing string // before the count, as in "clearing: "
	what  string // one of what is counted; "" is user
	total int    // 0: not known

	out     io.Writer // nil: silent
	now     func() time.Time
	started time.Time
	told    time.Time // when the line was last written
	count   int
	width   int // of what stands on the line
}

// show begins to count while results come in a form, nil for none yet. Until end,
// notes of the program wipe the line first.
func (p progress) show(a *app, form *formFlags) *progress {
	terminal := a.env.IsTerminal(a.env.Stdout)
	beside := form != nil && terminal && form.streams(terminal)
	p.now = a.env.now
	p.started = p.now()
	p.told = p.started.Add(patience - heartbeat)
	if a.env.IsTerminal(a.env.Stderr) && !beside && a.verbose == 0 && a.trace == nil && !a.quiet {
		p.out = a.env.Stderr
	}
	a.watch = &p
	return &p
}

// step counts one more.
func (p *progress) step() {
	p.count++
	if p.out == nil {
		return
	}
	now := p.now()
	if now.Sub(p.told) < heartbeat {
		return
	}
	p.told = now
	text := p.text(now.Sub(p.started))
	_, _ = fmt.Fprint(p.out, "\r"+text+strings.Repeat(" ", max(0, p.width-len(text))))
	p.width = len(text)
}

// text is the line after some time.
func (p *progress) text(elapsed time.Duration) string {
	what := p.what
	if what == "" {
		what = "user"
	}
	rate := float64(p.count) / elapsed.Seconds()
	if p.total == 0 {
		return fmt.Sprintf("%s%s, %.0f/s", p.doing, plural(p.count, what), rate)
	}
	left := time.Duration(float64(max(0, p.total-p.count)) / rate * float64(time.Second))
	return fmt.Sprintf("%s%d of %s, %.0f/s, %s left", p.doing, p.count, plural(p.total, what), rate, left.Round(time.Second))
}

// end wipes the line, if there is one.
func (p *progress) end() {
	if p != nil && p.width > 0 {
		_, _ = fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.width)+"\r")
		p.width = 0
	}
}
