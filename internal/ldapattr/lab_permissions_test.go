//go:build lab

package ldapattr_test

import (
	"slices"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/lab"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

func TestLab_permissions(t *testing.T) {
	t.Setenv("KRB5CCNAME", lab.Administrator.Kinit(t))
	for way, cfg := range map[string]ldapattr.Config{
		"LDAPS":  ldaps(t, lab.Administrator),
		"sealed": {Servers: []string{"ldap://" + lab.DC}, Bind: ldapattr.Bind{Kerberos: true}},
	} {
		t.Run(way, func(t *testing.T) {
			cfg.Timeout = time.Minute // Samba gives it to everybody below before it answers, and they may be many
			d := labOpen(t, cfg)
			p := &ldapattr.Permissions{Directory: d}
			testSetDACL(t, p, "OU=Staff,"+lab.BaseDN, labLookup(t, d, lab.Grace).DN, groupSID(t, d, "Domain Guests"))
		})
	}
}

// The account that is meant to write the two attributes may read permissions and change none.
func TestLab_permissionsNeedRights(t *testing.T) {
	admin := &ldapattr.Permissions{Directory: labOpen(t, ldaps(t, lab.Administrator))}
	p := &ldapattr.Permissions{Directory: labOpen(t, ldaps(t, lab.FTPAdmin))}
	ou := descriptor(t, p, "OU=Staff,"+lab.BaseDN)
	_, err := p.SetDACL(t.Context(), ou, ou.Descriptor.DACL.With(delegated(t, groupSID(t, p.Directory, "Domain Guests"))...))
	asError(t, err, ldapattr.ErrRights)
	if now := descriptor(t, admin, ou.DN); now.Descriptor.SDDL() != ou.Descriptor.SDDL() {
		t.Errorf("it is %s, was %s", now.Descriptor.SDDL(), ou.Descriptor.SDDL())
	}
}

// Every trustee of a real list has a name, and what the list says of alice is what the domain controller finds, too.
func TestLab_permissionsAreUnderstood(t *testing.T) {
	d := labOpen(t, ldaps(t, lab.FTPAdmin))
	p := &ldapattr.Permissions{Directory: d}
	alice := labLookup(t, d, lab.Alice)
	found := descriptor(t, p, alice.DN).Descriptor
	trustees := []secdesc.SID{found.Owner, found.Group}
	for _, e := range found.DACL.Entries {
		trustees = append(trustees, e.SID)
	}
	names, err := p.Names(t.Context(), trustees)
	if err != nil || names[found.Owner] != `CORP\Domain Admins` {
		t.Errorf("the owner is %q, %v", names[found.Owner], err)
	}
	for sid, name := range names {
		if name == sid.String() {
			t.Errorf("%s has no name", sid)
		}
	}

	service := labLookup(t, d, lab.FTPAdmin)
	sids, err := p.TokenGroups(t.Context(), service)
	if err != nil {
		t.Fatal(err)
	}
	own, err := secdesc.ParseSID(service.SID)
	if err != nil {
		t.Fatal(err)
	}
	writable, err := d.WritableAttributes(t.Context(), alice.DN)
	if err != nil {
		t.Fatal(err)
	}
	for attribute, guid := range map[string]string{
		"msIIS-FTPRoot": "2a7827a4-1483-49a5-9d84-52e3812156b4", "msIIS-FTPDir": "8a5c99e9-2230-46eb-b8e8-e59d712eb9ee",
		"description": "bf967950-0de6-11d0-a285-00aa003049e2",
	} {
		target, err := secdesc.ParseGUID(guid)
		if err != nil {
			t.Fatal(err)
		}
		access := secdesc.Effective(found, secdesc.Token{
			Kind: secdesc.Object, SIDs: append([]secdesc.SID{own, secdesc.Everyone, secdesc.AuthenticatedUsers}, sids...), Targets: []secdesc.GUID{target},
		})
		if got, want := access.Granted&secdesc.WriteProperty != 0, slices.Contains(writable, attribute); got != want || access.NotChecked != "" {
			t.Errorf("%s: worked out %v (%q), the domain controller says %v", attribute, got, access.NotChecked, want)
		}
	}
}
