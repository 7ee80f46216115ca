// Package w3clog writes the access log in the W3C extended format of Microsoft FTP.
package w3clog

import (
	"errors"
	"io"
	"net/netip"
	"time"
)

var errSkeleton = errors.New("not built yet")

// Entry is one row.
type Entry struct {
	Time          time.Time
	Client        netip.AddrPort
	Server        netip.AddrPort // on data rows the data port
	User          string         // DOMAIN\user, "" before login
	Method, Stem  string         // as the client typed them
	Status        int            // 0 on pseudo-method rows
	Win32         uint32
	SubStatus     int
	BytesSent     int64
	BytesReceived int64
	TimeTaken     time.Duration
	Session       string // the same GUID for all rows of a session
	FullPath      string // virtual path
	Host          string
	Site          string
	Computer      string
}

// Config says where and what to write.
type Config struct {
	Directory         string
	Fields            []string // nil = DefaultFields
	LocalTimeRollover bool
}

// DefaultFields are IIS's default columns in order.
func DefaultFields() []string { return nil }

// Writer writes rows. It may be used from several goroutines.
type Writer struct{}

// Open opens today's file.
func Open(cfg Config) (*Writer, error) { return nil, errSkeleton }

// NewWriter writes header and rows to w.
func NewWriter(w io.Writer, fields ...string) (*Writer, error) { return nil, errSkeleton }

// Write adds one row.
func (w *Writer) Write(e Entry) error { return errSkeleton }

// Failures counts rows that could not be written.
func (w *Writer) Failures() uint64 { return 0 }

// Close closes the file.
func (w *Writer) Close() error { return nil }
