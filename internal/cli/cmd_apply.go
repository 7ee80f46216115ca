package cli

import (
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/intake"
)

const applyHelp = `Make the changes of a plan, and no others.

Each is made only if both values of the user still are what they were when the plan
was made; otherwise it is a conflict, which is told with both values and changes
nothing. Values that are the wanted ones already are left alone, so a plan whose
application was broken off can be applied again.

What is about to change is in the journal before it is sent. More than 25 users are
asked about, or need --yes or --limit.`

type applyOptions struct {
	bulk bulkFlags
}

func newApplyCommand(a *app) *cobra.Command {
	var o applyOptions
	cmd := &cobra.Command{
		Use:   "apply PLAN.json",
		Short: "Make the changes of a plan",
		Long:  applyHelp,
		Example: `  ftpisoctl apply plan.json
  ftpisoctl apply plan.json --yes --on-error continue --rejects left.csv`,
		Args:              exactly(1, "PLAN.json"),
		ValidArgsFunction: files,
		RunE:              func(cmd *cobra.Command, args []string) error { return runApply(cmd, a, o, args) },
	}
	o.bulk.add(cmd)
	return cmd
}

func runApply(cmd *cobra.Command, a *app, o applyOptions, args []string) error {
	var p plan.Plan
	err := a.env.withInput(args[0], func(in io.Reader) error {
		var err error
		if p, err = plan.Read(in); err != nil {
			return usage("%s %w", args[0], err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if p.Edited {
		a.note("warning: the entries of %s are not those that were planned; somebody has edited them", args[0])
	}
	b, err := openBulk(a, cmd, args, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	if here := b.forest.Home().Domain().DNSName; !strings.EqualFold(p.Domain, here) {
		return usage("%s is a plan for %s, and this is %s", args[0], p.Domain, here)
	}
	for _, e := range p.Entries { // lists of places may have changed since
		if err := checkPlace(b.file, e); err != nil {
			return err
		}
	}
	b.refuse.format = intake.Format(p.Format)
	p.Totals.Unchanged, p.Totals.Refused = 0, 0 // were told when it was made
	return b.carryOut(cmd.Context(), p, false)
}
