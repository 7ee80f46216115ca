package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// progressStep is the number of users between two signs of life.
const progressStep = 1000

// progress counts on standard error while a long list is read. It is silent
// unless somebody watches, and unless the terminal is free of the list itself.
type progress struct {
	out   io.Writer // nil: silent
	count int
	width int // of what stands on the line
}

func newProgress(env Env, format output.Format) *progress {
	p := &progress{}
	if env.IsTerminal(env.Stderr) && (format == output.Table || !env.IsTerminal(env.Stdout)) {
		p.out = env.Stderr
	}
	return p
}

// step counts one more.
func (p *progress) step() {
	if p.count++; p.out != nil && p.count%progressStep == 0 {
		text := fmt.Sprintf("%d users", p.count)
		_, _ = fmt.Fprint(p.out, "\r"+text)
		p.width = len(text)
	}
}

// end wipes the line.
func (p *progress) end() {
	if p.width > 0 {
		_, _ = fmt.Fprint(p.out, "\r"+strings.Repeat(" ", p.width)+"\r")
	}
}
