package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const auditRuleHelp = `Explain one rule of the audit: what it finds, why that matters, and what to do about
it. Nobody is asked for that.`

func newAuditRuleCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "rule ID",
		Short:   "Explain one rule of the audit",
		Long:    auditRuleHelp,
		Example: "  ftpisoctl audit rule X02",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("audit rule needs the id of one rule")
			}
			return nil
		},
		ValidArgsFunction: ruleIDs,
		RunE:              func(_ *cobra.Command, args []string) error { return explainRule(a, args[0]) },
	}
}

func explainRule(a *app, id string) error {
	for _, r := range allRules() {
		if !strings.EqualFold(r.ID, id) {
			continue
		}
		fix := "no"
		if r.Fix {
			fix = "yes"
		}
		_, err := fmt.Fprintf(a.out, "%s  %s\n\nseverity  %s\nlevel     %d\nfix       %s\n\n%s\n\nRemedy: %s\n", r.ID, r.Title, r.Severity, r.Level, fix, r.Explanation, r.Remedy)
		if err == nil && len(r.References) > 0 {
			_, err = fmt.Fprintf(a.out, "\nSee: %s\n", strings.Join(r.References, "; "))
		}
		return err
	}
	return hint(usage("there is no rule %q", id), "ftpisoctl audit rules lists them")
}
