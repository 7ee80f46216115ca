package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/config"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const configShowHelp = `Show the configuration in force: the file with every default, and over its
directory section the profile in use, what variables and flags say, and what is
assumed from who is logged on. It contacts nobody.

Passwords are never shown. Of a command that prints one only the program is, since
its arguments may be secrets.

--origin lists each key with its value and where that comes from: a line of the
file, a variable, a flag, or the default.`

type configShowOptions struct {
	origin bool
	form   formFlags
}

func newConfigShowCommand(a *app) *cobra.Command {
	var o configShowOptions
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Show the configuration in force",
		Long:  configShowHelp,
		Example: `  ftpisoctl config show --profile lab
  ftpisoctl config show --origin | grep directory`,
		Args: none,
		RunE: func(cmd *cobra.Command, _ []string) error { return runConfigShow(cmd, a, o) },
	}
	cmd.Flags().BoolVar(&o.origin, "origin", false, "list each key with its value and where that comes from")
	o.form.add(cmd, recordList{name: "settings", columns: []output.Column{
		{Title: "key"}, {Title: "value", Absent: "(none)"}, {Title: "origin"},
	}})
	return cmd
}

// originRecord is one key in JSON.
type originRecord struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Origin string `json:"origin"`
}

func runConfigShow(cmd *cobra.Command, a *app, o configShowOptions) error {
	for _, flag := range []string{"output", "columns", "sort", "header", "no-headers"} {
		if !o.origin && cmd.Flags().Changed(flag) {
			return hint(usage("--%s goes with --origin", flag), "without it the configuration is shown as a file")
		}
	}
	file, path, err := a.configFile()
	if err != nil {
		return err
	}
	journal := a.env.lookup(journalVariable)
	if journal != "" {
		file.Journal = journal
	}
	if !o.origin {
		return printConfig(a, file)
	}
	c, err := a.connection(file.Directory.Connection)
	if err != nil {
		return err
	}
	places := origins{c: c, path: path, profile: profileInUse(a), section: file.Directory, lines: map[string]int{}}
	file.Directory.Connection = c.Connection
	values, err := file.Values(path)
	if err != nil {
		return err
	}
	for _, v := range values {
		places.lines[v.Key] = v.Line
	}
	if !c.password.Empty() {
		values = slices.Insert(values, 0, config.Value{Key: "directory.password", Text: "***"})
	}
	printer := a.printer(&o.form)
	for _, v := range values {
		record := originRecord{v.Key, v.Text, places.of(v.Key)}
		if v.Key == "journal" && journal != "" {
			record.Origin = journalVariable
		}
		if err := printer.Row(record, record.Key, record.Value, record.Origin); err != nil {
			return err
		}
	}
	return printer.Close(true)
}

// origins knows where values come from.
type origins struct {
	c       connection
	path    string
	lines   map[string]int
	profile string
	section config.DirectorySection // as the file has it
}

func (o origins) of(key string) string {
	name, ours := strings.CutPrefix(key, "directory.")
	if name == "password" {
		return passwordVariable
	}
	if ours && !strings.HasPrefix(name, "profiles") {
		for _, s := range settings() {
			if from := o.c.origin[s.flag]; s.key() == name && from != "" {
				return from
			}
		}
		key = o.section.Of(o.profile, name)
	}
	if line := o.lines[key]; line > 0 {
		return fmt.Sprintf("%s:%d", o.path, line)
	}
	return "default"
}
