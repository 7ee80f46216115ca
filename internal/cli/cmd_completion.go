package cli

import "github.com/spf13/cobra"

const completionHelp = `Print a completion script for a shell.

  bash:        source <(ftpisoctl completion bash)
  zsh:         ftpisoctl completion zsh > "${fpath[1]}/_ftpisoctl"
  fish:        ftpisoctl completion fish | source
  PowerShell:  ftpisoctl completion powershell | Out-String | Invoke-Expression`

func newCompletionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:       "completion bash|zsh|fish|powershell",
		Short:     "Print a completion script for a shell",
		Long:      completionHelp,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		Args:      exactly(1, "shell"),
		RunE:      func(cmd *cobra.Command, args []string) error { return runCompletion(cmd, a, args[0]) },
	}
}

func runCompletion(cmd *cobra.Command, a *app, shell string) error {
	root, out := cmd.Root(), a.out
	switch shell {
	case "bash":
		return root.GenBashCompletionV2(out, true)
	case "zsh":
		return root.GenZshCompletion(out)
	case "fish":
		return root.GenFishCompletion(out, true)
	case "powershell":
		return root.GenPowerShellCompletionWithDesc(out)
	}
	return hint(usage("there is no completion for %q", shell), "the shells are bash, zsh, fish and powershell")
}
