package cli

import (
	"errors"
	"io"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

// refusals are what a run could not take or not change.
type refusals struct {
	format  intake.Format  // of the file that asked for it; "" when that was none
	head    string         // the line that names its columns
	refused []plan.Refusal // not taken into the plan
	entries []plan.Entry   // in the plan, and not changed
}

// errors are the problems of what was not taken into the plan. One that the
// directory has nothing to do with is one of what was typed.
func (r *refusals) errors() []error {
	var all []error
	for _, one := range r.refused {
		if exitCode(one.Err) == exitFailed {
			one.Err = usage("%w", one.Err)
		}
		all = append(all, one.Err)
	}
	return all
}

// maxProblems is how many problems are told one by one.
const maxProblems = 100

// report tells the problems, and how many more there are.
func (r *refusals) report(a *app) {
	for i, one := range r.refused {
		if i == maxProblems {
			a.note("… and %d more", len(r.refused)-i)
			return
		}
		tell(a, output.Red, "error:", one.Err.Error())
	}
}

// end is the error of a run that stops because of them. Its code is the one that
// all share, else that of a file that makes no sense.
func (r *refusals) end(of int) error {
	all := r.errors()
	code := exitCode(all[0])
	for _, err := range all {
		if exitCode(err) != code {
			code = exitUsage
		}
	}
	err := usage("%d of %s cannot be taken, so nothing is written", len(all), plural(max(of, len(all)), "user"))
	return &exitError{code: code, err: err, hint: "--on-error continue takes the others, and --rejects FILE keeps these"}
}

// write writes what a run has left to be done, in the format that asked for it,
// else in that of the file's name. Without a path nobody wants it.
func (r *refusals) write(path string) error {
	if path == "" {
		return nil
	}
	format := r.format
	if format == "" {
		format = intake.ByName(path)
	}
	return rewrite(path, func(out io.Writer) error {
		w := intake.NewWriter(out, format, r.head)
		var err error
		for _, one := range r.refused {
			if one.Row.Source != "" {
				err = errors.Join(err, w.Copy(one.Row))
			}
		}
		for _, e := range r.entries {
			if e.Source != "" {
				err = errors.Join(err, w.Copy(intake.Row{Source: e.Source}))
			} else {
				err = errors.Join(err, w.Write(rowOf(e, format)))
			}
		}
		return errors.Join(err, w.Close())
	})
}

// rowOf is the row that asks for what an entry changes.
func rowOf(e plan.Entry, format intake.Format) intake.Row {
	row := intake.Row{User: e.User}
	if format == intake.LDIF {
		row.User = e.DN
	}
	if e.Before.Root != e.After.Root {
		row.Root = intake.Value{Given: true, Text: e.After.Root}
	}
	if e.Before.Dir != e.After.Dir {
		row.Dir = intake.Value{Given: true, Text: e.After.Dir}
	}
	return row
}

// writeRollback writes the LDIF that takes entries back, each provided that what
// they wrote is still there.
func writeRollback(path string, entries []plan.Entry) error {
	return rewrite(path, func(out io.Writer) error {
		w := intake.NewWriter(out, intake.LDIF, "")
		var err error
		for _, e := range entries {
			e.Before, e.After = e.After, e.Before
			row := rowOf(e, intake.LDIF)
			row.ExpectRoot = intake.Value{Given: row.Root.Given, Text: e.Before.Root}
			row.ExpectDir = intake.Value{Given: row.Dir.Given, Text: e.Before.Dir}
			err = errors.Join(err, w.Write(row))
		}
		return errors.Join(err, w.Close())
	})
}
