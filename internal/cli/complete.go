package cli

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secret"
)

// completionBudget is how long a shell waits for live values.
const completionBudget = 300 * time.Millisecond

// complete says what a shell may offer for the arguments and flags of a command and
// of all below it. What arguments are is read from the line of usage.
func complete(a *app, cmd *cobra.Command) {
	words := strings.Fields(strings.NewReplacer("[", "", "]", "", "{", "", "}", "").Replace(cmd.Use))
	has := func(word string) bool { return slices.Contains(words, word) }
	switch {
	case cmd.ValidArgs != nil || cmd.ValidArgsFunction != nil || cmd.HasSubCommands():
	case has("USER…"):
		cmd.ValidArgsFunction = suggest(a, "user", -1)
	case has("USER"):
		cmd.ValidArgsFunction = suggest(a, "user", 1)
	default:
		cmd.ValidArgsFunction = cobra.NoFileCompletions
	}
	for flag, values := range map[string]cobra.CompletionFunc{
		"ou": suggest(a, "ou", -1), "group": suggest(a, "group", -1), "to": suggest(a, "group", -1),
	} {
		if cmd.LocalNonPersistentFlags().Lookup(flag) != nil {
			_ = cmd.RegisterFlagCompletionFunc(flag, values) // fails only where the flag is missing
		}
	}
	for _, child := range cmd.Commands() {
		complete(a, child)
	}
}

// completeGlobal does so for the flags of all commands.
func completeGlobal(a *app, root *cobra.Command) {
	for flag, values := range map[string]cobra.CompletionFunc{
		"profile": profileNames(a),
		"color":   cobra.FixedCompletions([]string{string(colorAuto), string(colorAlways), string(colorNever)}, cobra.ShellCompDirectiveNoFileComp),
		"trace":   cobra.FixedCompletions([]string{"ldap"}, cobra.ShellCompDirectiveNoFileComp),
	} {
		_ = root.RegisterFlagCompletionFunc(flag, values) // fails only where the flag is missing
	}
}

// profileNames offers the profiles of the configuration in use.
func profileNames(a *app) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		file, _, err := wholeConfigFile(silent(a))
		var names []string
		if err == nil {
			for _, p := range file.Directory.Profiles {
				if strings.HasPrefix(p.Name, begun) {
					names = append(names, p.Name)
				}
			}
		}
		return names, cobra.ShellCompDirectiveNoFileComp
	}
}

// suggest offers names of the directory, for so many arguments, -1 for any number.
// It never asks anybody, runs nothing, and is silent about whatever goes wrong.
func suggest(a *app, what string, most int) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if most >= 0 && len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		ctx, cancel := context.WithTimeout(cmd.Context(), completionBudget)
		defer cancel()
		found := make(chan []string, 1)
		go func() { found <- namesFor(ctx, silent(a), what, begun) }()
		select {
		case names := <-found:
			return names, cobra.ShellCompDirectiveNoFileComp
		case <-ctx.Done(): // a file on a server that hangs does not know of it
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
	}
}

// silent is the program without anything to say.
func silent(a *app) *app {
	quiet := *a
	quiet.env.Stderr, quiet.verbose, quiet.trace, quiet.quiet = io.Discard, 0, nil, true
	return &quiet
}

// namesFor asks the directory, as the account that the settings name if its password
// can be had without asking for it.
func namesFor(ctx context.Context, a *app, what, begun string) []string {
	file, _, err := a.configFile()
	if err != nil {
		return nil
	}
	c, err := a.connection(file.Directory.Connection)
	if err != nil || c.PasswordCommand != "" || c.source().none() && !c.Kerberos {
		return nil // the command might ask, or take its time
	}
	cfg, err := directoryConfigWith(a, c, func() (secret.Text, error) {
		if c.source().none() {
			return secret.Text{}, nil
		}
		return a.env.readSecret(ctx, c.source())
	})
	if err != nil {
		return nil
	}
	cfg.Timeout = completionBudget
	directory, err := ldapattr.Open(ctx, cfg)
	if err != nil {
		return nil
	}
	defer directory.Close()
	names, _ := ldapattr.Suggest(ctx, directory, what, begun)
	var offered []string
	for _, name := range names {
		// What is typed stays as it is: shells compare letter by letter.
		if output.Printable(name) == name {
			offered = append(offered, begun+name[len(begun):])
		}
	}
	slices.Sort(offered)
	return offered
}
