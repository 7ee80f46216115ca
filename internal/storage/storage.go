// Package storage is the contract between the FTP engine and whatever holds a
// home: a confined root of files. localfs, native, smbfs and memfs implement it, and
// storagetest says what an implementation must do.
//
// Names are absolute, slash-separated and clean, as Resolve returns them; any
// other name is winerr.InvalidName. "/" is the home. Nothing outside the home can
// be named, and no symbolic link or reparse point is followed. Errors wrap a
// winerr.Code (or an error that winerr.Of understands) and never hold the place
// behind the home.
//
// What is missing is winerr.FileNotFound, and winerr.PathNotFound where a parent
// is missing or no directory. A call with a directory where a file is wanted is
// winerr.AccessDenied, the other way round winerr.Directory. While a file is
// being uploaded it can be described and listed; to read, upload, delete or rename
// it, or to rename a directory above it, is winerr.SharingViolation. So it is to
// Append to or Resume a file that is being downloaded: the download would be torn.
// After Close, and after the connection to a server is lost, everything is
// winerr.NetNameDeleted.
package storage

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"time"
)

// FS is one opened home. Its methods may be called from several goroutines.
type FS interface {
	// Stat describes a regular file or a directory. A link, a device, a pipe or
	// anything on another device is winerr.CantAccessFile.
	Stat(ctx context.Context, name string) (fs.FileInfo, error)
	// Lstat describes the entry itself, also a link.
	Lstat(ctx context.Context, name string) (fs.FileInfo, error)
	// List opens a directory: errors of opening come from List, later ones from
	// the iterator, which ends with them. Entries stream in storage order, each
	// with the base name; "." and "..", links and special files, and uploads
	// under a temporary name are left out; what the storage marks as hidden comes
	// as Marked. Breaking the loop releases the directory; a List that is never
	// ranged over holds no resource.
	List(ctx context.Context, name string) (iter.Seq2[fs.FileInfo, error], error)
	// Open opens a regular file for reading from offset, which may not exceed
	// the size (winerr.HandleEOF). A file that is being written is
	// winerr.SharingViolation, as far as the storage can tell. The result is an
	// *os.File, or embeds or delegates to one, where the file is local.
	Open(ctx context.Context, name string, offset int64) (io.ReadCloser, error)
	// Create begins an upload. The offset is 0 (winerr.InvalidParameter) but for
	// Resume, where it may not exceed the present size (winerr.HandleEOF).
	Create(ctx context.Context, name string, d Disposition, offset int64) (Upload, error)
	// Mkdir makes one directory; its parent must exist (winerr.PathNotFound).
	Mkdir(ctx context.Context, name string) error
	// Remove deletes a regular file; a directory is winerr.AccessDenied.
	Remove(ctx context.Context, name string) error
	// RemoveDir deletes an empty directory (winerr.DirNotEmpty otherwise); a
	// file is winerr.Directory, the home itself winerr.AccessDenied.
	RemoveDir(ctx context.Context, name string) error
	// Rename moves a file or directory. Where the target exists it fails with
	// winerr.AlreadyExists, unless replace is set and both are files, or the names
	// are one entry in two letter cases. A directory does not go below itself
	// (winerr.InvalidParameter), and the home goes nowhere (winerr.AccessDenied).
	Rename(ctx context.Context, from, to string, replace bool) error
	// SetModTime sets the time of last change of a file or directory.
	SetModTime(ctx context.Context, name string, t time.Time) error
	// Statfs tells the space on the volume that holds the home, as far as the
	// login may use it.
	Statfs(ctx context.Context) (Space, error)
	// Close releases the home. Uploads that were not committed are aborted.
	Close() error
}

// Disposition says what an upload does to a file of its name.
type Disposition uint8

// The dispositions.
const (
	Replace Disposition = iota // STOR: the file appears, whole, at Commit
	New                        // STOU: as Replace, but an existing name is winerr.AlreadyExists
	Append                     // APPE: bytes are added at the end, the file is made if absent
	Resume                     // REST and STOR: bytes overwrite from the offset on, which ends the file
)

// Upload is a file that is being written. Exactly one of Commit and Abort ends
// it. A Write that succeeds has taken the bytes; where the storage writes them
// later, an error shows at a later Write, at Flush or at Commit.
type Upload interface {
	io.Writer
	// Commit makes the upload what the file of its name holds. When it returns
	// nil the storage has taken every byte, and further calls return nil too.
	// When it fails it has done what Abort(false) does, as far as the storage
	// still answers. After any other end it is fs.ErrClosed.
	Commit() error
	// Abort ends the upload without success. With keep, what has arrived stays
	// under the name (keepPartialUploads); without, Replace and New leave what
	// was there before, Append and Resume cut the file back to where they began,
	// or delete it if they made it. After the end it does nothing.
	Abort(keep bool) error
}

// Flush returns when the storage holds every byte that u has taken, or tells why
// it does not. After an error u can still be aborted and kept, which it cannot
// after a Commit that has failed.
func Flush(u Upload) error {
	if later, ok := u.(interface{ Flush() error }); ok {
		return later.Flush()
	}
	return nil
}

// Space is the room on a volume, in bytes.
type Space struct {
	Total, Free uint64
}

// Options are what every kind of storage obeys.
type Options struct {
	SyncUploads bool // Commit returns after the bytes are on stable storage
	// ReadUploads lets Open succeed on a file that is being uploaded: on what it
	// was, or on what has arrived. On SMB it does nothing: the server would not
	// let the upload have its name as long as the download has the file open.
	ReadUploads bool
	// Trusted names folders of this machine. A local home may enter what is
	// mounted below it if one of them lies on the same volume; one that is not
	// there counts for nothing.
	Trusted []string
	// OpenFiles makes sessions see each other's uploads; nil: each home alone.
	OpenFiles *OpenFiles
}
