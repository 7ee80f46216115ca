package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

// writableRecord is what may be written of one user, in JSON.
type writableRecord struct {
	User  string   `json:"user"`
	DN    string   `json:"dn"`
	GUID  string   `json:"objectGUID"`
	Root  bool     `json:"root"`
	Dir   bool     `json:"dir"`
	Other []string `json:"other"` // all other attributes that may be written
}

func writableColumns() []output.Column {
	refused := func(cell string) bool { return cell == "no" }
	return []output.Column{{Title: "user"}, {Title: "root", Alarm: refused}, {Title: "dir", Alarm: refused}, {Title: "other"}, {Title: "dn", Detail: true}}
}

// runDelegateCheck asks the domain controller about each user, rather than reading
// access control lists: it alone knows the token and the rules.
func runDelegateCheck(cmd *cobra.Command, a *app, o delegateOptions, args []string) error {
	ctx := cmd.Context()
	if err := checkNames(args); err != nil {
		return err
	}
	forest, err := a.openForest(ctx, withoutAccount)
	if err != nil {
		return err
	}
	defer forest.Close()
	form := formFlags{list: recordList{"users", writableColumns(), false}, flags: cmd.Flags()}
	if o.form == "json" {
		form.format = output.JSON
	}
	printer := a.printer(&form)
	b := &batch{app: a, alone: len(args) == 1 && args[0] != "-"}
	watch := progress{}.show(a, &form)
	defer watch.end()
	var stop error
	refused := 0
	for user, err := range usersToCheck(ctx, a, forest, o.ou, args) {
		var record writableRecord
		if err == nil {
			record, err = writable(ctx, forest, user)
		}
		if err == nil {
			b.done++
			if !record.Root || !record.Dir {
				refused++
			}
			if err := record.print(printer); err != nil {
				return err
			}
		} else if stop = b.fail(err); stop != nil {
			break
		}
		watch.step()
	}
	watch.end()
	outcome := b.end(stop)
	if err := printer.Close(outcome == nil); err != nil {
		return err
	}
	return verdict(outcome, b.done, refused)
}

// verdict turns what was found out into one error.
func verdict(outcome error, users, refused int) error {
	switch {
	case outcome != nil:
		return outcome
	case users == 0:
		return &exitError{code: exitNotFound, err: errors.New("there is no user to check the rights on")}
	case refused > 0:
		return hint(&exitError{code: exitRights, err: fmt.Errorf("%d of %s: not both %s and %s may be written", refused, plural(users, "user"), homedir.AttrRoot, homedir.AttrDir)},
			"have them delegated: ftpisoctl delegate --to GROUP --ou OU prints how; members of protected groups such as Domain Admins are left to these groups")
	}
	return nil
}

// usersToCheck yields the users named, or all below an OU.
func usersToCheck(ctx context.Context, a *app, forest *ldapattr.Forest, ou string, args []string) iter.Seq2[ldapattr.User, error] {
	if ou != "" {
		return forest.Users(ctx, ldapattr.Scope{OU: ou})
	}
	return lookUpEach(ctx, forest, a.env.names(args))
}

func writable(ctx context.Context, forest *ldapattr.Forest, user ldapattr.User) (writableRecord, error) {
	var names []string
	d, err := forest.DomainOf(ctx, user)
	if err == nil {
		names, err = d.WritableAttributes(ctx, user.DN)
	}
	record := writableRecord{User: user.DownLevelName(), DN: user.DN, GUID: user.GUID.String(), Other: []string{}}
	for _, name := range names {
		switch {
		case strings.EqualFold(name, homedir.AttrRoot):
			record.Root = true
		case strings.EqualFold(name, homedir.AttrDir):
			record.Dir = true
		default:
			record.Other = append(record.Other, name)
		}
	}
	return record, err
}

func (r writableRecord) print(p *output.Printer) error {
	word := map[bool]string{true: "yes", false: "no"}
	return p.Row(r, r.User, word[r.Root], word[r.Dir], strconv.Itoa(len(r.Other)), r.DN)
}
