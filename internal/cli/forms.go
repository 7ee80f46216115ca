package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// recordList is what a command prints: a list with a name, in columns.
type recordList struct {
	name    string // its key in JSON; part of the output's contract
	columns []output.Column
	ldif    bool // the records are output.Entrants
}

// formFlags are the flags of every command that prints records. What they say is
// checked when the command line is parsed, before anything is done.
type formFlags struct {
	list       recordList
	others     []recordList // that other flags of the command ask for
	documents  []string     // further forms, which show more than the list: the command writes them itself
	flags      *pflag.FlagSet
	format     output.Format
	header, no bool // --header, --no-headers
	columns    titles
	sort       titles
}

// add gives a command its flags, for the list that it prints and for others that it
// may choose.
func (f *formFlags) add(cmd *cobra.Command, list recordList, others ...recordList) {
	f.list, f.others, f.flags = list, others, cmd.Flags()
	f.columns, f.sort = titles{form: f}, titles{form: f}
	forms := "`FORM` of the output: " + strings.Join(f.forms(), ", ") + "TEXT (default: table on a terminal, tsv on a pipe)"
	f.flags.VarP(formFlag{f}, "output", "o", forms)
	f.flags.Var(&f.columns, "columns", "the `COLUMNS` to show, separated by commas: "+strings.Join(output.Titles(list.columns), ", "))
	f.flags.Var(&f.sort, "sort", "sort by these `COLUMNS`; a dash before one turns its order round. Nothing is shown before all is there")
	f.flags.BoolVar(&f.header, "header", false, "with a header line, on a pipe too")
	f.flags.BoolVar(&f.no, "no-headers", false, "without a header line, in tables and CSV too")
	offer := func(flag string, words []string) {
		// It fails only where the flag is missing.
		_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	offer("output", f.forms())
	offer("columns", output.Titles(list.columns))
	offer("sort", output.Titles(list.columns))
}

// forms names those that the list can have.
func (f *formFlags) forms() []string {
	names := slices.DeleteFunc(output.Formats(), func(name string) bool { return name == string(output.LDIF) && !f.list.ldif })
	return slices.Insert(names, len(names)-1, f.documents...) // the template ends the list, since its text follows
}

// document reports whether the form is one that the command writes itself.
func (f *formFlags) document() bool { return slices.Contains(f.documents, string(f.format)) }

// formFlag is the value of --output.
type formFlag struct{ *formFlags }

// Set accepts a form that the list can have.
func (v formFlag) Set(s string) error {
	if s == string(output.LDIF) && !v.list.ldif {
		return errors.New("these records have no form in LDIF")
	}
	if slices.Contains(v.documents, s) {
		v.format = output.Format(s)
		return v.agree()
	}
	if err := v.format.Set(s); err != nil {
		if len(v.documents) > 0 && !strings.Contains(s, "=") {
			return fmt.Errorf("the form of output is one of %s, not %q", strings.Join(v.forms(), ", "), s)
		}
		return err
	}
	return v.agree()
}

// String returns the form.
func (v formFlag) String() string {
	if v.formFlags == nil { // pflag asks a zero value, too
		return ""
	}
	return v.format.String()
}

// Type returns the word that help shows for the value.
func (v formFlag) Type() string { return v.format.Type() }

// titles is the value of --columns and --sort.
type titles struct {
	form  *formFlags
	names []string
}

// Set accepts titles of columns, separated by commas.
func (t *titles) Set(s string) error {
	names := strings.Split(s, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	if err := t.form.check(names); err != nil {
		return err
	}
	t.names = names
	return t.form.agree()
}

// String returns the titles.
func (t *titles) String() string { return strings.Join(t.names, ",") }

// Type returns the word that help shows for the value.
func (t *titles) Type() string { return "COLUMNS" }

// check refuses titles that are in none of the lists.
func (f *formFlags) check(names []string) error {
	err := output.CheckColumns(f.list.columns, names)
	for _, other := range f.others {
		if err != nil && output.CheckColumns(other.columns, names) == nil {
			return nil
		}
	}
	return err
}

// choose has the command print one of its lists. What the flags say must be of that.
func (f *formFlags) choose(list recordList) error {
	f.list, f.others = list, nil
	for flag, names := range map[string][]string{"columns": f.columns.names, "sort": f.sort.names} {
		if err := f.check(names); err != nil {
			return usage("--%s: %w", flag, err)
		}
	}
	if !list.ldif && f.format == output.LDIF {
		return usage("--output: these records have no form in LDIF")
	}
	return nil
}

// agree refuses --columns with a form that has none. Each of the two flags asks,
// since either may come last.
func (f *formFlags) agree() error {
	form, _, _ := strings.Cut(string(f.format), "=")
	if len(f.columns.names) > 0 && slices.Contains([]string{string(output.LDIF), string(output.Name), "template"}, form) {
		return fmt.Errorf("the form %s has no columns to choose", form)
	}
	if f.document() && len(f.columns.names)+len(f.sort.names) > 0 {
		return fmt.Errorf("the form %s has no columns to choose or to sort by", form)
	}
	if i := slices.IndexFunc(f.columns.names, func(name string) bool { return strings.HasPrefix(name, "-") }); i >= 0 {
		return fmt.Errorf("there is no column %q", f.columns.names[i])
	}
	return nil
}

// streams reports whether records are shown as they come.
func (f *formFlags) streams(terminal bool) bool {
	return len(f.sort.names) == 0 && !f.document() && f.format.Streams(terminal)
}

// table reports whether the records come as a table, for people.
func (f *formFlags) table(a *app) bool {
	return f.format == output.Table || f.format == output.Auto && a.env.IsTerminal(a.env.Stdout)
}

// printer starts the list on standard output.
func (a *app) printer(f *formFlags) *output.Printer {
	c := output.Config{
		Out: a.out, Terminal: a.env.IsTerminal(a.env.Stdout), Color: a.env.colors(a.color, a.env.Stdout), Format: f.format,
		Name: f.list.name, Columns: f.list.columns, Show: f.columns.names, Sort: f.sort.names,
	}
	switch {
	case f.no:
		header := false
		c.Header = &header
	case f.flags.Changed("header"):
		c.Header = &f.header
	}
	return output.New(c)
}
