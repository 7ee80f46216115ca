package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

// createDir is what set does to the directory before it sets the attributes.
type createDir struct {
	wanted  bool
	acl     string
	servers fileServerFlags

	template prepare.Template
}

func (c *createDir) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.wanted, "create-dir", false, "make the directory first, if it is missing")
	addACLFlag(cmd, &c.acl)
	c.servers.add(cmd)
}

// check refuses what no directory needs to be asked about.
func (c *createDir) check() (err error) {
	if c.template, err = prepare.ParseTemplate(c.acl); err != nil {
		return usage("--acl: %w", err)
	}
	return nil
}

// make makes the directory that an entry leads to. It is a run of its own in the
// journal.
func (c *createDir) make(ctx context.Context, b *bulk, name ldapattr.AccountName, e plan.Entry) error {
	if !c.wanted {
		return nil
	}
	user, err := b.forest.Lookup(ctx, name)
	if err != nil {
		return err
	}
	user.Root, user.Dir = e.After.Root, e.After.Dir
	own := *b
	own.flags = &bulkFlags{dryRun: b.flags.dryRun, consent: consent{yes: true}}
	f, err := openFolders(ctx, &own, &c.servers)
	if err != nil {
		return err
	}
	defer f.close()
	if home, err := user.Home(); err == nil { // else look says what is wrong
		if err := canEnter(f.visitor.policy, home.Location(), b.bind); err != nil {
			return err
		}
	}
	p, err := f.look(ctx, []ldapattr.User{user}, prepare.Options{Template: c.template})
	if err != nil {
		return err
	}
	for _, r := range p.Refused {
		return folderError("", r.Err)
	}
	changes := p.Changes()
	f.outcome.alone, f.outcome.total = true, len(changes)
	if len(changes) == 0 || f.flags.dryRun {
		f.preview(changes)
		return nil
	}
	if err := f.outcome.ended(f.apply(ctx, p, nil)); err != nil {
		return err
	}
	f.app.note("%s is made; ftpisoctl undo %s takes it back", changes[len(changes)-1].Location, f.run)
	return nil
}
