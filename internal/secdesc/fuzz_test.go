package secdesc_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// said is what SDDL says of a descriptor: all but who set it and which revision its
// lists are of.
func said(d secdesc.Descriptor) secdesc.Descriptor {
	const dacl = secdesc.DACLPresent | secdesc.DACLProtected | secdesc.DACLInherited | secdesc.DACLInheritReq
	const sacl = secdesc.SACLPresent | secdesc.SACLProtected | secdesc.SACLInherited | secdesc.SACLInheritReq
	kept := secdesc.SelfRelative
	if d.Control&secdesc.DACLPresent != 0 {
		kept |= dacl
	}
	if d.Control&secdesc.SACLPresent != 0 {
		kept |= sacl
	}
	d.Control = d.Control&kept | secdesc.SelfRelative
	for _, list := range []**secdesc.ACL{&d.DACL, &d.SACL} {
		if *list != nil {
			*list = &secdesc.ACL{Entries: (*list).Entries}
		}
	}
	return d
}

// holds checks what is true of every descriptor.
func holds(t *testing.T, d secdesc.Descriptor) {
	t.Helper()
	again, err := secdesc.Parse(d.Bytes())
	if err != nil || !reflect.DeepEqual(said(again), said(d)) {
		t.Fatalf("octets of %s: got %+v, %v, want %+v", d.SDDL(), again, err, d)
	}
	text := d.SDDL()
	if text == "" {
		return // nothing to say
	}
	read, err := secdesc.ParseSDDL(text, "")
	if err != nil || !reflect.DeepEqual(said(read), said(d)) {
		t.Fatalf("%s: got %+v, %v, want %+v", text, read, err, d)
	}
	if got := read.SDDL(); got != text {
		t.Fatalf("got %s, want %s", got, text)
	}
	who := secdesc.Token{SIDs: []secdesc.SID{d.Owner, d.Group, secdesc.Everyone}}
	for _, who.Kind = range []secdesc.Kind{secdesc.File, secdesc.Object} {
		a := secdesc.Effective(d, who)
		if a.Granted&^a.Possible != 0 || a.NotChecked == "" && a.Granted != a.Possible {
			t.Fatalf("%s: granted %#x, possible %#x, %q", text, uint32(a.Granted), uint32(a.Possible), a.NotChecked)
		}
		_ = a.Granted.Text(who.Kind)
	}
	if list := secdesc.Inherit(d, d.Owner, d.Group, true); list != nil {
		for _, e := range list.Entries {
			if e.Flags&secdesc.Inherited == 0 {
				t.Fatalf("%s hands down %s", text, e.SDDL())
			}
		}
	}
}

// seeds are real descriptors with some of their entries: the fuzzer spends its time on making large inputs smaller.
func seeds(f *testing.F) []secdesc.Descriptor {
	f.Helper()
	var all []secdesc.Descriptor
	for _, octets := range realDescriptors(f) {
		d, err := secdesc.Parse(octets)
		if err != nil {
			f.Fatal(err)
		}
		for _, list := range []*secdesc.ACL{d.DACL, d.SACL} {
			if list != nil && len(list.Entries) > 4 {
				list.Entries = append(list.Entries[:2:2], list.Entries[len(list.Entries)-2:]...)
			}
		}
		all = append(all, d)
	}
	return all
}

func FuzzParse(f *testing.F) {
	for _, d := range seeds(f) {
		f.Add(d.Bytes())
	}
	f.Add(mustSDDL(f, "O:BAG:SYD:PAI(OA;CIIO;RPWP;"+ftpRoot+";;WD)(XA;;FX;;;WD;0x6172)(0x77;;;;;;0x01)S:(ML;;NW;;;LW)").Bytes())
	f.Fuzz(func(t *testing.T, octets []byte) {
		if d, err := secdesc.Parse(octets); err == nil {
			holds(t, d)
		}
	})
}

func FuzzSDDL(f *testing.F) {
	for _, d := range seeds(f) {
		f.Add(d.SDDL())
	}
	f.Add("O:LAG:DUD:NO_ACCESS_CONTROLS:PARAI(AU;SAFA;GAKA;;;S-1-0xffffffffffff-1)")
	domain := mustSID(f, domain)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := secdesc.ParseSDDL(text, domain)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\n\x00") {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		holds(t, d)
	})
}
