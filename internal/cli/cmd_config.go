package cli

import "github.com/spf13/cobra"

const configHelp = `Look at the configuration in use.`

func newConfigCommand(a *app) *cobra.Command {
	return parent(&cobra.Command{
		Use:   "config",
		Short: "Look at the configuration in use",
		Long:  configHelp,
	}, newConfigShowCommand(a))
}
