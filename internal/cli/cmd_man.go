package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

const manHelp = `Print the manual page of the program, or write the pages of all commands into a
folder that is there. They are made from the help texts.

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
	for _, cmd := range documented(root) {
		if err := writePage(filepath.Join(args[0], name(cmd)), page(cmd)); err != nil {
			return usage("write the manual: %w", err)
		}
	}
	return nil
}

// writePage makes a file that is as open as the user's files are.
func writePage(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
