package smbfs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/ftpisoctl/ftpisoctl/internal/secret"
	"github.com/ftpisoctl/ftpisoctl/internal/storage"
	"github.com/ftpisoctl/ftpisoctl/internal/storage/smbfs/smbtest"
)

// What is signed goes the library's way; what is not goes around it.
func TestUpload_directIfUnsigned(t *testing.T) {
	for _, unsigned := range []bool{false, true} {
		t.Run(fmt.Sprint(unsigned), func(t *testing.T) {
			s := &smbtest.Server{Entries: map[string]smbtest.Entry{"": {Attributes: 0x10}}, Lax: true}
			to := Target{Address: net.JoinHostPort("127.0.0.1", s.Start(t)), Host: "fs.example.com", Share: "s"}
			as := Login{Domain: smbtest.Domain, User: smbtest.User, Password: secret.New(smbtest.Password), AllowNTLM: true, Unsigned: unsigned}
			home, err := Dial(t.Context(), to, as, "", storage.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer home.Close()
			upload, err := home.Create(t.Context(), "/new", storage.Replace, 0)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := upload.Write([]byte("octets")); err != nil {
				t.Fatal(err)
			}
			if err := upload.Commit(); err != nil {
				t.Fatal(err)
			}
			ds := &home.link.directs
			if used := ds.last > 0; used != unsigned || len(ds.marked) > 0 || len(ds.expected) > 0 {
				t.Errorf("%d directs, %d and %d of them left", ds.last, len(ds.marked), len(ds.expected))
			}
		})
	}
}

// message is an answer of a server.
func message(command uint16, number uint64, status uint32, body []byte) []byte {
	m := append(append(make([]byte, 0, smbHeader+len(body)), magic...), make([]byte, smbHeader-len(magic))...)
	binary.LittleEndian.PutUint16(m[commandAt:], command)
	binary.LittleEndian.PutUint64(m[messageAt:], number)
	binary.LittleEndian.PutUint32(m[statusAt:], status)
	return append(m, body...)
}

// expecting are directs with one of so many octets, whose answer has the number 7.
func expecting(octets int) (*directs, *direct) {
	ds := &directs{}
	d := ds.begin(make([]byte, octets), 0)
	d.sent, d.message = octets, 7
	ds.expected[7] = d
	return ds, d
}

func TestDirects_answered(t *testing.T) {
	stored := []byte{17, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	for _, tt := range []struct {
		name    string
		in      []byte
		command uint16
		status  uint32
		stored  int
		open    bool
	}{
		{"stored", message(cmdWrite, 7, 0, stored), cmdRead, endOfFile, 60, false},
		{"refused", message(cmdWrite, 7, 0xC000007F, make([]byte, 9)), cmdRead, 0xC000007F, 0, false},
		{"later", message(cmdWrite, 7, statusPending, make([]byte, 9)), cmdRead, statusPending, 0, true},
		{"another's", message(cmdWrite, 8, 0, stored), cmdWrite, 0, 0, true},
		{"of something else", message(cmdRead, 7, 0, stored), cmdRead, 0, 0, true},
		{"too short", message(cmdWrite, 7, 0, stored[:15]), cmdRead, 0, 0, false}, // the library says so
		{"no message", message(cmdWrite, 7, 0, stored)[:63], cmdWrite, 0, 0, true},
	} {
		ds, d := expecting(100)
		ds.answered(tt.in)
		if got := binary.LittleEndian.Uint16(tt.in[commandAt:]); got != tt.command {
			t.Errorf("%s: command %d, want %d", tt.name, got, tt.command)
		}
		if got := binary.LittleEndian.Uint32(tt.in[statusAt:]); got != tt.status {
			t.Errorf("%s: status %#x, want %#x", tt.name, got, tt.status)
		}
		if d.stored != tt.stored || len(ds.expected) > 0 != tt.open {
			t.Errorf("%s: %d are stored, %d expected", tt.name, d.stored, len(ds.expected))
		}
	}
}

// What has been given back is not sent any more, and what is signed is not looked at.
func TestDirects_due(t *testing.T) {
	ds := &directs{}
	d := ds.begin(make([]byte, 10), 0)
	read := message(cmdRead, 7, 0, make([]byte, 49))
	binary.LittleEndian.PutUint32(read[lengthAt:], 10)
	binary.LittleEndian.PutUint64(read[offsetAt:], uint64(d.mark))
	if ds.due(read) != d {
		t.Error("not found")
	}
	signed := bytes.Clone(read)
	signed[flagsAt] |= flagSigned
	if ds.due(signed) != nil || ds.due(read[:writeHeader-1]) != nil {
		t.Error("found in what is signed, or too short")
	}
	ds.end(d)
	if ds.due(read) != nil {
		t.Error("found at its end")
	}
	if n, err := ds.send(d, read, nil); !errors.Is(err, net.ErrClosed) {
		t.Errorf("sent at its end: %d, %v", n, err)
	}
}

// arrivals is a connection that gives what a server has sent.
type arrivals struct {
	net.Conn
	io.Reader
}

func (a arrivals) Read(p []byte) (int, error) { return a.Reader.Read(p) }

// Whatever a server sends, the library gets as many octets, and all are the same but for
// the beginning of the one answer that is expected.
func FuzzAnswers(f *testing.F) {
	frame := func(m []byte) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(m))), m...) }
	f.Add(bytes.Join([][]byte{
		frame(message(cmdRead, 6, 0, make([]byte, 300))), frame(nil), frame([]byte("short")),
		frame(message(cmdWrite, 7, 0, []byte{17, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})), frame(make([]byte, 500)),
	}, nil), uint8(80))
	f.Add(frame(message(cmdWrite, 7, statusPending, make([]byte, 9))), uint8(1))
	f.Fuzz(func(t *testing.T, sent []byte, sip uint8) {
		ds, d := expecting(100)
		w := &wire{Conn: arrivals{Reader: bytes.NewReader(sent)}, lost: func() {}}
		w.directs.marked, w.directs.expected = ds.marked, ds.expected
		w.ready.Store(true)
		var got []byte
		room := make([]byte, max(int(sip), frameHeader))
		for {
			n, err := w.Read(room)
			got = append(got, room[:n]...)
			if err != nil {
				break
			}
		}
		if len(got) != len(sent) || d.stored > 100 || d.stored < 0 {
			t.Fatalf("%d octets of %d, %d stored", len(got), len(sent), d.stored)
		}
		for at := 0; at+frameHeader <= len(sent); {
			next := min(at+frameHeader+int(binary.BigEndian.Uint32(sent[at:])), len(sent))
			look := sent[at:next]
			mine := len(look) >= frameHeader+smbHeader && binary.LittleEndian.Uint64(look[frameHeader+messageAt:]) == 7
			if same := bytes.Equal(look, got[at:next]); !same && !mine {
				t.Fatalf("changed at %d\n%x\n%x", at, look, got[at:next])
			}
			if begin := min(at+frameHeader+answerSize, next); !bytes.Equal(sent[begin:next], got[begin:next]) {
				t.Fatalf("changed behind the beginning, at %d", at)
			}
			at = next
		}
	})
}
