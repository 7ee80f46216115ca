package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/plan"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// runDelegateApply adds to the permissions of the OU what runDelegate would print.
func runDelegateApply(cmd *cobra.Command, a *app, o delegateOptions) error {
	ctx := cmd.Context()
	o.bulk.form = formFlags{list: permissionList(), flags: cmd.Flags()}
	if o.form == "json" {
		o.bulk.form.format = output.JSON
	}
	b, err := openBulk(a, cmd, nil, &o.bulk)
	if err != nil {
		return err
	}
	defer b.forest.Close()
	permissions := &ldapattr.Permissions{Forest: b.forest}
	d, err := o.resolve(ctx, a, permissions)
	if err != nil {
		return err
	}
	right := ""
	if o.read {
		right = " --read"
	}
	b.command = fmt.Sprintf("delegate --apply --to %s --ou %s%s", o.to, o.ou, right)
	c := &permissionChange{bulk: b, permissions: permissions}
	object, err := c.permissions.Descriptor(ctx, o.ou)
	if err != nil {
		return err
	}
	entries, err := secdesc.ParseSDDL("D:"+strings.Join(d.aces(), ""), "")
	if err != nil {
		return err
	}
	switch list := object.Descriptor.DACL; {
	case list == nil:
		return hint(fmt.Errorf("%s has no list of permissions, so everybody may do everything to it", object.DN), "give it one first")
	case !list.Canonical():
		return hint(errors.New("the permissions of "+object.DN+" are not in the order that Windows demands, so adding to them could change what they mean"),
			"open the page Security of the OU in Active Directory Users and Computers, which offers to reorder them")
	}
	grant := plan.Grant{Object: object, Add: entries.DACL.Entries}
	return c.carryOut(ctx, []plan.Grant{grant})
}
