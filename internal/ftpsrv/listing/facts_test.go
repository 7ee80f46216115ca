package listing_test

import (
	"bytes"
	"errors"
	"io/fs"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/ftpsrv/listing"
)

func TestParseFacts(t *testing.T) {
	for _, tt := range []struct {
		name, arg, want string
		ok              bool
	}{
		{"none", "", "", true},
		{"one", "type;", "type;", true},
		{"any letter case", "TyPe;unix.MODE;", "type;UNIX.mode;", true},
		{"in our order", "modify;size;type;", "type;size;modify;", true},
		{"twice", "size;size;", "size;", true},
		{"unknown ones", "fish;cakes;type;", "type;", true},
		{"unknown alone", "fish;cakes;", "", true},
		{"no semicolon", "size", "size;", true},
		{"no semicolon at the end", "type;Size", "type;size;", true},
		{"no semicolon behind an unknown one", "type;fish", "", false},
		{"an unknown one, no semicolon at the end", "fish;size", "", false},
		{"blank", "type ;", "", false},
		{"blank between", "type; size;", "", false},
		{"empty name", "type;;", "", false},
		{"semicolon alone", ";", "", false},
		{"asterisk", "type*;", "", false},
		{"equals", "type=file;", "", false},
		{"not ASCII", "größe;", "", false},
		{"very many", strings.Repeat("x;", 10_000) + "size;", "size;", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if f, ok := listing.ParseFacts(tt.arg); ok != tt.ok || f.String() != tt.want {
				t.Errorf("got %q, %v, want %q, %v", f, ok, tt.want, tt.ok)
			}
		})
	}
}

func TestFacts_feature(t *testing.T) {
	for f, want := range map[listing.Facts]string{
		listing.AllFacts: "type*;perm*;size*;modify*;unique*;UNIX.mode*;",
		listing.FactType: "type*;perm;size;modify;unique;UNIX.mode;",
		0:                "type;perm;size;modify;unique;UNIX.mode;",
	} {
		if got := f.Feature(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// FuzzFacts: what is accepted prints as something that means the same.
func FuzzFacts(f *testing.F) {
	for _, s := range []string{"", "type;", "type", "Size;unix.mode;", ";;", "a b;", "fish;"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		facts, ok := listing.ParseFacts(arg)
		if !ok {
			if facts != 0 {
				t.Errorf("%q is refused and yet %q", arg, facts)
			}
			return
		}
		if again, ok := listing.ParseFacts(facts.String()); !ok || again != facts {
			t.Errorf("%q became %q, then %q", arg, facts, again)
		}
		if strings.ContainsAny(arg, " *=\r\n") || !strings.HasSuffix(arg, ";") && arg != "" && facts == 0 {
			t.Errorf("%q is accepted", arg)
		}
	})
}

func TestMachine_Append(t *testing.T) {
	all := listing.Machine{Facts: listing.AllFacts &^ listing.FactUnique}
	with := func(m listing.Machine, change func(*listing.Machine)) listing.Machine {
		change(&m)
		return m
	}
	readOnly := with(all, func(m *listing.Machine) { m.NoWrite = true })
	blind := with(all, func(m *listing.Machine) { m.NoRead = true })
	fixed := entry{"fixed", 1, 0o444, time.Date(2026, 3, 9, 14, 5, 7, 999, time.UTC)}
	for _, tt := range []struct {
		name string
		m    listing.Machine
		info fs.FileInfo
		path string
		want string
	}{
		{"file", all, file("f", 12), "/f", "type=file;perm=adfrw;size=12;modify=20260309140500;UNIX.mode=0644;"},
		{"directory", all, dir("d"), "/d", "type=dir;perm=cdeflmp;size=0;modify=20251231223000;UNIX.mode=0755;"},
		{"the home itself", all, dir("/"), "/", "type=dir;perm=celmp;size=0;modify=20251231223000;UNIX.mode=0755;"},
		{"read-only file", all, fixed, "/fixed", "type=file;perm=dfr;size=1;modify=20260309140507;UNIX.mode=0444;"},
		{"no right to write", readOnly, file("f", 12), "/f", "type=file;perm=r;size=12;modify=20260309140500;UNIX.mode=0644;"},
		{"no right to write, directory", readOnly, dir("d"), "/d", "type=dir;perm=el;size=0;modify=20251231223000;UNIX.mode=0755;"},
		{"no right to read", blind, file("f", 12), "/f", "type=file;perm=adfw;size=12;modify=20260309140500;UNIX.mode=0644;"},
		{"absurd", all, entry{"f", -5, 0, time.Date(30000, 1, 1, 0, 0, 0, 0, time.UTC)}, "/f",
			"type=file;perm=dfr;size=0;modify=99990101000000;UNIX.mode=0000;"},
		{"no fact", listing.Machine{}, file("f", 1), "/f", ""},
		{"two facts", listing.Machine{Facts: listing.FactSize | listing.FactType}, file("f", 1), "/f", "type=file;size=1;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := string(tt.m.Append(nil, tt.info, tt.path)); got != tt.want {
				t.Errorf("got\n%s, want\n%s", got, tt.want)
			}
		})
	}
}

// The fact unique is the same for the same path and differs for others.
func TestMachine_unique(t *testing.T) {
	m := listing.Machine{Facts: listing.FactUnique}
	first, again, other := m.Append(nil, file("a", 1), "/a"), m.Append(nil, file("a", 2), "/a"), m.Append(nil, file("a", 1), "/d/a")
	if !bytes.Equal(first, again) || bytes.Equal(first, other) {
		t.Errorf("got %s, %s and %s", first, again, other)
	}
	if !regexp.MustCompile(`^unique=[0-9a-f]{1,16};$`).Match(first) {
		t.Errorf("got %q", first)
	}
}

func TestMachine_Write(t *testing.T) {
	m := listing.Machine{Facts: listing.FactType | listing.FactSize, Dir: "/docs"}
	var out bytes.Buffer
	err := m.Write(&out, seq(errBroken, file("b", 1), dir("."), file("A\r\nforged", 2), marked{file("hidden", 3)}, dir("..")))
	want := "type=file;size=2; A??forged\r\ntype=file;size=1; b\r\ntype=file;size=3; hidden\r\n"
	if !errors.Is(err, errBroken) || out.String() != want {
		t.Errorf("got %q, %v, want %q and the storage's error", out.String(), err, want)
	}
	if err := m.Write(&failing{}, many(2000)); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want the connection's error", err)
	}
}
