package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/output"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

const sharesACLHelp = `Show whose a file or folder is and who may do what with it: owner, each entry of the
access list with whom it is about, what it lets them do, whether it was inherited and
what it applies to, and the whole as SDDL.

--effective USER says what that user may do, right by right, and which entry, or
what else, decides. It is computed from the list and from the groups that the
directory knows. Local groups of the file server are not known, and the permissions
of the share come on top. The folder above is not asked: who may delete what is in it
may delete this, too. Conditions are not evaluated: where one might matter, the
answer is "perhaps".

The file server is entered as --bind-user, which needs the right to read permissions.`

type sharesACLOptions struct {
	effective string
	servers   fileServerFlags
	form      formFlags
}

func newSharesACLCommand(a *app) *cobra.Command {
	var o sharesACLOptions
	cmd := &cobra.Command{
		Use:   "acl PATH",
		Short: "Show who may do what with a file or folder",
		Long:  sharesACLHelp,
		Example: `  ftpisoctl shares acl '\\fs01.corp.example.com\ftp$\alice'
  ftpisoctl shares acl '\\fs01.corp.example.com\ftp$\alice' --effective bob`,
		Args: exactly(1, "PATH"),
		RunE: func(cmd *cobra.Command, args []string) error { return runSharesACL(cmd.Context(), a, o, args[0]) },
	}
	cmd.Flags().StringVar(&o.effective, "effective", "", "say what this `USER` may do, and why")
	o.servers.add(cmd)
	o.form.add(cmd, aclList(), rightList())
	return cmd
}

func runSharesACL(ctx context.Context, a *app, o sharesACLOptions, path string) error {
	location, err := homedir.ParseLocation(path)
	if err != nil {
		return quoting(usage("%q %w", path, err), path)
	}
	list := aclList()
	if o.effective != "" {
		list = rightList()
		if _, err := parseName(o.effective); err != nil {
			return err
		}
	}
	if err := o.form.choose(list); err != nil {
		return err
	}
	v, err := openVisitor(ctx, a, &o.servers)
	if err != nil {
		return err
	}
	defer v.forest.Close()
	if err := canEnter(v.policy, location, v.bind); err != nil {
		return err
	}
	sites := prepare.NewSites(v.opener(), prepare.Account{Credentials: v.as})
	defer sites.Close()
	d, err := sites.Describe(ctx, location)
	if err != nil {
		return folderError("", err)
	}
	if o.effective == "" {
		return showACL(ctx, a.printer(&o.form), v, location, d)
	}
	user, err := lookUpNamed(ctx, v.forest, o.effective)
	if err != nil {
		return err
	}
	return showRights(ctx, a, &o, v, aclSubject{location, user, d})
}

// aclRecord is a line about a descriptor, in JSON; kind says which. What does not
// apply is null.
type aclRecord struct {
	Path      string   `json:"path"`
	Kind      string   `json:"kind"`   // owner, group, entry or sddl
	Entry     *int     `json:"entry"`  // its number in the list, from 1
	Effect    *string  `json:"effect"` // allow, deny or other
	Who       *string  `json:"who"`
	SID       *string  `json:"sid"`
	Rights    []string `json:"rights"`
	Mask      *string  `json:"mask"`
	Inherited *bool    `json:"inherited"`
	AppliesTo *string  `json:"appliesTo"`
	SDDL      string   `json:"sddl"` // of the entry, of the whole on its own line
}

// aclList is what shares acl prints.
func aclList() recordList {
	return recordList{name: "acl", columns: []output.Column{
		{Title: "kind"}, {Title: "effect"}, {Title: "who"}, {Title: "rights"}, {Title: "inherited"}, {Title: "appliesTo"},
		{Title: "entry", Detail: true}, {Title: "sid", Detail: true}, {Title: "mask", Detail: true}, {Title: "sddl", Detail: true}, {Title: "path", Detail: true},
	}}
}

func showACL(ctx context.Context, p *output.Printer, v *visitor, location homedir.Location, d secdesc.Descriptor) error {
	show := func(r aclRecord) error {
		r.Path = location.String()
		rights, inherited, entry := strings.Join(r.Rights, ", "), "", ""
		if r.Kind == "sddl" {
			rights = r.SDDL
		}
		if r.Inherited != nil {
			inherited = yesNo(*r.Inherited)
		}
		if r.Entry != nil {
			entry = strconv.Itoa(*r.Entry)
		}
		return p.Row(r, r.Kind, plain(r.Effect), plain(r.Who), rights, inherited, plain(r.AppliesTo), entry, plain(r.SID), plain(r.Mask), r.SDDL, r.Path)
	}
	for _, row := range []struct {
		kind, letter string
		sid          secdesc.SID
	}{{"owner", "O:", d.Owner}, {"group", "G:", d.Group}} {
		who := v.sidName(ctx, row.sid)
		if err := show(aclRecord{Kind: row.kind, Who: &who, SID: present(row.sid.String()), SDDL: row.letter + row.sid.String()}); err != nil {
			return err
		}
	}
	for i, e := range entriesOf(d) {
		number, who, mask, inherited := i+1, v.sidName(ctx, e.SID), fmt.Sprintf("0x%x", uint32(e.Mask)), e.Flags&secdesc.Inherited != 0
		effect, applies := effectOf(e), appliesTo(e)
		r := aclRecord{
			Kind: "entry", Entry: &number, Effect: &effect, Who: &who, SID: present(e.SID.String()), Rights: e.Mask.Names(secdesc.File),
			Mask: &mask, Inherited: &inherited, AppliesTo: &applies, SDDL: e.SDDL(),
		}
		if err := show(r); err != nil {
			return err
		}
	}
	if d.DACL == nil {
		effect, who := "allow", "everybody, since there is no list"
		if err := show(aclRecord{Kind: "entry", Effect: &effect, Who: &who, Rights: secdesc.FileFull.Names(secdesc.File)}); err != nil {
			return err
		}
	}
	if err := show(aclRecord{Kind: "sddl", SDDL: d.SDDL()}); err != nil {
		return err
	}
	return p.Close(true)
}

