package cli

import (
	"strings"

	"github.com/spf13/cobra"
)

const helpHelp = `Show the help of a command; --help after the command does the same.`

// newHelpCommand takes the place of cobra's own, which takes a command that does
// not exist for a success.
func newHelpCommand(*app) *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND…]",
		Short:             "Show the help of a command",
		Long:              helpHelp,
		Example:           "  ftpisoctl help set\n  ftpisoctl help shares check",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeCommands,
		RunE:              func(cmd *cobra.Command, args []string) error { return runHelp(cmd, args) },
	}
}

func runHelp(cmd *cobra.Command, args []string) error {
	found, rest, err := cmd.Root().Find(args)
	switch {
	case err != nil:
		return err
	case len(rest) > 0:
		return unknownCommand(found, rest[0])
	}
	return found.Help()
}

// completeCommands offers the commands below those that are typed already.
func completeCommands(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
	found, rest, err := cmd.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, child := range found.Commands() {
		if child.IsAvailableCommand() && strings.HasPrefix(child.Name(), begun) {
			names = append(names, child.Name()+"\t"+child.Short)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
