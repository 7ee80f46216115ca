package prepare

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"

	"github.com/ftpisoctl/ftpisoctl/internal/homedir"
	"github.com/ftpisoctl/ftpisoctl/internal/secdesc"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// here is an admitted folder of this machine. It is worked on with the rights of the
// process, and nothing in it leads out of it.
type here struct {
	root   storage.FS
	folder homedir.Location
}

// name is a path below the folder as its storage has it.
func name(path string) string { return "/" + path }

// place is the path as the system has it.
func (h *here) place(path string) string {
	return filepath.Join(h.folder.String(), filepath.FromSlash(path))
}

func (h *here) look(ctx context.Context, path string, descriptor bool) (*spot, error) {
	info, err := h.root.Lstat(ctx, name(path))
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &spot{dir: info.IsDir(), link: !info.IsDir() && !info.Mode().IsRegular(), created: identity(h.place(path), info)}
	if info.Mode()&fs.ModeIrregular != 0 { // a junction, or a mount
		s.link = true
	}
	if descriptor && !s.link {
		s.descriptor, s.described, err = describe(h.place(path))
	}
	return s, err
}

func (h *here) put(ctx context.Context, e Entry, _ int) (*spot, error) {
	path := e.way.Below()
	wanted, given, err := e.wanted()
	switch {
	case err != nil:
		return nil, err
	case e.Action == Repair:
		err = redress(h.place(path), wanted)
	case !given || !lists:
		err = h.root.Mkdir(ctx, name(path))
	default:
		// The way is looked at first: what makes a directory with a list follows links.
		if _, err = h.root.Stat(ctx, name(parent(path))); err == nil {
			err = mkdir(h.place(path), wanted)
		}
		if err == nil || errors.Is(err, ErrOwner) {
			err = errors.Join(err, h.kept(ctx, path, wanted))
		}
	}
	if err != nil && (!errors.Is(err, ErrOwner) || winerr.Of(err) != 0) {
		return nil, err
	}
	s, looking := h.look(ctx, path, true)
	if looking == nil && s == nil {
		looking = winerr.FileNotFound
	}
	return s, errors.Join(err, looking)
}

// kept makes sure that the disk keeps the list of a new directory, which goes if it
// does not.
func (h *here) kept(ctx context.Context, path string, wanted secdesc.Descriptor) error {
	s, err := h.look(ctx, path, true)
	if err == nil && s == nil {
		err = winerr.FileNotFound
	}
	if err == nil {
		err = compare(s.descriptor, wanted)
	}
	if err != nil {
		return errors.Join(err, h.remove(context.WithoutCancel(ctx), path))
	}
	return nil
}

func (h *here) remove(ctx context.Context, path string) error {
	return h.root.RemoveDir(ctx, name(path))
}
