package prepare_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/ldapattr"
	"github.com/ftpisoctl/ftpisoctl/internal/plan/journal"
	"github.com/ftpisoctl/ftpisoctl/internal/shares"
	"github.com/ftpisoctl/ftpisoctl/internal/shares/prepare"
)

const share = `\\fs01.corp.example.com\ftp$`

// world is a folder of this machine that stands for a share, and a journal.
type world struct {
	folder string
	opener *shares.Opener
	store  *journal.Store
}

func newWorld(t *testing.T) *world {
	t.Helper()
	folder := t.TempDir()
	from, err := homedir.ParseLocation(share)
	if err != nil {
		t.Fatal(err)
	}
	to, err := homedir.ParseLocation(folder)
	if err != nil {
		t.Fatal(err)
	}
	return &world{folder, shares.NewOpener(shares.Policy{PathMap: []shares.Mapping{{From: from, To: to}}}), journal.At(t.TempDir())}
}

func (w *world) sites(t *testing.T) *prepare.Sites {
	t.Helper()
	s := prepare.NewSites(w.opener, prepare.Account{})
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// user is one whose home is the directory below the share.
func user(name, dir string) ldapattr.User {
	u := ldapattr.User{
		SAMAccountName: name, NetBIOSDomain: "CORP", DNSDomain: "corp.example.com", DN: "CN=" + name, Root: share, Dir: dir,
		SID: "S-1-5-21-1-2-3-" + fmt.Sprint(1000+len(name)*256+int(name[0])),
	}
	copy(u.GUID[:], name)
	return u
}

// look plans the homes of users.
func (w *world) look(t *testing.T, opt prepare.Options, users ...ldapattr.User) prepare.Plan {
	t.Helper()
	if opt.Template == (prepare.Template{}) {
		template, err := prepare.ParseTemplate(prepare.Private)
		if err != nil {
			t.Fatal(err)
		}
		opt.Template = template
	}
	p, err := prepare.Look(t.Context(), w.sites(t), slices.Values(users), opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// apply does what a plan says and returns what became of it, in words, and the run.
func (w *world) apply(t *testing.T, p prepare.Plan) ([]string, string) {
	t.Helper()
	run, err := w.store.Begin(journal.Header{Command: "test", Domain: "corp.example.com", Kind: journal.Folders, Undoes: p.Undoes})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	engine := prepare.Engine{Sites: w.sites(t), Run: run, GoOn: true, Each: func(r prepare.Result) {
		line := string(r.Entry.Action) + " " + w.short(r.Entry.Location) + ": " + string(r.State)
		said = append(said, line)
	}}
	if err := engine.Apply(t.Context(), p.Changes()); err != nil {
		t.Fatal(err)
	}
	if err := run.End(); err != nil {
		t.Fatal(err)
	}
	return said, run.Header.ID
}

func (w *world) undo(t *testing.T, id string) prepare.Plan {
	t.Helper()
	h, err := w.store.Read(id)
	if err != nil {
		t.Fatal(err)
	}
	return prepare.Undo(w.sites(t), h)
}

func (w *world) short(l homedir.Location) string {
	return strings.ReplaceAll(strings.TrimPrefix(l.String(), share+`\`), `\`, "/")
}

// said is a plan in words.
func (w *world) said(p prepare.Plan) []string {
	var all []string
	for _, e := range p.Entries {
		all = append(all, string(e.Action)+" "+w.short(e.Location)+" for "+e.User)
	}
	return all
}

// tree is what stands in the folder.
func (w *world) tree(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(w.folder, func(path string, d os.DirEntry, err error) error {
		if rel, _ := filepath.Rel(w.folder, path); err == nil && rel != "." {
			all = append(all, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) mkdir(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.MkdirAll(filepath.Join(w.folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}
