package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// attrPermissions is the attribute that holds the permissions of an object.
const attrPermissions = "nTSecurityDescriptor"

// permissionRecord is one entry of the permissions of an object that is added or
// taken away, in JSON.
type permissionRecord struct {
	DN     string `json:"dn"`
	GUID   string `json:"objectGUID"`
	Change string `json:"change"` // add, remove
	Entry  string `json:"entry"`  // in SDDL
	Result string `json:"result"`
}

// permissionList is the list that commands print that change permissions.
func permissionList() recordList {
	return recordList{"permissions", []output.Column{
		{Title: "dn"}, {Title: "change"}, {Title: "entry"}, {Title: "result"}, {Title: "objectGUID", Detail: true},
	}, false}
}

// printGrant prints the entries of a grant.
func printGrant(printer *output.Printer, g plan.Grant, result string) error {
	for _, part := range []struct {
		change  string
		entries []secdesc.ACE
	}{{"add", g.Add}, {"remove", g.Remove}} {
		for _, e := range part.entries {
			r := permissionRecord{DN: g.Object.DN, GUID: g.Object.GUID.String(), Change: part.change, Entry: e.SDDL(), Result: result}
			if err := printer.Row(r, r.DN, r.Change, r.Entry, r.Result, r.GUID); err != nil {
				return err
			}
		}
	}
	return nil
}

// permissionChange is a command that changes permissions.
type permissionChange struct {
	*bulk
	permissions *ldapattr.Permissions
	undoes      string // the run that is taken back; "": none
	printer     *output.Printer
}

// carryOut shows what is to change, asks, and changes it.
func (c *permissionChange) carryOut(ctx context.Context, all []plan.Grant) error {
	c.printer = c.app.printer(&c.flags.form)
	var left []plan.Grant
	for _, g := range all {
		rest, result := g.Left(), resultPlanned
		if rest.Empty() {
			rest, result = g, resultUnchanged
		} else {
			left = append(left, rest)
		}
		if result == resultUnchanged || c.flags.dryRun {
			if err := printGrant(c.printer, rest, result); err != nil {
				return err
			}
		}
	}
	if len(left) == 0 || c.flags.dryRun {
		return c.printer.Close(true)
	}
	if err := c.agree(ctx, left); err != nil {
		return err
	}
	err := c.make(ctx, left)
	return errors.Join(err, c.printer.Close(err == nil))
}

// agree asks whether all that is to be changed, where the command line does not say so.
func (c *permissionChange) agree(ctx context.Context, all []plan.Grant) error {
	const advice = "look with --dry-run, then go ahead with --yes"
	switch {
	case c.flags.consent.limit.given && c.flags.consent.over(len(all)):
		return hint(usage("%s would be changed, and --limit is %d; nothing is changed", plural(len(all), "object"), c.flags.consent.limit.n), advice)
	case c.flags.consent.yes:
		return nil
	case !c.app.env.asks():
		return hint(usage("permissions would be changed, and there is no terminal to ask on; nothing is changed"), advice)
	}
	for _, g := range all {
		for _, e := range g.Add {
			c.app.note("%s: add %s", g.Object.DN, e.SDDL())
		}
		for _, e := range g.Remove {
			c.app.note("%s: remove %s", g.Object.DN, e.SDDL())
		}
	}
	answer, err := c.app.env.ReadLine(ctx, "Change these permissions? [y/N] ")
	switch answer = strings.ToLower(strings.TrimSpace(answer)); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return usage("ask for consent: %w", err)
	case answer == "y", answer == "yes":
		return nil
	}
	return fmt.Errorf("%q is no consent, so nothing is changed", answer)
}

// make changes one object after the other, up to the first that fails.
func (c *permissionChange) make(ctx context.Context, all []plan.Grant) error {
	run, err := beginRun(c.bulk, journal.Permissions, c.undoes)
	if err != nil {
		return err
	}
	var stop error
	for _, g := range all {
		if stop = g.Apply(ctx, c.permissions, run); stop != nil {
			break
		}
		if stop = printGrant(c.printer, g, resultChanged); output.ReaderGone(stop) {
			stop = nil
		}
	}
	counts := run.Counts()
	stop = errors.Join(stop, run.End())
	if counts.Done > 0 && !c.app.quiet {
		c.app.note("changed; ftpisoctl undo %s takes it back", c.run)
	}
	return c.settleOwn(ctx, counts.Open, stop)
}

// undoPermissions takes back what a run has done to permissions.
func undoPermissions(ctx context.Context, b *bulk, h journal.History) error {
	if err := b.flags.form.choose(permissionList()); err != nil {
		return err
	}
	grants, err := plan.UndoGrants(h)
	if errors.Is(err, plan.ErrNothing) {
		b.app.note("run %s (%s) changed nothing", h.Header.ID, h.Header.Command)
		return nil
	} else if err != nil {
		return err
	}
	tellUndo(b.app, h)
	c := &permissionChange{bulk: b, permissions: &ldapattr.Permissions{Forest: b.forest}, undoes: h.Header.ID}
	for i := range grants {
		if grants[i].Object, err = c.permissions.Again(ctx, grants[i].Object); err != nil {
			return err
		}
	}
	return c.carryOut(ctx, grants)
}

// recordedPermission is what one run did to one entry of permissions, in JSON. It has
// the keys of recordedRecord, and no form in LDIF.
type recordedPermission struct {
	User      string  `json:"user"` // DN of the object
	DN        string  `json:"dn"`
	GUID      string  `json:"objectGUID"`
	Attribute string  `json:"attribute"`
	Before    *string `json:"before"`
	After     *string `json:"after"`
	Result    string  `json:"result"`
	Now       *string `json:"now"`
	Error     *string `json:"error"`
	Recovered bool    `json:"recovered"`
}

// showPermissions prints what became of a change of permissions.
func showPermissions(printer *output.Printer, e journal.Recorded) error {
	row := func(before, after string) error {
		r := recordedPermission{
			User: e.DN, DN: e.DN, GUID: e.GUID, Attribute: attrPermissions, Before: present(before), After: present(after),
			Result: resultOf(e.State), Error: present(e.Error), Recovered: e.Recovered,
		}
		return printer.Row(r, e.DN, attrPermissions, before, after, r.Result, e.Error, "", fmt.Sprint(e.Recovered), e.GUID, e.DN)
	}
	var err error
	for _, entry := range e.Permissions.Remove {
		err = errors.Join(err, row(entry, ""))
	}
	for _, entry := range e.Permissions.Add {
		err = errors.Join(err, row("", entry))
	}
	return err
}
