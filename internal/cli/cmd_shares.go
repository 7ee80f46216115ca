package cli

import "github.com/spf13/cobra"

const sharesHelp = `See the shares of file servers and who may do what there, check the places that homes
point to, and make those that are missing.`

// shareCommands lists the commands below shares. A new one is one more line
// here.
func shareCommands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newSharesListCommand(a),
		newSharesCheckCommand(a),
		newSharesMkdirCommand(a),
		newSharesACLCommand(a),
	}
}

func newSharesCommand(a *app) *cobra.Command {
	return parent(&cobra.Command{
		Use:   "shares",
		Short: "Check and make the places that homes point to",
		Long:  sharesHelp,
	}, shareCommands(a)...)
}
