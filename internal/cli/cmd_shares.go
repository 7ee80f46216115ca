package cli

import "github.com/spf13/cobra"

const sharesHelp = `See the shares of file servers, and check the places that homes point to.`

// shareCommands lists the commands below shares. A new one is one more line
// here.
func shareCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newSharesListCommand(a),
		newSharesCheckCommand(a),
	}
}

func newSharesCommand(a *app) *cobra.Command {
	return parent(&cobra.Command{
		Use:   "shares",
		Short: "Check the places that homes point to",
		Long:  sharesHelp,
	}, shareCommands(a)...)
}
