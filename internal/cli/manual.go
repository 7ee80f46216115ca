package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// documented returns a command and all below it that have a page.
func documented(root *cobra.Command) []*cobra.Command {
	list := []*cobra.Command{root}
	for _, child := range root.Commands() {
		if child.IsAvailableCommand() || child.Name() == "help" {
			list = append(list, documented(child)...)
		}
	}
	return list
}

// paragraph is a part of a help text: flowing words, or lines to be kept.
type paragraph struct {
	lines []string
	kept  bool // indented in the help, such as an example
}

// paragraphs takes a help text apart.
func paragraphs(text string) []paragraph {
	var all []paragraph
	for part := range strings.SplitSeq(text, "\n\n") {
		lines := strings.Split(strings.TrimRight(part, "\n"), "\n")
		kept := func(line string) bool { return strings.HasPrefix(line, "  ") }
		for len(lines) > 0 {
			n := slices.IndexFunc(lines, func(line string) bool { return kept(line) != kept(lines[0]) })
			if n < 0 {
				n = len(lines)
			}
			all = append(all, paragraph{lines[:n], kept(lines[0])})
			lines = lines[n:]
		}
	}
	return all
}

// ownFlags are those that a page explains: its own, and on the first page those of
// all commands.
func ownFlags(cmd *cobra.Command) *pflag.FlagSet {
	if !cmd.HasParent() {
		return cmd.PersistentFlags()
	}
	return cmd.NonInheritedFlags()
}

// related names the commands around one: above, below.
func related(cmd *cobra.Command) []*cobra.Command {
	var list []*cobra.Command
	if cmd.HasParent() {
		list = append(list, cmd.Parent())
	}
	for _, child := range cmd.Commands() {
		if child.IsAvailableCommand() {
			list = append(list, child)
		}
	}
	return list
}

// roffPage is the manual page of a command, in the macros of man(7).
func roffPage(cmd *cobra.Command) string {
	var page strings.Builder
	name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
	page.WriteString(`.TH "` + strings.ToUpper(roff(name)) + `" "1" "" "ftpisoctl ` + roff(build().Version) + "\" \"User Commands\"\n")
	page.WriteString(".SH NAME\n" + roff(name) + ` \- ` + roff(cmd.Short) + "\n")
	page.WriteString(".SH SYNOPSIS\n.B " + roff(cmd.UseLine()) + "\n.SH DESCRIPTION\n")
	for i, p := range paragraphs(cmd.Long) {
		if i > 0 {
			page.WriteString(".PP\n")
		}
		roffParagraph(&page, p)
	}
	if ownFlags(cmd).HasAvailableFlags() {
		page.WriteString(".SH OPTIONS\n")
	}
	ownFlags(cmd).VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		flag := "--" + f.Name
		if f.Shorthand != "" {
			flag = "-" + f.Shorthand + ", " + flag
		}
		page.WriteString(".TP\n\\fB" + roff(flag) + "\\fR " + roff(value) + "\n" + roff(usage) + "\n")
	})
	if cmd.Example != "" {
		page.WriteString(".SH EXAMPLES\n")
		roffParagraph(&page, paragraph{strings.Split(cmd.Example, "\n"), true})
	}
	page.WriteString(".SH EXIT STATUS\n.TS\nr l.\n")
	for _, row := range exitCodes() {
		page.WriteString(row.text() + "\n")
	}
	page.WriteString(".TE\n")
	if list := related(cmd); len(list) > 0 {
		page.WriteString(".SH SEE ALSO\n")
		for i, other := range list {
			if i > 0 {
				page.WriteString(",\n")
			}
			page.WriteString(".BR " + roff(strings.ReplaceAll(other.CommandPath(), " ", "-")) + " (1)")
		}
		page.WriteString("\n")
	}
	return page.String()
}

func roffParagraph(page *strings.Builder, p paragraph) {
	if p.kept {
		page.WriteString(".nf\n")
	}
	for _, line := range p.lines {
		page.WriteString(roff(line) + "\n")
	}
	if p.kept {
		page.WriteString(".fi\n")
	}
}

// roff writes a line such that troff prints it as it is.
func roff(line string) string {
	line = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", `\[u2026]`).Replace(line)
	if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
		line = `\&` + line
	}
	return line
}

// markdownName is the file of a command's page; the first is what a folder shows.
func markdownName(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return "README.md"
	}
	return strings.ReplaceAll(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), " ", "_") + ".md"
}

// markdownPage is the page of a command in Markdown.
func markdownPage(cmd *cobra.Command) string {
	var page strings.Builder
	block := func(lines ...string) {
		page.WriteString("\n```\n" + strings.Join(lines, "\n") + "\n```\n")
	}
	page.WriteString("# " + cmd.CommandPath() + "\n\n" + markdown(cmd.Short) + ".\n")
	block(cmd.UseLine())
	for _, p := range paragraphs(cmd.Long) {
		if p.kept {
			block(p.lines...)
			continue
		}
		page.WriteString("\n" + markdown(strings.Join(p.lines, "\n")) + "\n")
	}
	if cmd.Example != "" {
		page.WriteString("\n## Examples\n")
		block(cmd.Example)
	}
	if flags := ownFlags(cmd); flags.HasAvailableFlags() {
		page.WriteString("\n## Options\n")
		block(strings.TrimRight(flags.FlagUsages(), "\n"))
	}
	if !cmd.HasParent() {
		page.WriteString("\n## Exit codes\n\n| Code | Meaning |\n| --: | --- |\n")
		for _, row := range exitCodes() {
			page.WriteString("| " + strings.ReplaceAll(row.text(), "\t", " | ") + " |\n")
		}
	} else {
		page.WriteString("\n[Options of all commands, and exit codes](README.md)\n")
	}
	if list := related(cmd); cmd.HasSubCommands() {
		page.WriteString("\n## Commands\n\n")
		for _, other := range list {
			if other != cmd.Parent() {
				page.WriteString("- [" + other.CommandPath() + "](" + markdownName(other) + "): " + markdown(other.Short) + "\n")
			}
		}
	}
	return page.String()
}

// markdown writes words such that they are read as they are.
func markdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "<", `\<`, "[", `\[`, "`", "\\`", "#", `\#`).Replace(text)
}
