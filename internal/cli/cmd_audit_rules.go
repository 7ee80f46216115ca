package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
	"github.com/ftpisoctl/ftpisoctl/internal/audit/rules"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const auditRulesHelp = `List the rules of the audit, with their severity, the level from which on they are
asked, and whether a plan can repair what they find. Nobody is asked for that. An id
never changes its meaning. --markdown prints the reference of all rules instead.`

func newAuditRulesCommand(a *app) *cobra.Command {
	var form formFlags
	var markdown bool
	cmd := &cobra.Command{
		Use:     "rules",
		Short:   "List the rules of the audit",
		Long:    auditRulesHelp,
		Example: "  ftpisoctl audit rules\n  ftpisoctl audit rules -o json",
		Args:    none,
		RunE: func(*cobra.Command, []string) error {
			if markdown {
				_, err := fmt.Fprint(a.out, rulesPage())
				return err
			}
			return listRules(a, &form)
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the reference of all rules in Markdown")
	form.add(cmd, ruleList())
	return cmd
}

// ruleList is what audit rules prints.
func ruleList() recordList {
	return recordList{name: "rules", columns: []output.Column{
		{Title: "id"}, {Title: "severity"}, {Title: "level"}, {Title: "fix"}, {Title: "title"},
		{Title: "explanation", Detail: true}, {Title: "remedy", Detail: true}, {Title: "references", Detail: true},
	}}
}

func listRules(a *app, form *formFlags) error {
	printer := a.printer(form)
	for _, r := range allRules() {
		fix := "no"
		if r.Fix {
			fix = "yes"
		}
		if err := printer.Row(r, r.ID, r.Severity.String(), strconv.Itoa(r.Level), fix, r.Title, r.Explanation, r.Remedy, strings.Join(r.References, "; ")); err != nil {
			return err
		}
	}
	return printer.Close(true)
}

// allRules are those of the table, and the one of the engine.
func allRules() []audit.Rule {
	var all []audit.Rule
	for _, c := range rules.All() {
		all = append(all, c.Rule)
	}
	return append(all, audit.ExpiredRule())
}

// ruleIDs offers the ids to a shell.
func ruleIDs(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var ids []string
	for _, r := range allRules() {
		ids = append(ids, r.ID+"\t"+r.Title)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// rulesPage is the reference of all rules, docs/audit-rules.md.
func rulesPage() string {
	var page strings.Builder
	page.WriteString("# The rules of the audit\n\nWritten from the rules themselves by `make docs`. [ftpisoctl audit](commands/audit.md) asks them; an id never changes its meaning.\n" +
		"A finding may weigh more or less than its rule, where the rule says so.\n\n| Id | Severity | Level | Fix | Finds |\n| --- | --- | :-: | :-: | --- |\n")
	all := allRules()
	for _, r := range all {
		fix := ""
		if r.Fix {
			fix = "●"
		}
		fmt.Fprintf(&page, "| [%s](#%s) | %s | %d | %s | %s |\n", r.ID, strings.ToLower(r.ID), r.Severity, r.Level, fix, markdown(r.Title))
	}
	for _, r := range all {
		fmt.Fprintf(&page, "\n## %s\n\n**%s.** %s.\n\n%s\n\n*Remedy:* %s\n", r.ID, capital(markdown(r.Title)), capital(r.Severity.String()), markdown(r.Explanation), markdown(r.Remedy))
		if len(r.References) > 0 {
			page.WriteString("\n*See:* " + markdown(strings.Join(r.References, "; ")) + "\n")
		}
	}
	return page.String()
}

// capital begins a sentence.
func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
