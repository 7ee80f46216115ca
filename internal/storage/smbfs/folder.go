package smbfs

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/cloudsoda/go-smb2"

	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/winerr"
)

// Folder is a share as an administrator sees it: what stands at a path, who may
// do what there, and how much room is left. Paths begin at the share's root and
// take either separator; "" is the root. A name that Windows would not store as it
// is, or a short (8.3) one, is winerr.InvalidName. No way leads through a reparse
// point (winerr.CantAccessFile). It may be used from several goroutines.
type Folder struct{ tree }

// Entry is what stands at a path.
type Entry struct {
	Name    string // base name; "" for the share's root
	Dir     bool
	Link    bool // a reparse point of any kind: link, junction, mount point, stub of a filter
	Offline bool // its content is not on the disk of the file server; reading waits for it
	// Attributes are the file's attributes as Windows numbers them [MS-FSCC 2.6].
	Attributes uint32
	Size       int64 // bytes
	ModTime    time.Time
	Created    time.Time // tells an entry from a later one of its name
}

// Space is the room of a volume, in bytes.
type Space struct {
	Total     uint64 // for this login: on Windows, its quota
	Free      uint64 // on the volume
	Available uint64 // for this login; less than Free where a quota binds it
}

// Folder connects to a share of the server, "" being the target's. The session
// may have several, and keeps them; a share that the server does not have is
// winerr.BadNetName.
func (s *Session) Folder(ctx context.Context, share string) (*Folder, error) {
	if share == "" {
		share = s.target.Share
	}
	mounted, err := s.mount(ctx, share)
	if err != nil {
		return nil, err
	}
	return &Folder{tree{s.link, mounted}}, nil
}

// Close leaves the share. The session goes on.
func (f *Folder) Close() error {
	return f.call(context.Background(), func(share *smb2.Share) error { return share.Umount() })
}

// folderParts splits a path from the share's root.
func folderParts(path string) ([]string, error) {
	return storage.Parts("/" + strings.Trim(strings.ReplaceAll(path, `\`, "/"), "/"))
}

// reach splits a path and checks the way to it.
func (f *Folder) reach(ctx context.Context, path string) ([]string, error) {
	parts, err := folderParts(path)
	if err != nil || len(parts) == 0 {
		return parts, err
	}
	// All of it lies above what is asked for: the right to go through is enough.
	way := home{tree: f.tree, base: parts[:len(parts)-1]}
	return parts, way.parents(ctx, parts)
}

// entry describes what is no reparse point itself.
func (f *Folder) entry(ctx context.Context, path string) ([]string, *smb2.FileStat, error) {
	parts, err := f.reach(ctx, path)
	if err != nil {
		return nil, nil, err
	}
	stat, err := f.look(ctx, parts)
	if err == nil && stat.Mode()&fs.ModeSymlink != 0 {
		err = winerr.CantAccessFile
	}
	return parts, stat, err
}

// Look describes what stands at the path, a reparse point too.
func (f *Folder) Look(ctx context.Context, path string) (Entry, error) {
	parts, err := f.reach(ctx, path)
	if err != nil {
		return Entry{}, wrap("look at", path, err)
	}
	stat, err := f.look(ctx, parts)
	if err != nil {
		return Entry{}, wrap("look at", path, err)
	}
	return entryOf(stat), nil
}

// Attributes of content that a filter or another tier keeps [MS-FSCC 2.6].
const attributesOffline = 0x1000 | 0x40000 | 0x400000 // OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS

func entryOf(stat *smb2.FileStat) Entry {
	return Entry{
		Name: stat.Name(), Dir: stat.IsDir(), Link: stat.Mode()&fs.ModeSymlink != 0, Offline: stat.FileAttributes&attributesOffline != 0,
		Attributes: stat.FileAttributes, Size: stat.Size(), ModTime: stat.ModTime(), Created: stat.CreationTime,
	}
}

// Entries streams what a directory holds, in the order of the server. The first
// error is the last thing that comes.
func (f *Folder) Entries(ctx context.Context, path string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := f.list(ctx, path, func(e Entry) bool { return yield(e, nil) }); err != nil {
			yield(Entry{}, wrap("list", path, err))
		}
	}
}

// list calls take for each entry until it has enough.
func (f *Folder) list(ctx context.Context, path string, take func(Entry) bool) error {
	const batch = 256
	parts, stat, err := f.entry(ctx, path)
	if err == nil && !stat.IsDir() {
		err = winerr.Directory
	}
	if err != nil {
		return err
	}
	dir, err := f.openFile(ctx, parts, readOnly)
	if err != nil {
		return err
	}
	defer func() { _ = f.closeFile(dir) }()
	for next := f.readdir(ctx, dir); ; {
		entries, err := next(batch)
		for _, info := range entries {
			stat, ok := info.Sys().(*smb2.FileStat)
			// No file system has such a name: a caller would go astray with it.
			if !ok || stat.FileName == "" || strings.ContainsAny(stat.FileName, `\/`) {
				continue
			}
			if !take(entryOf(stat)) {
				return nil
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Space tells the room on the volume that holds the directory.
func (f *Folder) Space(ctx context.Context, path string) (Space, error) {
	parts, _, err := f.entry(ctx, path)
	var space Space
	if err == nil {
		space, err = f.space(ctx, parts)
	}
	return space, wrap("space at", path, err)
}

// space asks for FileFsFullSizeInformation [MS-FSCC 2.5.4], which knows the caller's
// share of the room from the room itself.
func (t *tree) space(ctx context.Context, path []string) (space Space, err error) {
	err = t.call(ctx, func(share *smb2.Share) error {
		info, err := share.Statfs(join(path))
		if err == nil {
			block := info.BlockSize()
			space = Space{octets(info.TotalBlockCount(), block), octets(info.FreeBlockCount(), block), octets(info.AvailableBlockCount(), block)}
		}
		return err
	})
	return space, err
}

// octets multiplies what a server says, which may be nonsense.
func octets(blocks, size uint64) uint64 {
	if size > 0 && blocks > math.MaxInt64/size {
		return math.MaxInt64
	}
	return blocks * size
}
