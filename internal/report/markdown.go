package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/audit"
)

// writeMarkdown writes what belongs into a ticket or a merge request: the verdict, the
// findings by rule with evidence and remedy, and what was not checked.
func writeMarkdown(out io.Writer, d *document) error {
	var page strings.Builder
	page.WriteString("# Audit of FTP user isolation\n\n")
	if !d.Complete {
		page.WriteString("**The audit was cut short: findings are missing.**\n\n")
	}
	fmt.Fprintf(&page, "Result: %s\n\n", prose(d.Verdict()))
	fmt.Fprintf(&page, "- Domain: %s\n- Domain controller: %s\n- Begun: %s, took %.1f s\n- Level: %d (%s)\n- Made by: %s\n",
		code(d.Domain), code(d.Server), d.Started.UTC().Format(time.RFC3339), d.Took, d.Level, prose(d.Cost), code(d.Tool))
	findings := map[string][]*audit.Finding{}
	for i := range d.Findings {
		f := &d.Findings[i]
		findings[f.Rule] = append(findings[f.Rule], f)
	}
	for i := range d.Rules {
		markdownRule(&page, &d.Rules[i], findings[d.Rules[i].ID])
	}
	markdownStrangers(&page, d)
	markdownUnchecked(&page, d)
	markdownPlaces(&page, d)
	_, err := io.WriteString(out, page.String())
	return err
}

// markdownRule is a section for a rule that found something.
func markdownRule(page *strings.Builder, r *audit.Rule, findings []*audit.Finding) {
	if len(findings) == 0 {
		return
	}
	fmt.Fprintf(page, "\n## Rule %s: %s\n\nSeverity: %s. %s\n\nRemedy: %s\n\n", code(r.ID), prose(r.Title), r.Severity, prose(r.Explanation), prose(r.Remedy))
	page.WriteString(markdownHeader)
	for _, f := range findings {
		markdownFinding(page, f)
	}
}

const markdownHeader = "| Severity | Login | Location | Finding | Evidence | Status |\n| --- | --- | --- | --- | --- | --- |\n"

// markdownStrangers are findings of rules that the report does not declare.
func markdownStrangers(page *strings.Builder, d *document) {
	said := false
	for i := range d.Findings {
		f := &d.Findings[i]
		if _, known := d.ruleAt[f.Rule]; known {
			continue
		}
		if !said {
			said = true
			page.WriteString("\n## Other findings\n\n" + markdownHeader)
		}
		markdownFinding(page, f)
	}
}

func markdownFinding(page *strings.Builder, f *audit.Finding) {
	var evidence []string
	for _, e := range f.Evidence {
		evidence = append(evidence, code(e.Name+"="+e.Value))
	}
	status := "found"
	if f.Status == audit.Suppressed {
		status = "suppressed: " + code(f.Suppressed)
	}
	fmt.Fprintf(page, "| %s | %s | %s | %s | %s | %s |\n", f.Severity, code(f.Login), code(f.Location), code(f.Message), strings.Join(evidence, "<br>"), status)
}

func markdownUnchecked(page *strings.Builder, d *document) {
	if d.notChecked() == 0 && len(d.Unreachable) == 0 {
		return
	}
	page.WriteString("\n## Not checked\n\n| What | How often | Why |\n| --- | ---: | --- |\n")
	for _, u := range d.Unreachable {
		fmt.Fprintf(page, "| %s | %s | %s |\n", code(u.Name), count(u.Users, "user"), code(u.Detail))
	}
	for _, r := range d.Results {
		for _, reason := range r.Reasons {
			fmt.Fprintf(page, "| %s | %d | %s |\n", code(r.Rule), reason.Count, code(reason.Text))
		}
	}
}

func markdownPlaces(page *strings.Builder, d *document) {
	if len(d.Servers) == 0 {
		return
	}
	page.WriteString("\n## Servers and shares\n\n| Server | Share | Homes | Size of the homes | Free | State |\n| --- | --- | ---: | ---: | ---: | --- |\n")
	for _, s := range d.Servers {
		for _, share := range s.Shares {
			state := share.State
			if state == "" {
				state = s.State
			}
			fmt.Fprintf(page, "| %s | %s | %d | %s | %s | %s |\n", code(s.Name), code(share.Name), len(share.Homes), sizeOf(share), freeOf(share), code(stateWord(state)))
		}
	}
}

// code shows text as it is: in a code span nothing is markup, a link or a mention. A bar
// would end a cell even there, and how it is escaped behind a backslash depends on who
// reads.
func code(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(text, "|", "‹U+007C›")
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " " // taken off again by whoever reads it
	}
	return fence + text + fence
}

// prose escapes text within a line. Mentions and numbers of issues are looked for when
// escapes are gone, so a joiner that nobody sees keeps them apart.
func prose(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `|`, `\|`, `~`, `\~`, `!`, `\!`,
		`://`, `\:&#8204;//`, `www.`, `www&#8204;.`, `WWW.`, `WWW&#8204;.`, `@`, `@&#8204;`, `#`, `\#&#8204;`,
	).Replace(text)
}
