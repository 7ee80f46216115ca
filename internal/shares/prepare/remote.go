package prepare

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strconv"
	"sync"
	"time"

	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// there is a share of a file server.
type there struct {
	*smbfs.Folder
	server *server
	sites  *Sites

	mu    sync.Mutex
	shops map[string]*workshop // by the folder that they are in
}

// workshop is a folder in which directories get their lists before they get their
// names.
type workshop struct {
	once sync.Once
	path string
	err  error
}

// workshopOf is the path of the workshop of a run in a folder. The name says whose it
// is to whoever finds it.
func workshopOf(folder, run string) string { return path.Join(folder, ".ftpisoctl-"+run) }

func (t *there) look(ctx context.Context, path string, descriptor bool) (*spot, error) {
	entry, err := t.Look(ctx, path)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, t.server.lose(err)
	}
	s := &spot{dir: entry.Dir, link: entry.Link}
	if !entry.Created.IsZero() {
		s.created = entry.Created.UTC().Format(time.RFC3339Nano)
	}
	if descriptor && !s.link {
		s.descriptor, err = t.describe(ctx, path)
		s.described = err == nil
	}
	return s, t.server.lose(err)
}

func (t *there) describe(ctx context.Context, path string) (secdesc.Descriptor, error) {
	raw, err := t.Descriptor(ctx, path)
	if err != nil {
		return secdesc.Descriptor{}, err
	}
	d, err := secdesc.Parse(raw)
	if err != nil {
		return d, fmt.Errorf("the descriptor of %s: %w", path, err)
	}
	return d, nil
}

// missing says that nothing stands at a path.
func missing(err error) bool {
	code := winerr.Of(err)
	return err != nil && (code == winerr.FileNotFound || code == winerr.PathNotFound)
}

func (t *there) put(ctx context.Context, e Entry, number int) (*spot, error) {
	path := e.way.Below()
	wanted, given, err := e.wanted()
	switch {
	case err != nil:
		return nil, err
	case !given:
		err = t.Mkdir(ctx, path)
	case e.Action == Repair:
		err = t.repair(ctx, path, wanted)
	default:
		err = t.build(ctx, path, wanted, number)
	}
	if err != nil && !errors.Is(err, ErrOwner) {
		return nil, t.server.lose(err)
	}
	s, looking := t.look(ctx, path, true)
	switch {
	case looking != nil:
	case s == nil:
		looking = winerr.FileNotFound // somebody was faster in taking it away
	case given:
		looking = s.still(wanted, err == nil)
	}
	if looking != nil {
		err = looking
	}
	return s, err
}

// still refuses what has not the list, or the owner, any more that it was given before
// it had its name. The server is asked by path, both times: where others may write to
// the folder above, they can put something else there in between. It stays as it is.
func (s *spot) still(wanted secdesc.Descriptor, owned bool) error {
	err := compare(s.descriptor, wanted)
	if err == nil && owned && wanted.Owner != "" && s.descriptor.Owner != wanted.Owner {
		err = fmt.Errorf("it belongs to %s", s.descriptor.Owner)
	}
	if err != nil {
		return fmt.Errorf("%w: %v", errChanged, err)
	}
	return nil
}

// errChanged says that a directory is not any more as it was made a moment ago.
var errChanged = fmt.Errorf("somebody has changed it right after it was made, and it is left as it is: %w", winerr.AlreadyExists)

// build makes a directory in the workshop, gives it its list there, reads the list
// back, and then gives it its name.
func (t *there) build(ctx context.Context, final string, wanted secdesc.Descriptor, number int) error {
	shop, err := t.workshop(ctx, parent(final))
	if err != nil {
		return err
	}
	bench := path.Join(shop, strconv.Itoa(number))
	if err := t.Mkdir(ctx, bench); err != nil {
		return err
	}
	owner, err := t.dress(ctx, bench, wanted)
	if err == nil {
		err = t.Rename(ctx, bench, final)
	}
	if err != nil && !Lost(err) {
		err = errors.Join(err, t.RemoveEmpty(context.WithoutCancel(ctx), bench))
	}
	if err == nil && !owner {
		return ErrOwner
	}
	return err
}

