package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

const manHelp = `Print the manual page of the program, or write the pages of all commands into a
folder, which is made if it is not there. They are made from the help texts.

  ftpisoctl man | man -l -
  ftpisoctl man /usr/local/share/man/man1`

type manOptions struct {
	markdown bool
}

func newManCommand(a *app) *cobra.Command {
	var o manOptions
	cmd := &cobra.Command{
		Use:   "man [DIR]",
		Short: "Print the manual, or write its pages",
		Long:  manHelp,
		Args:  atMostOne("DIR"),
		RunE:  func(cmd *cobra.Command, args []string) error { return runMan(cmd.Root(), a, o, args) },
		// A folder is what a shell offers without being told.
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
	}
	cmd.Flags().BoolVar(&o.markdown, "markdown", false, "as Markdown")
	return cmd
}

func runMan(root *cobra.Command, a *app, o manOptions, args []string) error {
	page, name := roffPage, func(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") + ".1" }
	if o.markdown {
		page, name = markdownPage, markdownName
	}
	if len(args) == 0 {
		_, err := a.out.Write([]byte(page(root)))
		return err
	}
	if err := os.MkdirAll(args[0], 0o755); err != nil {
		return err
	}
	for _, cmd := range documented(root) {
		if err := os.WriteFile(filepath.Join(args[0], name(cmd)), []byte(page(cmd)), 0o644); err != nil {
			return err
		}
	}
	return nil
}
