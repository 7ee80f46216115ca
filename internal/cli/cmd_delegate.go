package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
)

const delegateHelp = `Print what lets a group read and write the two home attributes of the users below
an OU, and nothing else: as a dsacls line, as PowerShell with and without the
module ActiveDirectory, and in SDDL. Nothing is changed: an administrator runs one
of them. --read leaves out the right to write.

--apply does it: it shows the entries that are missing from the permissions of the OU,
asks, adds them, reads them again, and keeps in the journal what undo takes back.
Whatever else is in the permissions stays. If somebody else changes them between the
preview and the write, nothing is written and the exit code is 7. The account needs
the right to modify the permissions of the OU, as Domain Admins have it.

The forms of output are text (all), dsacls, powershell, adsi (PowerShell without
the module), sddl and json.

The OU may lie in any domain of the forest, and DOMAIN\group is of any. A bare name
is a group of the domain that is connected to or of that of the OU, never of both.

--check asks the domain controller what the account that is used may write
(allowedAttributesEffective): of the users named, or of all users below --ou. The
exit code is 0 if it may write both attributes of each, else 6. "other" counts
the attributes that it may write besides. Users of other domains of the forest are
asked about in their own.`

type delegateOptions struct {
	to, ou             string
	read, write, check bool
	form               delegateForm
	apply              bool
	bulk               bulkFlags // of --apply
}

