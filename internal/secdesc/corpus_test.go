package secdesc_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
)

// realDescriptors are what a domain controller and a file server have sent: of the domain's head, an OU, two users
// and a home folder.
func realDescriptors(t testing.TB) [][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/real/*.bin")
	if err != nil || len(files) != 5 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	var all [][]byte
	for _, file := range files {
		octets, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, octets)
	}
	return all
}

// What Samba printed of real descriptors means the same here as their octets.
func TestParse_realDescriptors(t *testing.T) {
	for i, octets := range realDescriptors(t) {
		files, _ := filepath.Glob("testdata/real/*.sddl")
		text, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		d, err := secdesc.Parse(octets)
		if err != nil {
			t.Fatalf("%s: %v", files[i], err)
		}
		theirs, err := secdesc.ParseSDDL(string(text), "")
		if err != nil || !reflect.DeepEqual(said(d), said(theirs)) {
			t.Errorf("%s: got  %s\nwant %s, %v", files[i], d.SDDL(), strings.TrimSpace(string(text)), err)
		}
		holds(t, d)
		again, err := secdesc.Parse(d.Bytes())
		if err != nil || !reflect.DeepEqual(again, d) || len(d.Bytes()) > len(octets) || !bytes.Equal(again.Bytes(), d.Bytes()) {
			t.Errorf("%s: written and read again: got %s, %v", files[i], again.SDDL(), err)
		}
	}
}

func BenchmarkEffective_realUser(b *testing.B) {
	octets, err := os.ReadFile("testdata/real/user-alice.bin")
	if err != nil {
		b.Fatal(err)
	}
	who := secdesc.Token{Kind: secdesc.Object, SIDs: []secdesc.SID{secdesc.Everyone, secdesc.AuthenticatedUsers}}
	b.ReportAllocs()
	for b.Loop() {
		d, err := secdesc.Parse(octets)
		if err != nil || secdesc.Effective(d, who).Granted == 0 {
			b.Fatal(err)
		}
	}
}
