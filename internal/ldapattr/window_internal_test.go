package ldapattr

import "testing"

func TestSizeOfPDU(t *testing.T) {
	for _, tt := range []struct {
		octets string
		size   int
		odd    bool
	}{
		{"", 0, false}, {"\x30", 0, false}, {"\x30\x00", 2, false}, {"\x30\x7f", 129, false}, {"\x30\x81", 0, false},
		{"\x30\x81\x80", 131, false}, {"\x30\x84\x00\x00\x00\x05", 11, false}, {"\x30\x82\x01", 0, false},
		{"\x31\x00", 0, true}, {"\x30\x80", 0, true}, {"\x30\x85\x00\x00\x00\x00\x01", 0, true},
		{"\x30\x83\x01\x00\x01", 0, true}, {"\x30\x84\xff\xff\xff\xff", 0, true},
	} {
		if size, err := sizeOfPDU([]byte(tt.octets)); size != tt.size || (err != nil) != tt.odd {
			t.Errorf("%q: %d, %v, want %d", tt.octets, size, err, tt.size)
		}
	}
}

// Octets from the network answer what was asked, each once, or are refused.
func FuzzWindow(f *testing.F) {
	u := User{DN: "CN=a,DC=b"}
	for _, seed := range []string{"", "\x30\x0c\x02\x01\x05\x67\x07\x0a\x01\x00\x04\x00\x04\x00", "\x30\x05\x02\x01\x05\x67\x00", "\x30\x84\x00\x00\x00\x03\x02\x01\x06", "HTTP/1.1"} {
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, octets []byte, piece int) {
		w := &window{brake: &brake{}, first: 5, sent: 2, jobs: []*job{{user: u}, {user: u}, {user: u}}, progress: make(chan struct{}, 1)}
		piece = max(1, piece)
		for rest := octets; len(rest) > 0; {
			n := min(piece, len(rest))
			if err := w.take(rest[:n]); err != nil {
				break
			}
			rest = rest[n:]
		}
		answered := 0
		for _, j := range w.jobs {
			if j.answered {
				answered++
			}
		}
		if answered != w.answered || answered > w.sent || w.jobs[2].answered {
			t.Errorf("%d answers are counted as %d of %d", answered, w.answered, w.sent)
		}
	})
}
