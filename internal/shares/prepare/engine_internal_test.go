package prepare

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

const (
	aliceSID = "S-1-5-21-1-2-3-1104"
	bobSID   = "S-1-5-21-1-2-3-1105"
)

// disk is a file server as far as directories go, with lists and with what can go
// wrong.
type disk struct {
	mu    sync.Mutex
	spots map[string]*spot
	made  int
	fail  func(what, path string) error // nil: nothing goes wrong
}

func newDisk(t *testing.T, rows ...string) *disk {
	t.Helper()
	d := &disk{spots: map[string]*spot{}}
	for _, row := range rows {
		path, sddl, _ := strings.Cut(row, " ")
		d.spots[path] = d.spot(t, sddl)
	}
	return d
}

func (d *disk) spot(t *testing.T, sddl string) *spot {
	t.Helper()
	descriptor, err := secdesc.ParseSDDL(sddl, "")
	if err != nil {
		t.Fatal(err)
	}
	d.made++
	return &spot{dir: true, created: fmt.Sprint(d.made), descriptor: descriptor, described: true}
}

func (d *disk) wrong(what, path string) error {
	if d.fail == nil {
		return nil
	}
	return d.fail(what, path)
}

func (d *disk) look(_ context.Context, path string, _ bool) (*spot, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.spots[path], d.wrong("look", path)
}

func (d *disk) put(_ context.Context, e Entry, _ int) (*spot, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	path := e.way.Below()
	err := d.wrong("put", path)
	if err != nil && !errors.Is(err, ErrOwner) {
		return nil, err
	}
	if d.spots[path] != nil && e.Action != Repair {
		return nil, winerr.AlreadyExists
	}
	d.made++
	s := &spot{dir: true, created: fmt.Sprint(d.made), described: true}
	if e.Action == Repair {
		s.created = d.spots[path].created
	}
	wanted, given, parsing := e.wanted()
	if given {
		s.descriptor = wanted
	}
	if err != nil {
		s.descriptor.Owner = secdesc.Administrators
	}
	d.spots[path] = s
	return s, errors.Join(err, parsing)
}

func (d *disk) remove(_ context.Context, path string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for other := range d.spots {
		if strings.HasPrefix(other, path+"/") {
			return winerr.DirNotEmpty
		}
	}
	delete(d.spots, path)
	return d.wrong("remove", path)
}

// sitesOn has the disk stand for a share.
func sitesOn(t *testing.T, d ground) *Sites {
	t.Helper()
	s := NewSites(shares.NewOpener(shares.Policy{FileServers: []shares.FileServer{{Pattern: "fs01"}}}), Account{})
	share, err := homedir.ParseLocation(`\\fs01\ftp$`)
	if err != nil {
		t.Fatal(err)
	}
	v := &volume{ground: d}
	v.once.Do(func() {})
	s.volumes[share.Key()] = v
	return s
}

func person(name, sid, dir string) ldapattr.User {
	u := ldapattr.User{SAMAccountName: name, NetBIOSDomain: "CORP", SID: sid, Root: `\\fs01\ftp$`, Dir: dir, DN: "CN=" + name}
	copy(u.GUID[:], name)
	return u
}

