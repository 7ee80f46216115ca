// Package listing makes the text of LIST and NLST.
package listing

import (
	"errors"
	"io"
	"io/fs"
	"iter"
	"time"
)

var errSkeleton = errors.New("not built yet")

// Style is how a session's long lines look (IIS directoryBrowse showFlags).
type Style struct {
	Unix     bool // UNIX style instead of MS-DOS style
	LongDate bool // four-digit years in MS-DOS style
	GMT      bool // times in UTC instead of the zone of now
}

// Append adds one long line with CRLF. Times are shown in the zone of now.
func (s Style) Append(dst []byte, info fs.FileInfo, now time.Time) []byte { return dst }

// Options are the letters of LIST that have an effect.
type Options struct{ All bool }

// ParseLIST splits the argument of LIST.
func ParseLIST(arg string) (opts Options, name string) { return Options{}, arg }

// Format is the layout of NLST.
type Format uint8

// The layouts.
const (
	OnePerLine Format = iota // -1, the default
	Columns                  // -C
	Long                     // -l
)

// NLSTOptions are the letters of NLST that have an effect.
type NLSTOptions struct {
	Format   Format
	Classify bool // -F
	All      bool // -a, -A
}

// ParseNLST splits the argument of NLST.
func ParseNLST(arg string) (opts NLSTOptions, name string) { return NLSTOptions{}, arg }

// Match reports whether name matches pattern.
func Match(pattern, name string) bool { return false }

// SplitPattern separates a wildcard in the last component of a path argument.
// Without one, pattern is "" and dir is the whole argument.
func SplitPattern(arg string) (dir, pattern string) { return arg, "" }

// Sorted orders up to 10,000 entries by name; more are passed on as they come.
func Sorted(entries iter.Seq2[fs.FileInfo, error]) iter.Seq2[fs.FileInfo, error] { return entries }

// List is the answer to one LIST.
type List struct {
	Style   Style
	Options Options
	Pattern string    // "" = all
	Now     time.Time // for the zone and the year rule
}

// Write sorts, filters and prints entries to w.
func (l List) Write(w io.Writer, entries iter.Seq2[fs.FileInfo, error]) error { return errSkeleton }

// Names is the answer to one NLST.
type Names struct {
	Style   Style // for -l
	Options NLSTOptions
	Dir     string    // directory as the client gave it, "" for none; names are prefixed by it
	Pattern string    // "" = all
	Now     time.Time // for -l
}

// Write sorts, filters and prints entries to w.
func (n Names) Write(w io.Writer, entries iter.Seq2[fs.FileInfo, error]) error { return errSkeleton }