func entriesOf(d secdesc.Descriptor) []secdesc.ACE {
	if d.DACL == nil {
		return nil
	}
	return d.DACL.Entries
}

// effectOf says what an entry does.
func effectOf(e secdesc.ACE) string {
	switch e.Type {
	case secdesc.Allowed, secdesc.AllowedObject:
		return "allow"
	case secdesc.Denied, secdesc.DeniedObject:
		return "deny"
	case secdesc.AllowedCallback, secdesc.AllowedCallbackObject:
		return "allow, if a condition holds"
	case secdesc.DeniedCallback, secdesc.DeniedCallbackObject:
		return "deny, if a condition holds"
	}
	return "other"
}

// appliesTo says what an entry is about, as Windows' own dialog does.
func appliesTo(e secdesc.ACE) string {
	var parts []string
	if e.Flags&secdesc.InheritOnly == 0 {
		parts = append(parts, "this folder")
	}
	if e.Flags&secdesc.ContainerInherit != 0 {
		parts = append(parts, "subfolders")
	}
	if e.Flags&secdesc.ObjectInherit != 0 {
		parts = append(parts, "files")
	}
	text := strings.Join(parts, ", ")
	switch {
	case len(parts) == 0:
		return "nothing"
	case text == "this folder":
		text = "this object only"
	case e.Flags&secdesc.NoPropagate != 0:
		text += ", one level deep"
	}
	return text
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// aclSubject is whom and what --effective is about.
type aclSubject struct {
	location homedir.Location
	user     ldapattr.User
	d        secdesc.Descriptor
}

// rightRecord is one right of a user, in JSON.
type rightRecord struct {
	Path    string  `json:"path"`
	User    string  `json:"user"`
	Right   string  `json:"right"`
	Granted string  `json:"granted"` // yes, no or perhaps
	Entry   *int    `json:"entry"`   // the number of the entry that decides; null: none does
	Because string  `json:"because"`
	SDDL    *string `json:"sddl"` // of that entry
}

// rightList is what shares acl --effective prints.
func rightList() recordList {
	return recordList{name: "rights", columns: []output.Column{
		{Title: "right"}, {Title: "granted"}, {Title: "because"}, {Title: "entry", Detail: true}, {Title: "sddl", Detail: true}, {Title: "user", Detail: true}, {Title: "path", Detail: true},
	}}
}

// showRights says what a user may do, and why.
func showRights(ctx context.Context, a *app, o *sharesACLOptions, v *visitor, s aclSubject) error {
	token, err := v.token(ctx, s.user)
	if err != nil {
		return err
	}
	access := secdesc.Effective(s.d, token)
	p := a.printer(&o.form)
	for bit := secdesc.Rights(1); bit <= secdesc.FileFull; bit <<= 1 {
		if secdesc.FileFull&bit == 0 {
			continue
		}
		r := s.right(access, bit, func(sid secdesc.SID) string { return v.sidName(ctx, sid) })
		if err := p.Row(r, r.Right, r.Granted, r.Because, number(r.Entry), plain(r.SDDL), r.User, r.Path); err != nil {
			return err
		}
	}
	if !a.quiet {
		a.note("%s may, as far as is known here: %s", s.user.DownLevelName(), access.Granted.Text(secdesc.File))
		if access.NotChecked != "" {
			a.note("not everything could be weighed: %s", access.NotChecked)
		}
	}
	return p.Close(true)
}

// right says whether one right is granted, and why.
func (s aclSubject) right(access secdesc.Access, bit secdesc.Rights, name func(secdesc.SID) string) rightRecord {
	why := access.Why(bit)
	r := rightRecord{Path: s.location.String(), User: s.user.DownLevelName(), Right: bit.Text(secdesc.File), Granted: yesNo(access.Granted&bit != 0), Because: why.Reason}
	if access.Granted&bit == 0 && access.Possible&bit != 0 {
		r.Granted, r.Because = "perhaps", "an entry with a condition, or of a type that is not known, may give it"
	}
	if why.Entry >= 0 {
		number, e := why.Entry+1, s.d.DACL.Entries[why.Entry]
		sddl := e.SDDL()
		r.Entry, r.SDDL = &number, &sddl
		r.Because = fmt.Sprintf("entry %d: %s %s: %s", number, effectOf(e), name(e.SID), e.Mask.Text(secdesc.File))
	}
	if bit == secdesc.Delete && access.Granted&bit == 0 {
		r.Because += aboveMayAllow
	}
	return r
}

// aboveMayAllow is what a list cannot tell of the right to delete its own object
// ([MS-FSA] 2.1.5.1.2.1).
const aboveMayAllow = "; the right to delete what is in the folder above would do as well"