func look(t *testing.T, d ground, opt Options, users ...ldapattr.User) Plan {
	t.Helper()
	p, err := Look(t.Context(), sitesOn(t, d), slices.Values(users), opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func templateOf(t *testing.T, text string) Template {
	t.Helper()
	template, err := ParseTemplate(text)
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func apply(t *testing.T, d ground, p Plan) []Result {
	t.Helper()
	run, err := journal.At(t.TempDir()).Begin(journal.Header{Kind: journal.Folders})
	if err != nil {
		t.Fatal(err)
	}
	var all []Result
	engine := Engine{Sites: sitesOn(t, d), Run: run, GoOn: true, Each: func(r Result) { all = append(all, r) }}
	if err := errors.Join(engine.Apply(t.Context(), p.Changes()), run.Leave()); err != nil {
		t.Fatal(err)
	}
	return all
}

const privateHome = "O:%[1]sD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;%[1]s)"

func TestPut_theListIsThere(t *testing.T) {
	d := newDisk(t, " O:BAD:(A;OICI;FA;;;BA)")
	results := apply(t, d, look(t, d, Options{Template: templateOf(t, Private)}, person("alice", aliceSID, `x\alice`), person("bob", bobSID, "bob")))
	if len(results) != 3 || d.spots["x/alice"] == nil {
		t.Fatalf("got %+v", results)
	}
	for path, sid := range map[string]string{"x/alice": aliceSID, "bob": bobSID} {
		if got, want := canonical(d.spots[path].descriptor), fmt.Sprintf(privateHome, sid); got != want {
			t.Errorf("%s: got  %s\nwant %s", path, got, want)
		}
	}
}

// What the folder above hands down, with the user as who creates it; and a refusal
// where that is not enough to work with.
func TestLook_inherit(t *testing.T) {
	for name, test := range map[string]struct{ above, want, refused string }{
		"the creator": {"O:BAD:(A;OICI;FA;;;BA)(A;OICIIO;FA;;;CO)", "O:" + aliceSID + "D:(A;OICIID;FA;;;BA)(A;ID;FA;;;" + aliceSID + ")(A;OICIIOID;FA;;;CO)", ""},
		"everybody":   {"O:BAD:(A;OICI;0x1301bf;;;AU)", "O:" + aliceSID + "D:(A;OICIID;0x1301bf;;;AU)", ""},
		"nothing":     {"O:BAD:(A;;FA;;;BA)", "", "hands nothing down"},
		"others":      {"O:BAD:(A;OICI;FA;;;BA)", "", "does not let the user modify"},
		"a group":     {"O:BAD:(A;OICI;0x1301bf;;;S-1-5-21-1-2-3-2000)", "O:" + aliceSID + "D:(A;OICIID;0x1301bf;;;S-1-5-21-1-2-3-2000)", ""},
	} {
		opt := Options{Template: templateOf(t, Inherit), Token: func(context.Context, ldapattr.User) (secdesc.Token, error) {
			group, err := secdesc.ParseSID("S-1-5-21-1-2-3-2000")
			return secdesc.Token{SIDs: []secdesc.SID{group}}, err
		}}
		p := look(t, newDisk(t, " "+test.above), opt, person("alice", aliceSID, "alice"))
		switch {
		case test.refused != "":
			if len(p.Refused) != 1 || !strings.Contains(p.Refused[0].Err.Error(), test.refused) {
				t.Errorf("%s: got %+v, want %s", name, p, test.refused)
			}
		case len(p.Entries) != 1:
			t.Errorf("%s: got %+v", name, p)
		default:
			wanted, _, err := p.Entries[0].wanted()
			if got := canonical(wanted); err != nil || got != test.want {
				t.Errorf("%s: got  %s\nwant %s", name, got, test.want)
			}
		}
	}
}

func TestLook_repair(t *testing.T) {
	alice := person("alice", aliceSID, "alice")
	own := fmt.Sprintf(privateHome, aliceSID)
	d := newDisk(t, "alice "+own+"G:BA")
	opt := Options{Template: templateOf(t, Private), Repair: true}
	if p := look(t, d, opt, alice); p.Totals != (Totals{Keep: 1}) {
		t.Errorf("a home that is as it should be: %+v", p.Totals)
	}
	// A template without an owner is content with any.
	opt.Template = templateOf(t, strings.ReplaceAll(own[strings.Index(own, "D:"):], aliceSID, placeholder))
	d = newDisk(t, "alice "+strings.Replace(own, "O:"+aliceSID, "O:BA", 1))
	if p := look(t, d, opt, alice); p.Totals != (Totals{Keep: 1}) {
		t.Errorf("another owner: %+v", p.Totals)
	}
	d = newDisk(t, "alice O:BAD:(A;OICI;FA;;;WD)")
	p := look(t, d, opt, alice)
	if p.Totals != (Totals{Repair: 1}) || p.Entries[0].Folder.Before.SDDL != "O:BAD:(A;OICI;FA;;;WD)" {
		t.Fatalf("got %+v", p)
	}
	// Somebody else was faster.
	moved := newDisk(t, "alice O:BAD:(A;OICI;FA;;;BA)")
	if r := apply(t, moved, p); r[0].State != journal.Conflict || moved.spots["alice"].descriptor.SDDL() != "O:BAD:(A;OICI;FA;;;BA)" {
		t.Errorf("got %+v", r)
	}
	if r := apply(t, d, p); r[0].State != journal.Done || !strings.Contains(r[0].Now.SDDL, aliceSID) {
		t.Errorf("got %+v", r)
	}
}

func TestDo_whatCanGoWrong(t *testing.T) {
	gone := fmt.Errorf("read: %w", winerr.NetNameDeleted)
	for name, test := range map[string]struct {
		fail  error
		there string // what somebody else has made meanwhile
		want  journal.State
	}{
		"the owner stays":      {ErrOwner, "", journal.Done},
		"a refusal":            {winerr.AccessDenied, "", journal.Failed},
		"the connection":       {gone, "", journal.Open},
		"the same directory":   {nil, fmt.Sprintf(privateHome, aliceSID), journal.Unchanged},
		"with another owner":   {nil, strings.Replace(fmt.Sprintf(privateHome, aliceSID), "O:"+aliceSID, "O:BA", 1), journal.Unchanged},
		"another directory":    {nil, "O:BAD:(A;OICI;FA;;;WD)", journal.Conflict},
		"a server's own error": {errors.New("odd"), "", journal.Failed},
	} {
		d := newDisk(t, " O:BAD:(A;OICI;FA;;;BA)")
		p := look(t, d, Options{Template: templateOf(t, Private)}, person("alice", aliceSID, "alice"))
		if test.there != "" {
			d.spots["alice"] = d.spot(t, test.there)
		}
		d.fail = func(what, _ string) error {
			if what == "put" {
				return test.fail
			}
			return nil
		}
		r := apply(t, d, p)[0]
		if r.State != test.want || test.fail != nil && !errors.Is(r.Err, test.fail) {
			t.Errorf("%s: got %s, %v, want %s", name, r.State, r.Err, test.want)
		}
	}
}

// A refusal that a look meets is the plan's, and the same for the folders above.
func TestLook_whatCanGoWrong(t *testing.T) {
	for _, failing := range []string{"x/alice", "x", ""} {
		d := newDisk(t)
		d.fail = func(_, path string) error {
			if path == failing {
				return winerr.AccessDenied
			}
			return nil
		}
		p := look(t, d, Options{Template: templateOf(t, Private)}, person("alice", aliceSID, `x\alice`))
		if len(p.Refused) != 1 || !errors.Is(p.Refused[0].Err, winerr.AccessDenied) {
			t.Errorf("%q: got %+v", failing, p)
		}
	}
	p := look(t, newDisk(t), Options{Template: templateOf(t, Private)}, person("alice", aliceSID, "alice"), person("root", bobSID, "."))
	if len(p.Refused) != 2 || !errors.Is(p.Refused[0].Err, winerr.PathNotFound) || !errors.Is(p.Refused[1].Err, winerr.PathNotFound) {
		t.Errorf("a share without a root: %+v", p.Refused)
	}
}