func newDelegateCommand(a *app) *cobra.Command {
	var o delegateOptions
	cmd := &cobra.Command{
		Use:   "delegate [--apply] --to GROUP --ou OU | --check {USER… | --ou OU}",
		Short: "Print or give what lets a group manage homes, or check it",
		Long:  delegateHelp,
		Example: `  ftpisoctl delegate --to ftp-admins --ou OU=Staff,DC=corp,DC=example,DC=com
  ftpisoctl delegate --to ftp-readers --ou OU=Staff,DC=corp,DC=example,DC=com --read -o dsacls
  ftpisoctl delegate --apply --to ftp-admins --ou OU=Staff,DC=corp,DC=example,DC=com --dry-run
  ftpisoctl delegate --check alice`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.agree(args); err != nil {
				return err
			}
			if o.check {
				return runDelegateCheck(cmd, a, o, args)
			}
			if o.apply {
				return runDelegateApply(cmd, a, o)
			}
			return runDelegate(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.to, "to", "", "the `GROUP`: name, DOMAIN\\name, DN, objectGUID or SID")
	flags.StringVar(&o.ou, "ou", "", "`DN` of the OU or container whose users it is about")
	flags.BoolVar(&o.read, "read", false, "the right to read alone")
	flags.BoolVar(&o.write, "write", false, "the rights to read and to write (default)")
	flags.BoolVar(&o.check, "check", false, "show what the account that is used may write")
	flags.BoolVar(&o.apply, "apply", false, "add the entries to the permissions of the OU, after consent")
	flags.BoolVar(&o.bulk.dryRun, "dry-run", false, "with --apply: show what would change and write nothing (also --what-if)")
	flags.BoolVar(&o.bulk.consent.yes, "yes", false, "with --apply: do not ask")
	addJournalFlag(flags, &o.bulk.journal)
	flags.VarP(&o.form, "output", "o", "`FORM` of the output: "+strings.Join(delegateForms(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("output", cobra.FixedCompletions(delegateForms(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// delegateForm is a form in which a delegation is printed; "" is text.
type delegateForm string

func delegateForms() []string {
	return []string{"text", "dsacls", "powershell", "adsi", "sddl", "json"}
}

// Set accepts the name of a form.
func (f *delegateForm) Set(s string) error {
	for _, name := range delegateForms() {
		if s == name {
			*f = delegateForm(s)
			return nil
		}
	}
	return fmt.Errorf("the form is one of %s, not %q", strings.Join(delegateForms(), ", "), s)
}

// String returns the name.
func (f *delegateForm) String() string { return string(*f) }

// Type returns the word that help shows for the value.
func (f *delegateForm) Type() string { return "FORM" }

// agree refuses flags and arguments that do not go together.
func (o *delegateOptions) agree(args []string) error {
	switch {
	case strings.ContainsFunc(o.ou, unicode.IsControl):
		return usage("--ou holds a control character")
	case o.check:
		return o.agreeCheck(len(args) > 0)
	case len(args) > 0:
		return hint(usage("delegate takes no argument without --check"), "--to names the group and --ou the OU")
	case o.to == "" || o.ou == "":
		return usage("delegate needs --to GROUP and --ou OU")
	case o.read && o.write:
		return usage("--read and --write exclude each other; --write includes reading")
	}
	return o.agreeApply()
}

func (o *delegateOptions) agreeApply() error {
	switch {
	case !o.apply && (o.bulk.dryRun || o.bulk.consent.yes || o.bulk.journal != ""):
		return usage("--dry-run, --yes and --journal go with --apply")
	case o.apply && o.form != "" && o.form != "text" && o.form != "json":
		return usage("--apply has the forms text and json")
	}
	return nil
}

func (o *delegateOptions) agreeCheck(users bool) error {
	switch {
	case o.to != "" || o.read || o.write || o.apply:
		return usage("--check goes with users or --ou, not with --to, --read, --write or --apply")
	case o.agreeApply() != nil:
		return o.agreeApply()
	case users == (o.ou != ""):
		return usage("--check needs users or --ou, and not both")
	case o.form != "" && o.form != "text" && o.form != "json":
		return usage("--check has the forms text and json")
	}
	return nil
}

func runDelegate(ctx context.Context, a *app, o delegateOptions) error {
	if _, err := parseName(o.to); err != nil { // before anybody is asked
		return err
	}
	forest, err := a.openForest(ctx, withoutAccount)
	if err != nil {
		return err
	}
	defer forest.Close()
	d, err := o.resolve(ctx, a, &ldapattr.Permissions{Forest: forest})
	if err != nil {
		return err
	}
	return d.print(a, o.form)
}

// resolve finds the OU and the group, each in its own domain.
func (o *delegateOptions) resolve(ctx context.Context, a *app, permissions *ldapattr.Permissions) (delegation, error) {
	name, err := parseName(o.to)
	if err != nil {
		return delegation{}, err
	}
	place, err := findOU(ctx, permissions, o.ou)
	if err != nil {
		return delegation{}, err
	}
	d := delegation{ou: o.ou, write: !o.read}
	group, err := ldapattr.FindGroup(ctx, permissions, name, o.ou)
	if errors.Is(err, ldapattr.ErrNotFound) {
		sid, notOurs := name.GroupSID(ctx, permissions.Forest.Home())
		if notOurs != nil { // it is no SID
			return d, err
		}
		d.sid = sid
		a.note("warning: no group of this domain has the SID %s; it is taken as that of a group of another domain", sid)
		return d, nil
	} else if err != nil {
		return d, err
	}
	d.group, d.sid = group.SAMAccountName, group.SID
	if group.NetBIOSDomain != "" {
		d.group = group.NetBIOSDomain + `\` + group.SAMAccountName
	}
	return d, mayHoldRights(group, place)
}

// mayHoldRights refuses groups that get into nobody's token at the domain controllers
// of the OU.
func mayHoldRights(group ldapattr.Group, place ldapattr.DomainInfo) error {
	switch {
	case !group.Security:
		return hint(usage("%s is a distribution group, and rights go to security groups alone", group.DN), "change its type, or name another group")
	case group.Local && group.NetBIOSDomain != place.NetBIOSName:
		return hint(usage("%s is a domain local group, which has no rights in another domain such as %s", group.DN, place.DNSName),
			"name a global or universal group, or a local one of "+place.DNSName)
	}
	return nil
}

// findOU makes sure that the place is there: a slip in its name would be found
// out on a domain controller, by somebody else.
func findOU(ctx context.Context, permissions *ldapattr.Permissions, ou string) (ldapattr.DomainInfo, error) {
	d, err := permissions.Domain(ctx, ou)
	if err != nil {
		return ldapattr.DomainInfo{}, err
	}
	_, err = d.WritableAttributes(ctx, ou)
	if errors.Is(err, ldapattr.ErrNotFound) {
		err = hint(&exitError{code: exitNotFound, err: fmt.Errorf("there is no %s in %s", ou, d.Domain().DNSName)},
			"the OU is named by its DN, such as OU=Staff,"+d.Domain().BaseDN)
	}
	return d.Domain(), err
}

func (d delegation) print(a *app, form delegateForm) error {
	text := ""
	switch form {
	case "json":
		return output.Object(a.out, d.record())
	case "sddl":
		text = strings.Join(d.aces(), "") + "\n"
	case "powershell":
		text = d.powerShell()
	case "adsi":
		text = d.adsi()
	case "dsacls":
		text = d.dsacls() + "\n"
		if text == "\n" {
			return hint(usage("cmd.exe cannot be given these names"), "-o powershell can")
		}
	default:
		text = d.text()
	}
	_, err := fmt.Fprint(a.out, text)
	return err
}
