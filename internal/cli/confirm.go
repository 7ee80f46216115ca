package cli

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
)

// defaultLimit is how many users a command changes without being told that so many
// are meant.
const defaultLimit = 25

// consent is what the command line says about many changes.
type consent struct {
	yes   bool
	limit limitFlag
	what  string // one of what is changed; "" is user
}

// limitFlag is the value of --limit.
type limitFlag struct {
	n     int
	given bool
}

// Set reads a number of users.
func (l *limitFlag) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is no number of users", s)
	}
	l.n, l.given = n, true
	return nil
}

// String returns the number.
func (l *limitFlag) String() string { return strconv.Itoa(max(l.n, 0)) }

// Type returns the word that help shows for the value.
func (l *limitFlag) Type() string { return "N" }

// over reports whether n users are more than may be changed just so.
func (c consent) over(n int) bool {
	if c.limit.given {
		return n > c.limit.n
	}
	return n > defaultLimit && !c.yes
}

// permit asks whether n users are to be changed, where the command line does not
// say so already. always asks for few, too. preview shows what is asked about.
func (c consent) permit(ctx context.Context, a *app, n int, always bool, preview func()) error {
	over, many := c.over(n), plural(n, cmp.Or(c.what, "user"))
	switch {
	case over && c.limit.given:
		return hint(usage("%s would be changed, and --limit is %d; nothing is changed", many, c.limit.n), "look with --dry-run, then raise --limit")
	case !over && (c.yes || c.limit.given || !always):
		return nil
	case !a.env.asks():
		return hint(usage("%s would be changed, and there is no terminal to ask on; nothing is changed", many),
			"look with --dry-run, then go ahead with --yes or --limit N")
	}
	preview()
	question, want := fmt.Sprintf("Change %s? [y/N] ", many), "y"
	if over {
		question, want = fmt.Sprintf("Type %d to change %s: ", n, many), strconv.Itoa(n)
	}
	answer, err := a.env.ReadLine(ctx, question)
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return usage("ask for consent: %w", err)
	case answer == want, want == "y" && answer == "yes":
		return nil
	}
	return fmt.Errorf("%q is no consent, so nothing is changed", answer)
}

// readLine asks on the terminal itself, so that standard input may be a file.
func readLine(ctx context.Context, prompt string) (string, error) {
	in, out, err := openTerminal()
	if err != nil {
		return "", err
	}
	defer in.Close()
	defer out.Close()
	if _, err := fmt.Fprint(out, prompt); err != nil {
		return "", err
	}
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() {
		text, err := bufio.NewReader(io.LimitReader(in, 1<<10)).ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// previewed is how many changes are shown before the question.
const previewed = 25

// preview shows what is asked about.
func preview(a *app, p plan.Plan) {
	for i, e := range p.Entries {
		if i == previewed {
			a.note("… and %d more; --dry-run shows all", len(p.Entries)-i)
			break
		}
		a.note("%s: %s", e.User, differences(e))
	}
}

// differences is an entry in a few words.
func differences(e plan.Entry) string {
	var all []string
	for _, row := range [][3]string{{homedir.AttrRoot, e.Before.Root, e.After.Root}, {homedir.AttrDir, e.Before.Dir, e.After.Dir}} {
		if row[1] != row[2] {
			all = append(all, fmt.Sprintf("%s %s → %s", row[0], shown(row[1]), shown(row[2])))
		}
	}
	return strings.Join(all, ", ")
}

// tellNobody says that a plan is about nobody: no user matches, or a list has no rows.
// Without it a wrong name of a root looks like success.
func tellNobody(a *app, t plan.Totals) {
	if t == (plan.Totals{}) && !a.quiet {
		a.note("no user is concerned, so there is nothing to do")
	}
}

// tellTotals says in one line what a plan amounts to.
func tellTotals(a *app, t plan.Totals) {
	if t != (plan.Totals{}) && !a.quiet {
		a.note("%d to set, %d to change, %d to clear, %d unchanged, %d refused", t.Set, t.Change, t.Clear, t.Unchanged, t.Refused)
	}
}