// dress gives a directory a descriptor, without its owner where the server does not
// take that, and makes sure that it keeps it.
func (t *there) dress(ctx context.Context, path string, wanted secdesc.Descriptor) (owner bool, err error) {
	wanted.Group, wanted.SACL = "", nil
	err = t.SetDescriptor(ctx, path, written(wanted))
	owner = err == nil
	if err != nil && wanted.Owner != "" && !Lost(err) && ctx.Err() == nil {
		mine := wanted
		mine.Owner = ""
		err = t.SetDescriptor(ctx, path, written(mine))
	}
	if err != nil {
		return false, err
	}
	kept, err := t.describe(ctx, path)
	if err == nil {
		err = compare(kept, wanted)
	}
	return owner && (wanted.Owner == "" || kept.Owner == wanted.Owner), err
}

// compare refuses what a server has made of a list where it lets in somebody whom
// the list did not name, or leaves out somebody whom it did: a disk that knows no
// such lists keeps what it can.
func compare(kept, wanted secdesc.Descriptor) error {
	if list(kept) == list(wanted) {
		return nil
	}
	if kept.DACL == nil {
		return fmt.Errorf("the server keeps no access list: %w", winerr.NotSupported)
	}
	for _, e := range append(kept.DACL.Entries, wanted.DACL.Entries...) {
		one := secdesc.Token{SIDs: []secdesc.SID{e.SID}}
		before, now := secdesc.Effective(wanted, one), secdesc.Effective(kept, one)
		if e.SID != secdesc.CreatorOwner && e.SID != secdesc.CreatorGroup && now.Possible != before.Possible {
			return fmt.Errorf("the server does not keep the access list: %s was to have %s and has %s: %w", e.SID,
				before.Possible.Text(secdesc.File), now.Possible.Text(secdesc.File), winerr.NotSupported)
		}
	}
	return nil
}

// repair gives a directory that is there another list and owner.
func (t *there) repair(ctx context.Context, path string, wanted secdesc.Descriptor) error {
	owner, err := t.dress(ctx, path, wanted)
	if err == nil && !owner {
		return ErrOwner
	}
	return err
}

// workshop makes the workshop in a folder, once. Only administrators and whoever
// works in it get in, and so nobody gets hold of a directory before it has its list.
func (t *there) workshop(ctx context.Context, folder string) (string, error) {
	t.mu.Lock()
	shop := t.shops[folder]
	if shop == nil {
		shop = &workshop{path: workshopOf(folder, t.sites.run)}
		t.shops[folder] = shop
	}
	t.mu.Unlock()
	shop.once.Do(func() {
		shop.err = t.Mkdir(ctx, shop.path)
		if winerr.Of(shop.err) == winerr.AlreadyExists {
			shop.err = fmt.Errorf("%s is there already: %w", shop.path, shop.err)
		}
		if shop.err == nil {
			shop.err = t.SetDescriptor(ctx, shop.path, workshopList(t.sites.as.SID))
		}
	})
	return shop.path, shop.err
}

func workshopList(as secdesc.SID) []byte {
	d, err := secdesc.ParseSDDL("D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)", "")
	if err != nil {
		panic(err) // the text is ours
	}
	if as != "" {
		mine := d.DACL.Entries[0]
		mine.SID = as
		d.DACL.Entries = append(d.DACL.Entries, mine)
	}
	return d.Bytes()
}

// clear removes the workshops of a run, with the empty directories in them that never
// got their names.
func (t *there) clear(ctx context.Context, shop string) error {
	var left []string
	for entry, err := range t.Entries(ctx, shop) {
		if missing(err) {
			return nil
		}
		if err != nil {
			return t.server.lose(err)
		}
		left = append(left, entry.Name)
	}
	var failed error
	for _, name := range left {
		failed = errors.Join(failed, t.RemoveEmpty(ctx, path.Join(shop, name)))
	}
	if failed == nil {
		failed = t.RemoveEmpty(ctx, shop)
	}
	if missing(failed) {
		failed = nil
	}
	return t.server.lose(failed)
}

func (t *there) remove(ctx context.Context, path string) error {
	return t.server.lose(t.RemoveEmpty(ctx, path))
}
